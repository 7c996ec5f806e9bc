/** Orders at Telnyx that were filled, and whose numbers are not visible, or differ. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE_MS } from "../../../core/values/calendar.ts";
import { changing, dated, EMPTIED, type Json, open, statusOf, valueOf } from "./account.ts";

test("an order at Telnyx fails once its number is not there for 15 minutes after it was filled", async () => {
  const { telnyx, carrier, clock, seen, order } = await open({ orderMs: 40 * MINUTE_MS });
  const e164 = await seen();
  telnyx.lose(e164);
  await order(e164);
  const found = async () => statusOf(valueOf(await carrier.findOrder("od_1")));
  clock.set(clock.now() + 55 * MINUTE_MS);
  assert.equal(await found(), "pending");
  clock.set(clock.now() + 1);
  assert.equal(await found(), "failed: refused");
});

test("an order at Telnyx without a time fails 15 minutes after it was first seen without its number", async () => {
  const { telnyx, carrier, clock, seen, order } = await open();
  const e164 = await seen();
  telnyx.lose(e164);
  await order(e164);
  telnyx.fail(
    "findOrders",
    changing((row) => ({ ...row, created_at: null, updated_at: "soon" })),
  );
  const found = async () => statusOf(valueOf(await carrier.findOrder("od_1")));
  clock.set(clock.now() + 60 * MINUTE_MS);
  assert.equal(await found(), "pending");
  clock.set(clock.now() + 15 * MINUTE_MS);
  assert.equal(await found(), "pending");
  clock.set(clock.now() + 1);
  assert.equal(await found(), "failed: refused");
});

test("an order at Telnyx fails when its number is deleted, or another order's for long", async () => {
  const { telnyx, carrier, clock, seen, order } = await open();
  await order(await seen());
  const found = async () => statusOf(valueOf(await carrier.findOrder("od_1")));
  const listed = (rows: (row: Json) => readonly Json[]) => ({
    kind: "replaceAnswer" as const,
    by: async (answer: Response) => {
      const { data, ...rest } = await answer.json();
      return Response.json({ ...rest, data: data.flatMap(rows) });
    },
  });
  const again = { id: "1293384261075731499", customer_reference: "od_other" };
  const endGone = telnyx.fail(
    "listNumbers",
    listed((row) => [{ ...row, status: "deleted" }, { ...row, ...again }]),
  );
  assert.equal(await found(), "failed: refused");
  endGone();
  telnyx.fail("listNumbers", listed((row) => [{ ...row, ...again }]));
  assert.equal(await found(), "pending");
  clock.set(clock.now() + 16 * MINUTE_MS);
  assert.equal(await found(), "failed: refused");
});

test("an order at Telnyx is not old by our clock when Telnyx's own shows that it is not", async () => {
  const { telnyx, carrier, clock, seen, order } = await open();
  const e164 = await seen();
  telnyx.lose(e164);
  await order(e164);
  const orderedAt = clock.now();
  clock.set(orderedAt + 60 * MINUTE_MS);
  const found = async (minutes: number) => {
    const date = new Date(orderedAt + minutes * MINUTE_MS).toUTCString();
    const end = telnyx.fail("findOrders", dated(date));
    const status = statusOf(valueOf(await carrier.findOrder("od_1")));
    end();
    return status;
  };
  assert.equal(await found(14), "pending");
  assert.equal(await found(16), "failed: refused");
});

test("an order at Telnyx that was just placed is pending without its number, whatever its times", async () => {
  const { telnyx, seen, order } = await open();
  const e164 = await seen();
  telnyx.lose(e164);
  const times = { created_at: "2020-01-01T00:00:00Z", updated_at: "2020-01-01T00:00:00Z" };
  telnyx.fail("order", changing((row) => ({ ...row, ...times })));
  assert.equal(statusOf(valueOf(await order(e164))), "pending");
});

test("an order at Telnyx is the earlier one when only its number shows it", async () => {
  const { telnyx, seen, order } = await open();
  const e164 = await seen();
  telnyx.fail("order", { kind: "loseAnswer" }, { times: 1 });
  await order(e164);
  const [owned] = telnyx.numbers();
  telnyx.fail("findOrders", EMPTIED);
  assert.deepEqual(valueOf(await order(e164)), { status: "confirmed", carrierId: owned?.id });
  const statuses = [
    ["purchase-pending", "pending"],
    ["deleted", "failed: refused"],
  ] as const;
  for (const [status, outcome] of statuses) {
    const end = telnyx.fail("listNumbers", changing((row) => ({ ...row, status })));
    assert.equal(statusOf(valueOf(await order(e164))), outcome);
    end();
  }
  const others = telnyx.fail(
    "listNumbers",
    changing((row) => ({ ...row, customer_reference: "od_other" })),
  );
  assert.equal(statusOf(valueOf(await order(e164))), "failed: notAvailable");
  others();
  telnyx.fail("listNumbers", { kind: "serverError", carriedOut: false });
  const inDoubt = await order(e164);
  assert.ok(!inDoubt.ok && inDoubt.error.kind === "unknown");
});

test("an order at Telnyx stays pending, however long ago, when Telnyx gives no time", async () => {
  const { telnyx, carrier, clock, seen, order } = await open();
  const e164 = await seen();
  telnyx.lose(e164);
  await order(e164);
  clock.set(clock.now() + 60 * MINUTE_MS);
  for (const time of [null, "", "soon", "2026-01-31T10:00:00", 0]) {
    const times = { created_at: time, updated_at: time };
    const end = telnyx.fail("findOrders", changing((row) => ({ ...row, ...times })));
    const found = await carrier.findOrder("od_1");
    if (typeof time === "number") assert.ok(!found.ok && found.error.kind === "unknown");
    else assert.equal(statusOf(valueOf(found)), "pending", String(time));
    end();
  }
});

test("an order at Telnyx is confirmed by its own id when that names the number and the list does not", async () => {
  const { telnyx, carrier, clock, seen, order } = await open();
  await order(await seen());
  const [owned] = telnyx.numbers();
  assert.ok(owned !== undefined);
  clock.set(clock.now() + 16 * MINUTE_MS);
  const empty = { data: [], meta: { page_number: 1, total_pages: 1 } };
  const by = () => Promise.resolve(Response.json(empty));
  telnyx.fail("listNumbers", { kind: "replaceAnswer", by });
  const named = [{ id: owned.id, phone_number: owned.e164 }];
  telnyx.fail("findOrders", changing((row) => ({ ...row, phone_numbers: named })));
  const confirmed = { status: "confirmed", carrierId: owned.id };
  assert.deepEqual(valueOf(await carrier.findOrder("od_1")), confirmed);
  telnyx.fail("retrieveNumber", { kind: "serverError", carriedOut: false });
  const inDoubt = await carrier.findOrder("od_1");
  assert.ok(!inDoubt.ok && inDoubt.error.kind === "unknown");
});
