/** The trace that a call belongs to, as Telnyx is sent it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openTelnyxCarrier, type TelnyxOptions } from "../../adapters/carrier/telnyx/mod.ts";

const of = (digit: string): string => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;

/** A carrier that always fails, and the headers that it was sent. */
const openDown = (options: Pick<TelnyxOptions, "traceparent">) => {
  const sent: (string | null)[] = [];
  const carrier = openTelnyxCarrier({
    apiKey: "KEY",
    limits: { repeats: 2, backoffMs: 0, failures: 100 },
    fetch: (_, init) => {
      sent.push(new Headers(init?.headers).get("traceparent"));
      return Promise.resolve(new Response(null, { status: 503 }));
    },
    ...options,
  });
  return { carrier, sent };
};

test("each request of a call has the trace that the call began in, its repeats too", async () => {
  let now = of("a");
  const { carrier, sent } = openDown({ traceparent: () => now });
  const first = carrier.findOrder("order-1" as never);
  now = of("b");
  const second = carrier.findOrder("order-2" as never);
  now = of("c");
  await Promise.all([first, second]);
  assert.deepEqual(sent.toSorted(), [..."aaabbb"].map(of));
});

test("no trace is sent outside of one, nor by default", async () => {
  for (const options of [{ traceparent: () => null }, {}]) {
    const { carrier, sent } = openDown(options);
    await carrier.findOrder("order-1" as never);
    assert.deepEqual(sent, [null, null, null]);
  }
});
