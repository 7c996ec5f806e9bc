/** An account at the emulated Telnyx, and the adapter on it. */
import assert from "node:assert/strict";
import { openTelnyxCarrier } from "../../../adapters/carrier/telnyx/mod.ts";
import { openTestClock } from "../../../adapters/clock/test.ts";
import type { E164 } from "../../../core/values/e164.ts";
import type { Order } from "../../../core/ports/mod.ts";
import type { Result } from "../../../core/values/result.ts";
import { openTelnyx, type TelnyxOptions } from "../../harness/emulators/telnyx/mod.ts";

/** What tests search for. */
export const FILTERS = { country: "US", type: "local", areaCode: "415", limit: 20 } as const;

/** The value of a result that must be a success. */
export const valueOf = <Value>(result: Result<Value, unknown>): Value => {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
};

/** Opens both on one clock; orders are filled immediately unless the options say otherwise. */
export const open = async (options: TelnyxOptions = {}) => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const telnyx = await openTelnyx({ orderMs: 0, ...options, clock });
  const { apiKey, baseUrl, fetch } = telnyx;
  const adapter = () =>
    openTelnyxCarrier({ apiKey, baseUrl, fetch, clock, limits: { backoffMs: 1 } });
  const carrier = adapter();
  const seen = async (): Promise<E164> => {
    const [offer] = valueOf(await carrier.search({ ...FILTERS, limit: 1 }));
    assert.ok(offer !== undefined);
    return offer.e164;
  };
  const order = (e164: E164, key = "od_1") => carrier.order({ key, e164, connectionId: null });
  return { telnyx, carrier, clock, adapter, seen, order };
};

/** An object of JSON. */
export type Json = Record<string, unknown>;

/** A fault that changes the answer's rows, or its only one. */
export const changing = (change: (row: Json) => Json) => ({
  kind: "replaceAnswer" as const,
  by: async (answer: Response) => {
    const { data, ...rest } = await answer.json();
    return Response.json({ ...rest, data: Array.isArray(data) ? data.map(change) : change(data) });
  },
});

/** A fault that sets the answer's date. */
export const dated = (date: string) => ({
  kind: "replaceAnswer" as const,
  by: async (answer: Response) => Response.json(await answer.json(), { headers: { date } }),
});

/** A fault that leaves all rows out of an answer. */
export const EMPTIED = {
  kind: "replaceAnswer" as const,
  by: async (answer: Response) => Response.json({ ...await answer.json(), data: [] }),
};

/** The outcome of an order, in a word or two. */
export const statusOf = (order: Order | null): string =>
  order?.status === "failed" ? `failed: ${order.reason}` : order?.status ?? "unknown";
