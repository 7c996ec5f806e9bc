import type { CarrierError } from "../../../core/ports/mod.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";

/** Why one attempt at a request failed. */
export type Setback = {
  readonly error: CarrierError;
  /** Whether the carrier was unreachable or unhealthy: counted by the circuit breaker. */
  readonly ill: boolean;
  /** The minimum wait before another attempt; null where another one would not help. */
  readonly again: Milliseconds | null;
};

/** The request was certainly not accepted: it was never sent, or was rejected unread. */
export const notTaken = (message: string): CarrierError => ({ kind: "unreachable", message });

/** The request may have been accepted. */
export const uncertain = (message: string): CarrierError => ({ kind: "unknown", message });

/** The carrier's answer does not match its documentation. */
export const malformed = (what: string): CarrierError =>
  uncertain(`Telnyx gave a malformed answer ${what}.`);

/** Node's error codes for a connection that was never established. */
const UNCONNECTED = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Deno reports it in the message only. */
const DENO_UNCONNECTED = "client error (Connect)";

// Of any object, since what `fetch` rejects with differs between runtimes.
const textOf = (value: unknown, name: "code" | "message"): string => {
  if (typeof value !== "object" || value === null || !(name in value)) return "";
  const text: unknown = Reflect.get(value, name);
  return typeof text === "string" ? text : "";
};

/**
 * The failure of a request whose `fetch` rejected with `thrown`. Only errors that are known to
 * occur before the first byte is sent count as not accepted; otherwise the request may have been.
 * The message quotes nothing of `thrown`, which may contain headers.
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
