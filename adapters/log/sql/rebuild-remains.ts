/** What a rebuild that did not end has left; every start looks for it. */

// Any number will do that nothing else uses.
/** The advisory lock of the one rebuild that there may be. */
export const REBUILD_LOCK = 7_153_446_202;

/**
 * How long a leftover may be waited for: a statement of the rebuild that failed may go on with it.
 */
const CLEAN_WAIT = "250ms";

/** Whether a rebuild left something, or is under way. */
export const HAS_NEXT = "to_regnamespace('ledgerline_next') is not null";

/**
 * Drops what an unfinished rebuild left, unless one is under way. What cannot be dropped now, for a
 * missing right or a lock, the next rebuild or the next start drops.
 */
export const CLEAN_NEXT: string = `
do $next$
begin
  perform set_config('lock_timeout', '${CLEAN_WAIT}', true);
  if ${HAS_NEXT} and pg_try_advisory_xact_lock(${REBUILD_LOCK}) then
    drop schema ledgerline_next cascade;
  end if;
exception when insufficient_privilege or lock_not_available then null;
end
$next$`;
