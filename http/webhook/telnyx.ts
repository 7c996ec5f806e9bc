/** `POST /webhooks/telnyx`: Telnyx notifies us that something happened; we then ask it what. */
import * as v from "valibot";
import { IdSchema } from "../../core/values/identity.ts";
import { ok } from "../../core/values/result.ts";
import { parseJson, readBody } from "../body.ts";
import type { Milliseconds } from "../../core/values/calendar.ts";
import type { Outcome } from "../dialect.ts";
import { CARRIER_PARTY, type LedgerSource } from "../ledger-source.ts";
import type { Verifier } from "./signature.ts";

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

const RECEIVED = ok({ status: 200, body: { status: "ok" } } as const);

/**
 * Takes a webhook: 415 when it is compressed, 413 over 64 KiB, 408 when it is late, 400 when it
 * ends early, when `verifier` rejects it, or when it is not JSON (`parseJson`); else 200. If it
 * names an order of ours, that order is looked up at the carrier; nothing else in the body is
 * trusted. A repeat is 200, and has no effect. Where the look-up throws, the same webhook is
 * accepted again.
 */
export const takeWebhook = async (
  request: Request,
  verifier: Verifier,
  { source, bodyMs }: { readonly source: LedgerSource; readonly bodyMs: Milliseconds },
): Promise<Outcome> => {
  const bytes = await readBody(request, bodyMs);
  if (!bytes.ok) return bytes;
  const verified = await verifier.verify(request.headers, bytes.value);
  if (!verified.ok) return verified;
  // The carrier repeats a webhook that was not answered in time: a repeat is acknowledged.
  if (verified.value.isRepeated) return RECEIVED;
  const json = parseJson(bytes.value);
  if (!json.ok) return json;
  const event = v.safeParse(OrderEvent, json.value);
  if (!event.success) return RECEIVED;
  try {
    const { ledger } = await source.open(CARRIER_PARTY);
    await ledger.work.look(event.output.data.payload.customer_reference);
  } catch (error) {
    verified.value.forget();
    throw error;
  }
  return RECEIVED;
};
