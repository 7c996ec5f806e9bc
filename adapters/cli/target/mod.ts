/** What commands speak to: a server's `/ledger` and `/admin`, or the same in this process. */
import { type CommandFailed, failureOf, type Reply } from "../failures.ts";

/** On whose behalf a command asks: the operator's, or that of the organization that was named. */
export type Whose = "operator" | "organization";

/** A request. */
export type Question = {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  /** On whose behalf; nobody's is without a token. */
  readonly as: Whose | "nobody";
  /** The request's key: with the same key it is done once. */
  readonly key?: string;
  /** Whether the answer may take as long as all of a carrier's numbers do. */
  readonly isLong?: boolean;
};

/** Where a command's requests go. */
export type Target = {
  /** What to call it: the server's URL, or the folder or database. */
  readonly where: string;
  /** Whose calls an organization's are here; null at a server, where the token says it. */
  readonly organization: string | null;
  /** The answer, whatever its status; throws a `CommandFailed` where there is none. */
  readonly ask: (question: Question) => Promise<Reply>;
  readonly close: () => Promise<void>;
};

/** Which target a command line names. */
export type Place = {
  /** A server's URL; undefined: the environment's, else the folder or database. */
  readonly url: string | undefined;
  /** The folder or database, whatever server the environment names. */
  readonly isLocal: boolean;
  /** Whose call it is. */
  readonly organization: string | undefined;
};

/** The variables that a command reads. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a path is made of: each value is one segment. */
export const path = (texts: TemplateStringsArray, ...values: readonly string[]): string =>
  texts.map((text, index) => text + encodeURIComponent(values[index] ?? "")).join("");

/** Where the calls about a number are: the organization's own, or the operator's. */
export const numberPath = (as: Whose, id: string): string =>
  as === "operator" ? path`/admin/numbers/${id}` : path`/ledger/numbers/${id}`;

/** A path with a query of what is not undefined. */
export const withQuery = (
  to: string,
  query: Readonly<Record<string, string | undefined>>,
): string => {
  const given = Object.entries(query).filter((entry): entry is [string, string] =>
    entry[1] !== undefined
  );
  return given.length === 0 ? to : `${to}?${new URLSearchParams(given)}`;
};

/** The answer to a request that is to succeed; throws the failure that it was refused by. */
export const call = async (
  target: Target,
  question: Question,
): Promise<{ readonly status: number; readonly json: unknown }> => {
  const reply = await target.ask(question);
  if (reply.status >= 200 && reply.status < 300) return reply;
  const failure: CommandFailed = failureOf(reply);
  throw failure;
};
