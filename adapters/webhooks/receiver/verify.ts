/** Verifies what a receiver was sent, on any runtime that has WebCrypto. */
import type { Instant, Milliseconds } from "../../../core/values/calendar.ts";
import { failed, ok, type Result } from "../../../core/values/result.ts";
import {
  type SignatureRefusal,
  verifierOf,
  verifySignature,
} from "../../signatures/verification.ts";
import { InvalidArgument } from "../../validation/argument.ts";
import { eventOf, type WebhookEvent } from "./events.ts";
import { bodyOf, type BodyRefusal, type GivenMessage, headerOf } from "./message.ts";

/** No event has a body as long. */
const MAX_BYTES = 256 * 1_024;

/** More than a rotation needs. */
const MAX_SECRETS = 16;

/**
 * Why a message is not accepted.
 *
 * - `SIGNATURE_MISSING`: one of the three headers is not there.
 * - `SIGNATURE_INVALID`: it is not signed by any of the secrets, or was changed on its way.
 * - `TOO_OLD`, `TOO_NEW`: its time is not within the tolerance; a stranger may have sent it again.
 * - `BODY_UNREADABLE`: the body was read before, is not as it was sent, or did not come whole.
 * - `BODY_TOO_LARGE`: the body is longer than any event.
 * - `NOT_AN_EVENT`: it is signed, and not an event, or not the one that its id names.
 */
export type WebhookRefusal = SignatureRefusal | BodyRefusal | {
  readonly code: "NOT_AN_EVENT";
  readonly message: string;
};

/** How messages are verified. */
export type VerifyOptions = {
  /** How far a message's time may be from now, before or after: five minutes by default. */
  readonly toleranceMs?: Milliseconds | undefined;
  /** The longest body that is read: 256 KiB by default. */
  readonly maxBytes?: number | undefined;
  /** The time, in milliseconds since 1970; the machine's by default. */
  readonly now?: (() => Instant) | undefined;
};

const invalid = (path: string, rule: string): InvalidArgument =>
  new InvalidArgument({ code: "INVALID_ARGUMENT", path, message: `${path} ${rule}` });

const verifiersOf = (secret: string | readonly string[]) => {
  const secrets: readonly unknown[] = typeof secret === "string" ? [secret] : [...secret];
  if (secrets.length === 0 || secrets.length > MAX_SECRETS) {
    throw invalid("secret", `must be one, or a list of 1 to ${MAX_SECRETS}`);
  }
  return secrets.map((one) => {
    const verifier = verifierOf(one);
    if (verifier !== null) return verifier;
    throw invalid("secret", "must be whsec_ or whpk_ and what the endpoint was made with");
  });
};

const notAnEvent = failed<WebhookRefusal>({
  code: "NOT_AN_EVENT",
  message: "the message is signed, and not an event of the ledger",
});

/**
 * The event in a message of a webhook, once its signature is verified as Standard Webhooks
 * specifies; else why it is not accepted, in a sentence without secrets. Whatever the message is,
 * this does not throw. `secret` is the endpoint's (`whsec_…`), its public key (`whpk_…`), or
 * several while one replaces another; for anything else this rejects with an `InvalidArgument`.
 *
 * @example
 * ```ts
 * import { verify } from "ledgerline/webhooks";
 *
 * const receive = async (request: Request, secret: string): Promise<Response> => {
 *   const event = await verify(request, secret);
 *   if (!event.ok) return new Response(event.error.code, { status: 400 });
 *   console.log(event.value.type, event.value.subject);
 *   return new Response(null, { status: 204 });
 * };
 * ```
 */
export const verify = async (
  message: GivenMessage,
  secret: string | readonly string[],
  { toleranceMs, maxBytes = MAX_BYTES, now = Date.now }: VerifyOptions = {},
): Promise<Result<WebhookEvent, WebhookRefusal>> => {
  const verifiers = verifiersOf(secret);
  const body = await bodyOf(message, maxBytes);
  if (!body.ok) return body;
  const { headers } = message;
  const given = {
    id: headerOf(headers, "webhook-id"),
    timestamp: headerOf(headers, "webhook-timestamp"),
    signature: headerOf(headers, "webhook-signature"),
  };
  const when = { now: now(), toleranceMs };
  const verified = await verifySignature(given, body.value, verifiers, when);
  if (!verified.ok) return verified;
  const event = eventOf(new TextDecoder("utf-8", { ignoreBOM: true }).decode(body.value));
  return event !== null && event.id === verified.value.id ? ok(event) : notAnEvent;
};
