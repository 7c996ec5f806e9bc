/** Telnyx's webhooks: how they are signed, and what of them is read. */
import * as v from "valibot";
import type { CarrierWebhook } from "../../../core/ports/mod.ts";
import { type Milliseconds, MINUTE_MS, SECOND_MS } from "../../../core/values/calendar.ts";
import { failed, ok } from "../../../core/values/result.ts";
import { bytesOfBase64 } from "../../hash/base64.ts";
import { openSeenSignatures, type SeenSignatures } from "./seen-signatures.ts";
import { IdSchema } from "../../validation/values.ts";

/**
 * How far a webhook's time may lie from ours, before or after (Telnyx's own client has the same).
 */
const TOLERANCE_MS: Milliseconds = 5 * MINUTE_MS;

/** How many signatures are remembered; beyond that the oldest are removed. */
const REMEMBERED = 10_000;

const TIMESTAMP = /^\d{1,12}$/;

// 64 bytes in canonical base64, so that no signature has a second encoding.
const SIGNATURE = /^[A-Za-z0-9+/]{85}[AQgw]==$/;

// 43 digits, the last of four bits, and padding.
const PUBLIC_KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/** A schema for the key that Telnyx signs with. */
export const PublicKeySchema: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.regex(PUBLIC_KEY, "must be an Ed25519 key: 32 bytes in base64"),
);

/**
 * An order changed (`number_order.complete`, and any other event of orders and their parts, such as
 * a review of documents); only our key in it counts. A change of a requirement group is not such an
 * event: an order does not follow its group (Telnyx's documentation, requirement groups).
 */
const OrderEvent = v.object({
  data: v.object({
    event_type: v.pipe(v.string(), v.regex(/^(?:sub_)?number_order\./)),
    payload: v.object({ customer_reference: IdSchema }),
  }),
});

/** No signature yet; each is accepted once. */
export const openSeen = (): SeenSignatures =>
  openSeenSignatures({ limit: REMEMBERED, lastsMs: 2 * TOLERANCE_MS });

const refused = (message: string) => failed({ message });

const joined = (start: string, end: Uint8Array): Uint8Array<ArrayBuffer> => {
  const head = new TextEncoder().encode(start);
  const whole = new Uint8Array(head.byteLength + end.byteLength);
  whole.set(head);
  whole.set(end, head.byteLength);
  return whole;
};

/**
 * Verifies webhooks as Telnyx signs them (https://developers.telnyx.com, webhook signing): Ed25519
 * over `timestamp|body`, base64 in `telnyx-signature-ed25519`, the time in seconds in
 * `telnyx-timestamp`, which may lie 300 s from `now`. A signature is new once: it is remembered
 * until its repeats would be stale, unless `forget` is called.
 */
export const openTelnyxWebhook = (
  { publicKey, now, seen = openSeen() }: {
    /** 32 bytes in base64 (`PublicKeySchema`). */
    readonly publicKey: string;
    /** The time, in milliseconds since 1970. */
    readonly now: () => number;
    /** The signatures received before; none by default. */
    readonly seen?: SeenSignatures | undefined;
  },
): CarrierWebhook => {
  let imported: Promise<CryptoKey> | null = null;
  const keyOf = (): Promise<CryptoKey> =>
    imported ??= crypto.subtle.importKey("raw", bytesOfBase64(publicKey), "Ed25519", false, [
      "verify",
    ]);
  return {
    verify: async (header, body) => {
      const timestamp = header("telnyx-timestamp") ?? "";
      const signature = header("telnyx-signature-ed25519") ?? "";
      if (!TIMESTAMP.test(timestamp) || !SIGNATURE.test(signature)) {
        return refused("The webhook is not signed as Telnyx signs.");
      }
      if (Math.abs(now() - Number(timestamp) * SECOND_MS) > TOLERANCE_MS) {
        return refused("The webhook's time is more than five minutes from now.");
      }
      const signed = joined(`${timestamp}|`, body);
      if (!await crypto.subtle.verify("Ed25519", await keyOf(), bytesOfBase64(signature), signed)) {
        return refused("The webhook's signature is not good for it.");
      }
      const isRepeated = !seen.isNew(signature, now());
      return ok({ isRepeated, forget: () => seen.forget(signature) });
    },
    orderKeyOf: (json) => {
      const event = v.safeParse(OrderEvent, json);
      return event.success ? event.output.data.payload.customer_reference : null;
    },
  };
};
