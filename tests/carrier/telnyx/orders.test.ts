/** Orders at Telnyx, beyond what every carrier promises. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE_MS } from "../../../core/values/calendar.ts";
import { changing, FILTERS, type Json, open, statusOf, valueOf } from "./account.ts";

test("an order at Telnyx needs no further search when one found the number recently", async () => {
  const { telnyx, seen, order } = await open();
  assert.equal(statusOf(valueOf(await order(await seen()))), "confirmed");
  assert.equal(telnyx.requests("search"), 1);
});

test("an order at Telnyx begins with a search when the last one is long ago, or was another process's", async () => {
  for (const isElsewhere of [false, true]) {
    const { telnyx, clock, adapter, seen, order } = await open();
    const e164 = await seen();
    clock.set(clock.now() + (isElsewhere ? 0 : 16 * MINUTE_MS));
    const ordered = isElsewhere
      ? await adapter().order({ key: "od_1", e164, connectionId: null })
      : await order(e164);
    assert.equal(statusOf(valueOf(ordered)), "confirmed");
    assert.equal(telnyx.requests("search"), 2);
  }
});

test("an order at Telnyx was certainly not accepted when the search before it fails", async () => {
  const { telnyx, clock, seen, order } = await open();
  const e164 = await seen();
  clock.set(clock.now() + 16 * MINUTE_MS);
  telnyx.fail("search", { kind: "serverError", carriedOut: false });
  const ordered = await order(e164);
  assert.ok(!ordered.ok && ordered.error.kind === "unreachable");
  assert.equal(telnyx.requests("order"), 0);
});

test("an order at Telnyx is the earlier one when it is refused because we have the number already", async () => {
  const { telnyx, seen, order } = await open();
  const e164 = await seen();
  telnyx.fail("order", { kind: "loseAnswer" }, { times: 1 });
  const lost = await order(e164);
  assert.ok(!lost.ok && lost.error.kind === "unknown");
  const [owned] = telnyx.numbers();
  assert.deepEqual(valueOf(await order(e164)), { status: "confirmed", carrierId: owned?.id });
  assert.equal(telnyx.orders().length, 1);
});

test("an order at Telnyx is in doubt when it is refused and an earlier one cannot be looked up", async () => {
  const { telnyx, seen, order } = await open();
  const e164 = await seen();
  telnyx.fail("order", { kind: "loseAnswer" }, { times: 1 });
  await order(e164);
  telnyx.fail("findOrders", { kind: "refuseConnection" });
  const ordered = await order(e164);
  assert.ok(!ordered.ok && ordered.error.kind === "unknown");
});

test("an order at Telnyx fails as not available when it failed and the number is no longer offered", async () => {
  const { telnyx, seen, order } = await open();
  const e164 = await seen();
  telnyx.refuse(e164);
  assert.equal(statusOf(valueOf(await order(e164))), "failed: refused");
  telnyx.fail("search", changing((row) => ({ ...row, phone_number: "+14155550199" })));
  assert.equal(statusOf(valueOf(await order(e164, "od_2"))), "failed: notAvailable");
});

test("an order at Telnyx fails as refused when it is refused for a number still offered", async () => {
  const { clock, seen, order } = await open({ orderableMs: MINUTE_MS });
  const e164 = await seen();
  clock.set(clock.now() + 2 * MINUTE_MS);
  const refused = valueOf(await order(e164));
  assert.equal(statusOf(refused), "failed: refused");
  assert.ok("message" in refused);
  assert.match(
    refused.message,
    /^Telnyx answered with status 422: .*search for it before ordering/,
  );
});

test("an order at Telnyx is refused when Telnyx refuses our account", async () => {
  const { telnyx, seen, order } = await open();
  const e164 = await seen();
  for (const status of [401, 402, 403]) {
    const errors = [{ code: "10009", title: "Authentication failed" }];
    const by = () => Promise.resolve(Response.json({ errors }, { status }));
    telnyx.fail("order", { kind: "replaceAnswer", by }, { times: 1 });
    const ordered = await order(e164);
    assert.ok(!ordered.ok && ordered.error.kind === "refused");
  }
});

test("an order at Telnyx is in doubt when it is refused without Telnyx's own code", async () => {
  for (const status of [400, 401, 402, 403, 422]) {
    const { telnyx, carrier, seen, order } = await open();
    const by = () => Promise.resolve(new Response("<h1>no</h1>", { status }));
    telnyx.fail("order", { kind: "replaceAnswer", by }, { times: 1 });
    const ordered = await order(await seen());
    assert.ok(!ordered.ok && ordered.error.kind === "unknown");
    assert.equal(statusOf(valueOf(await carrier.findOrder("od_1"))), "confirmed");
  }
});

test("an order at Telnyx is pending while its number cannot be seen, or is another order's", async () => {
  const { telnyx, carrier, seen, order } = await open();
  const hide = telnyx.fail("listNumbers", { kind: "serverError", carriedOut: false });
  assert.equal(statusOf(valueOf(await order(await seen()))), "pending");
  hide();
  const changes: readonly Json[] = [
    { status: "deleted", customer_reference: "od_earlier" },
    { status: "deleted", customer_reference: null },
    { status: "purchase-pending" },
    { customer_reference: "od_other" },
  ];
  for (const change of changes) {
    const end = telnyx.fail("listNumbers", changing((row) => ({ ...row, ...change })));
    assert.equal(statusOf(valueOf(await carrier.findOrder("od_1"))), "pending");
    end();
  }
  assert.equal(statusOf(valueOf(await carrier.findOrder("od_1"))), "confirmed");
});

test("an order at Telnyx is in doubt when the answer is about another one", async () => {
  const changes: readonly Json[] = [
    { customer_reference: "od_other" },
    { customer_reference: null },
    { phone_numbers: [{ phone_number: "+14155550199" }] },
    { phone_numbers: [] },
    { status: "done" },
  ];
  for (const change of changes) {
    const { telnyx, seen, order } = await open();
    telnyx.fail("order", changing((row) => ({ ...row, ...change })));
    const ordered = await order(await seen());
    assert.ok(!ordered.ok && ordered.error.kind === "unknown", JSON.stringify(change));
    assert.equal(telnyx.requests("order"), 1);
  }
});

test("an order at Telnyx counts for its key when another one under it failed", async () => {
  const { telnyx, carrier, seen, order } = await open();
  const first = await seen();
  telnyx.refuse(first);
  await order(first);
  const [, second] = valueOf(await carrier.search({ ...FILTERS, limit: 2 }));
  assert.ok(second !== undefined);
  await order(second.e164);
  assert.equal(statusOf(valueOf(await carrier.findOrder("od_1"))), "confirmed");
});

test("an order at Telnyx fails immediately when Telnyx reports its number as deleted", async () => {
  const { telnyx, carrier, seen, order } = await open();
  await order(await seen());
  for (const status of ["deleted", "purchase-failed"]) {
    const end = telnyx.fail("listNumbers", changing((row) => ({ ...row, status })));
    assert.equal(statusOf(valueOf(await carrier.findOrder("od_1"))), "failed: refused");
    end();
  }
});
