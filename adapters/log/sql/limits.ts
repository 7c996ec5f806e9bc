/**
 * Lifts the limits that a role or a database has for statements, sessions and locks, until the end
 * of the transaction: for work that takes as long as there are events, such as a rebuild or a
 * migration. What serves callers keeps to them.
 */
export const WITHOUT_LIMITS = `
select set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true),
  set_config('idle_in_transaction_session_timeout', '0', true),
  case when current_setting('transaction_timeout', true) is not null
    then set_config('transaction_timeout', '0', true) end`;
