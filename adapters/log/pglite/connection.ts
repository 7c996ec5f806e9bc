import type { PGlite } from "@electric-sql/pglite";
import type { Database, Parameter, ResultRow } from "../sql/database.ts";
import { type Answer, Message, readAnswer } from "./wire.ts";

/** How many statements stay prepared; the oldest is forgotten first. */
const MAX_STATEMENTS = 256;

/** A database, and how many bytes were sent to it so far. */
export type Connection = Database & { sent(): number };

type Prepared = { readonly name: string; readonly columns: readonly string[] };

const joined = (chunks: readonly Uint8Array[]): Uint8Array => {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return first;
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
};

/**
 * The one connection of a PGlite. PGlite answers a message within the call that hands it over and
 * each message here is a whole transaction, so calls cannot come between one another: the call
 * itself is the mutex. Nobody may use the PGlite by other ways meanwhile.
 *
 * `failure` tells of a sync to disk that failed. PGlite swallows what goes wrong inside of it, so
 * that a commit looks done that is not; therefore nothing is acknowledged after a failure.
 */
export const connect = (pglite: PGlite, failure: () => Error | null): Connection => {
  const message = new Message();
  const statements = new Map<string, Prepared>();
  let made = 0;
  let sent = 0;
  let broken: Error | null = null;

  const exchange = (known: readonly string[]): Answer => {
    const chunks: Uint8Array[] = [];
    const bytes = message.finish();
    sent += bytes.length;
    // With a callback, PGlite does not also parse and keep every answer for itself. A rejection
    // leaves no finished answer, which is looked at below.
    pglite.execProtocolRawStream(bytes, {
      syncToFs: false,
      onRawData: (chunk) => chunks.push(chunk.slice()),
    }).catch(() => {});
    const answer = readAnswer(joined(chunks), known);
    broken = failure() ?? (answer.finished ? null : new Error("the database stopped answering"));
    if (broken !== null) throw broken;
    return answer;
  };

  const forgetOldest = (): void => {
    const [oldest] = statements;
    if (oldest === undefined || statements.size < MAX_STATEMENTS) return;
    const [sql, { name }] = oldest;
    statements.delete(sql);
    message.forget(name);
  };

  const run = (sql: string, parameters: readonly Parameter[]): readonly ResultRow[] => {
    if (broken !== null) throw broken;
    message.begin();
    const known = statements.get(sql);
    const name = known?.name ?? `s${made += 1}`;
    if (known === undefined) {
      forgetOldest();
      message.parse(name, sql);
    }
    message.run(name, parameters);
    message.sync();
    const answer = exchange(known?.columns ?? []);
    if (answer.parsed) statements.set(sql, { name, columns: answer.columns ?? [] });
    if (answer.error !== null) throw answer.error;
    return answer.rows;
  };

  return {
    sent: () => sent,
    query: (sql, parameters) => {
      try {
        return Promise.resolve(run(sql, parameters));
      } catch (error) {
        return Promise.reject(error);
      }
    },
  };
};
