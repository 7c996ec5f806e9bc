/**
 * `POST /webhooks/telnyx`: the carrier notifies us that something happened; we then ask it what.
 */
import type { CarrierWebhook } from "../core/ports/mod.ts";
import type { Milliseconds } from "../core/values/calendar.ts";
import { failed, ok } from "../core/values/result.ts";
import { parseJson, readBody } from "./body.ts";
import type { Failure, Outcome } from "./dialect.ts";
import { CARRIER_PARTY, type LedgerSource } from "./ledger-source.ts";

const RECEIVED = ok({ status: 200, body: { status: "ok" } } as const);

const refused = (message: string) =>
  failed<Failure>({ status: 400, code: "WEBHOOK_REFUSED", message });

/**
 * Takes a webhook: 415 when it is compressed, 413 over 64 KiB, 408 when it is late, 400 when it
 * ends early, when `webhook` refuses it, or when it is not JSON (`parseJson`); else 200. If it
 * names an order of ours, that order is looked up at the carrier; nothing else in the body is
 * trusted. A repeat is 200, and has no effect. Where the look-up throws, the same webhook is
 * accepted again.
 */
export const takeWebhook = async (
  request: Request,
  webhook: CarrierWebhook,
  { source, bodyMs }: { readonly source: LedgerSource; readonly bodyMs: Milliseconds },
): Promise<Outcome> => {
  const bytes = await readBody(request, bodyMs);
  if (!bytes.ok) return bytes;
  const verified = await webhook.verify((name) => request.headers.get(name), bytes.value);
  if (!verified.ok) return refused(verified.error.message);
  // The carrier repeats a webhook that was not answered in time: a repeat is acknowledged.
  if (verified.value.isRepeated) return RECEIVED;
  const json = parseJson(bytes.value);
  if (!json.ok) return json;
  const orderKey = webhook.orderKeyOf(json.value);
  if (orderKey === null) return RECEIVED;
  try {
    const { ledger } = await source.open(CARRIER_PARTY);
    await ledger.work.look(orderKey);
  } catch (error) {
    verified.value.forget();
    throw error;
  }
  return RECEIVED;
};
