import type postgres from "postgres";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Database, Parameter, ResultRow } from "../sql/database.ts";

/** Runs a statement on a transaction's connection; rejects with `Unavailable` when that is lost. */
export type Asking = (
  connection: postgres.TransactionSql,
  sql: string,
  parameters: readonly Parameter[],
) => Promise<readonly ResultRow[]>;

/** The result of a transaction's work; an error that it threw says nothing about the database. */
export type Ended<Value> = { readonly value: Value } | { readonly thrown: unknown };

/** Undoes the transaction, for what its work threw. */
class Undo {
  readonly thrown: unknown;
  constructor(thrown: unknown) {
    this.thrown = thrown;
  }
}

/**
 * Runs `work` as a transaction, which is undone when it throws. Rejects when the connection is
 * lost. Nothing is sent on it from then on, be it by the work or by the driver to end the
 * transaction: the driver would throw where nobody catches it.
 */
export const transact = async <Value>(
  sql: postgres.Sql,
  ask: Asking,
  work: (transaction: Database) => Promise<Value>,
): Promise<Ended<Value>> => {
  let isOver = false;
  let lose = (_why: unknown): void => {};
  const lost = new Promise<never>((_, reject) => {
    lose = reject;
  });
  const queryOn = (connection: postgres.TransactionSql): Database["query"] => async (...asked) => {
    if (isOver) throw new Unavailable("the connection of the transaction was lost");
    const [text, parameters] = asked;
    try {
      return await ask(connection, text, parameters);
    } catch (error) {
      isOver ||= error instanceof Unavailable;
      if (isOver) lose(error);
      throw error;
    }
  };
  const done = sql.begin(async (connection) => {
    const ended = await work({ query: queryOn(connection) })
      .then((value) => ({ value }), (thrown: unknown) => new Undo(thrown));
    // Its caller has been answered, and the driver must not go on.
    if (isOver) return await new Promise<never>(() => {});
    if (ended instanceof Undo) throw ended;
    return ended;
  });
  try {
    return await Promise.race([done, lost]);
  } catch (error) {
    if (error instanceof Undo) return error;
    throw error;
  } finally {
    isOver = true;
  }
};
