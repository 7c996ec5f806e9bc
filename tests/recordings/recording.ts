/**
 * What is recorded of a run, as JSON: what clients asked, what readers saw, and what was there at
 * the end.
 */
import type { Claim, RecordedEvent, Row } from "../../core/ports/mod.ts";

/** An event that only this call, or another one with the same effect, can have led to. */
export type Effect = {
  readonly type: string;
  /** Where the event says that it is this one: its command's id, or a field of its data. */
  readonly by: "command" | "name" | "label" | "holding";
  readonly value: string;
};

/** One call of a client, on the clock of all clients. */
export type Call = {
  readonly client: number;
  readonly begun_ms: number;
  readonly ended_ms: number;
  readonly organization: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  /** Null for a call that reads. */
  readonly effect: Effect | null;
  /** `unknown`: no answer came, or one that does not show the outcome of the call. */
  readonly answer: { readonly status: number; readonly json: unknown } | "unknown";
};

/** What a reader was given from one beginning on, in this order. */
export type Reading = {
  readonly reader: string;
  /** The organization that it follows; null for all of them. */
  readonly of: string | null;
  /** The positions it began after. */
  readonly after: Readonly<Record<string, number>>;
  readonly seen: readonly {
    readonly organization: string;
    readonly position: number;
    readonly hash: string;
  }[];
};

/** One organization as it was at the end. */
export type Book = {
  readonly organization: string;
  readonly events: readonly RecordedEvent[];
  /** When each of them was committed, in microseconds since 1970, by the database's clock. */
  readonly committed_us: readonly number[];
  readonly rows: readonly Row[];
};

/** A whole run. */
export type Recording = {
  readonly seed: number;
  readonly calls: readonly Call[];
  readonly readings: readonly Reading[];
  readonly books: readonly Book[];
  /** All claims there are. */
  readonly claims: readonly Claim[];
  /** What the carrier has sold and not taken back: its id of each, and the number. */
  readonly sold: readonly { readonly carrierId: string; readonly e164: string }[];
};

/** Values by a name of theirs, each group in the order in which they came. */
export const groupBy = <Value>(
  values: Iterable<Value>,
  nameOf: (value: Value) => string,
): ReadonlyMap<string, readonly Value[]> => {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const group = groups.get(nameOf(value));
    if (group === undefined) groups.set(nameOf(value), [value]);
    else group.push(value);
  }
  return groups;
};

/** The outcome of a call: done, refused, or unknown. */
export const fateOf = ({ answer }: Call): "done" | "refused" | "unknown" => {
  if (answer === "unknown" || answer.status >= 500) return "unknown";
  return answer.status < 300 ? "done" : "refused";
};

/** The key that a caller gave, of a command's id: a tenant's begins with the id of their token. */
export const keyOf = (command: string | null): string | null =>
  command?.slice(command.indexOf(":") + 1) ?? null;
