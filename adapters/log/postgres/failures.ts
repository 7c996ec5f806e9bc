/**
 * Sentences for the errors of PostgreSQL, its driver and the network when a statement has no
 * answer.
 */
import postgres from "postgres";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { tag } from "../../../core/values/tag.ts";
import { isWorkerd } from "./drivers.ts";
import { Silence } from "./silent-database.ts";

/**
 * What a server says when it is not available (PostgreSQL's documentation, appendix A): shut down,
 * crashed or starting, no space left for connections, on the disk or in memory, a statement
 * cancelled or a session ended by a time limit, trouble of a pooler with its connection (58000 is
 * Hyperdrive's), a user or a password that is not (or no longer) right, no such database, an
 * unknown setting in the URL, and rights or tables that do not exist, as while they are restored.
 * Another statement repairs none of it; the operator can repair all of it.
 */
const AWAY =
  /^(?:57P0[1235]|57014|25P0[34]|53...|08...|58...|28...|3D000|3F000|42704|42501|42P01)$/;
/** It has become a standby, and the connection with it. */
const READ_ONLY = "25006";

/**
 * The sentence, and the kind of trouble: `writes` where it surely wrote nothing and the server is
 * not ready, `connections` where existing ones may go on, `limits` where one statement took longer
 * than its role or the database allows, and others are answered; `sessions` where it ended the
 * connection.
 */
export type Trouble = {
  readonly code: RegExp;
  readonly kind: "writes" | "connections" | "limits" | "sessions";
  readonly words: string;
};

const TROUBLES: readonly Trouble[] = [
  { code: /^53100$/, kind: "writes", words: "the database has no space left on its disk" },
  { code: /^25006$/, kind: "writes", words: "the database is read-only, as a standby is" },
  { code: /^42501$/, kind: "writes", words: "the database's user lacks a right" },
  { code: /^(?:42P01|3F000)$/, kind: "writes", words: "a table is missing in the database" },
  { code: /^53300$/, kind: "connections", words: "the database takes no more connections" },
  { code: /^(?:28...|3D000)$/, kind: "connections", words: "the database lets nobody connect" },
  { code: /^53/, kind: "connections", words: "the database is short of a resource" },
  { code: /^57014$/, kind: "limits", words: "the database called a statement off" },
  { code: /^55P03$/, kind: "limits", words: "the database did not give a lock in time" },
  { code: /^25P0[34]$/, kind: "limits", words: "the database ended a transaction for its time" },
  { code: /^57P0[12]$/, kind: "sessions", words: "the database ended the connection" },
  { code: /^57P03$/, kind: "sessions", words: "the database takes no connections yet, or no more" },
  {
    code: /^(?:CONNECTION_|ECONNRESET$|EPIPE$)/,
    kind: "sessions",
    words: "the connection to the database was lost",
  },
  { code: /^57P05$/, kind: "limits", words: "the database ended an idle session" },
];

/** PostgreSQL's or the system's code of an error; "" where there is no code. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";

/** The database refused to write; its `code` says that surely nothing was written. */
export class Refused extends Unavailable {
  static {
    tag(this, "Refused");
  }
  readonly code: string;
  constructor({ message, reason }: Unavailable, code: string, cause: unknown) {
    super(message, cause, reason);
    this.code = code;
  }
}

/**
 * Whether an error says that the database cannot be used now, and not that a statement is wrong.
 */
export const isAway = (error: unknown): boolean =>
  error instanceof postgres.PostgresError
    ? AWAY.test(error.code) || error.code === READ_ONLY
    // An error of the driver, the socket or its TLS has a code, or on workerd is a plain Error; any
    // other error without a code was thrown by the work of a transaction, or is a bug here.
    : error instanceof Error && ("code" in error || isWorkerd() && error.name === "Error");

/** Whether the connections may never say anything again, or may not write any more. */
export const mustBeLeft = (error: unknown): boolean =>
  error instanceof Silence || isOfStandby(error);

/** Whether it says that the session does not write: others may, as after a failover. */
export const isOfStandby = (error: unknown): boolean => codeOf(error) === READ_ONLY;

const wordsOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.message === "" && "code" in error ? String(error.code) : error.message;
};

/**
 * What kind of trouble an error shows, with our sentence; undefined where the server does not
 * answer.
 */
export const troubleOf = (error: unknown): Trouble | undefined =>
  TROUBLES.find(({ code }) => code.test(codeOf(error)));

/** The error for callers, with a sentence that says what is wrong. */
export const toUnavailable = (error: unknown): Unavailable => {
  if (error instanceof Unavailable) return error;
  const words = troubleOf(error)?.words ?? "the database cannot be reached";
  const reason = isOfStandby(error) ? "read-only" : null;
  return new Unavailable(`${words}: ${wordsOf(error)}`, error, reason);
};

/** An error of a statement; that a lock was not given in time is Unavailable, with its code. */
export const toRefusedLock = (error: unknown): unknown => {
  if (codeOf(error) !== "55P03" || error instanceof Unavailable) return error;
  return new Refused(toUnavailable(error), codeOf(error), error);
};
