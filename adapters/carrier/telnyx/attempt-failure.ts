import type { CarrierError } from "../../../core/ports/mod.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";

/** Why one attempt at a request came to nothing. */
export type Setback = {
  readonly error: CarrierError;
  /** Whether the carrier was not there or not well: what the circuit breaker counts. */
  readonly ill: boolean;
  /** How long to wait, at the least, before another attempt; null where none would help. */
  readonly again: Milliseconds | null;
};

/** The request was surely not taken: it never left, or was turned away unread. */
export const notTaken = (message: string): CarrierError => ({ kind: "unreachable", message });

/** The request may have been taken. */
export const uncertain = (message: string): CarrierError => ({ kind: "unknown", message });

/** The carrier answered with something that its documentation does not know. */
export const malformed = (what: string): CarrierError =>
  uncertain(`Telnyx gave a malformed answer ${what}.`);

/** Node's names for a connection that never came about. */
const UNCONNECTED = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Deno tells it in the message only. */
const DENO_UNCONNECTED = "client error (Connect)";

// Any object's, for what `fetch` rejects with differs between runtimes.
const textOf = (value: unknown, name: "code" | "message"): string => {
  if (typeof value !== "object" || value === null || !(name in value)) return "";
  const text: unknown = Reflect.get(value, name);
  return typeof text === "string" ? text : "";
};

/**
 * What became of a request whose `fetch` rejected with `thrown`. Only what is known to come before
 * the first byte is sent counts as not taken; in doubt the request may have been. The message holds
 * nothing that was thrown, which may quote headers.
 */
export const setbackOf = (thrown: unknown): Setback => {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  const connected = !UNCONNECTED.has(textOf(cause, "code")) &&
    ![thrown, cause].some((error) => textOf(error, "message").includes(DENO_UNCONNECTED));
  return {
    error: connected
      ? uncertain("The connection to Telnyx broke off.")
      : notTaken("Telnyx cannot be connected to."),
    ill: true,
    again: 0,
  };
};
