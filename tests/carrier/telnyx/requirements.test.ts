/** Regulatory requirements at Telnyx: how it reports them, and what orders wait for. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openTelnyxCarrier } from "../../../adapters/carrier/telnyx/mod.ts";
import type { Carrier, Market } from "../../../core/ports/mod.ts";
import type { E164 } from "../../../core/values/e164.ts";
import type { ReviewStatus } from "../../harness/emulators/telnyx/requirements.ts";
import { changing, type Json, open, statusOf, valueOf } from "./account.ts";

const SWISS = { country: "CH", type: "local" } as const;
const SPANISH = { country: "ES", type: "local" } as const;

const requirements = (carrier: Carrier, market: Market = SWISS) => {
  assert.ok(carrier.requirements);
  return carrier.requirements(market);
};

/** A number of a country that a search found. */
const seen = async (carrier: Carrier, market: Market): Promise<E164> => {
  const [offer] = valueOf(await carrier.search({ ...market, limit: 1 }));
  assert.ok(offer);
  return offer.e164;
};

/** An order that waits at Telnyx, under the key od_1. */
const openWaiting = async () => {
  const opened = await open();
  const { telnyx, carrier } = opened;
  const group = telnyx.group({ ...SWISS, status: "unapproved" });
  const e164 = await seen(carrier, SWISS);
  const request = { key: "od_1", e164, connectionId: null, requirementGroupId: group };
  const order = valueOf(await carrier.order(request));
  return { ...opened, e164, order, find: () => carrier.findOrder("od_1") };
};

describe("what Telnyx requires", () => {
  test("is reported by name where there is any, in one request", async () => {
    const { telnyx, carrier } = await open();
    assert.deepEqual(valueOf(await requirements(carrier, { country: "US", type: "local" })), []);
    assert.deepEqual(valueOf(await requirements(carrier)).map(({ name }) => name), [
      "Address Matching DID Area Code",
      "Proof of Address",
    ]);
    assert.equal(telnyx.requests("requirements"), 2);
  });

  test("excludes requirements of another country, type or action, or of one locality alone", async () => {
    const { telnyx, carrier } = await open();
    const others: readonly Json[] = [
      { country_code: "IT" },
      { phone_number_type: "toll_free" },
      { action: "porting" },
      { action: "branded_calling" },
      { locality: "Zürich" },
    ];
    for (const other of others) {
      telnyx.heal();
      telnyx.fail("requirements", changing((row) => ({ ...row, ...other })));
      assert.deepEqual(valueOf(await requirements(carrier)), [], JSON.stringify(other));
    }
    for (const same of [{ action: "both" }, { phone_number_type: null }, { locality: null }]) {
      telnyx.heal();
      telnyx.fail("requirements", changing((row) => ({ ...row, ...same })));
      assert.equal(valueOf(await requirements(carrier)).length, 2, JSON.stringify(same));
    }
  });

  test("is named by its id where it has no name, and once where it is listed twice", async () => {
    const { telnyx, carrier } = await open();
    const types = [{ id: "one", name: "" }, { id: "one" }];
    telnyx.fail("requirements", changing((row) => ({ ...row, requirement_types: types })));
    const only = [{ id: "one", name: "one", description: null }];
    assert.deepEqual(valueOf(await requirements(carrier)), only);
  });

  test("is unknown when the answer cannot be parsed, and a failure delays no order", async () => {
    const { telnyx, carrier, seen: seenInUs, order } = await open();
    telnyx.fail("requirements", changing((row) => ({ ...row, requirement_types: "none" })));
    const spoilt = await requirements(carrier);
    assert.ok(!spoilt.ok && spoilt.error.kind === "unknown");
    telnyx.heal();
    telnyx.fail("requirements", { kind: "serverError", carriedOut: false });
    for (let time = 0; time < 10; time++) assert.equal((await requirements(carrier)).ok, false);
    assert.equal(statusOf(valueOf(await order(await seenInUs()))), "confirmed");
  });
});

describe("an order with a requirement group", () => {
  test("sends it to Telnyx, and is filled immediately where the group is approved", async () => {
    const { telnyx, carrier } = await open();
    const group = telnyx.group({ ...SWISS, status: "approved" });
    const bodies: string[] = [];
    const spy: typeof telnyx.fetch = async (input, init) => {
      const sent = new Request(input, init);
      if (sent.method === "POST") bodies.push(await sent.clone().text());
      return await telnyx.fetch(sent);
    };
    const { apiKey, baseUrl } = telnyx;
    const spied = openTelnyxCarrier({ apiKey, baseUrl, fetch: spy });
    const e164 = await seen(spied, SWISS);
    const request = { key: "od_1", e164, connectionId: null };
    const filled = valueOf(await spied.order({ ...request, requirementGroupId: group }));
    assert.equal(filled.status, "confirmed");
    const [body = "{}"] = bodies;
    assert.deepEqual(JSON.parse(body).phone_numbers, [
      { phone_number: e164, requirement_group_id: group },
    ]);
    await carrier.order({ key: "od_2", e164: await seen(carrier, SWISS), connectionId: null });
  });

  test("has failed for missing requirements when Telnyx refuses it for that, and says why", async () => {
    const { telnyx, carrier } = await open();
    const e164 = await seen(carrier, SWISS);
    const groups = [
      undefined,
      "unknown",
      telnyx.group({ ...SWISS, status: "no-longer-eligible" }),
      telnyx.group({ ...SPANISH, status: "approved" }),
      telnyx.group({ ...SWISS, type: "tollFree", status: "approved" }),
    ];
    for (const group of groups) {
      const request = { key: "od_1", e164, connectionId: null };
      const asked = group === undefined ? request : { ...request, requirementGroupId: group };
      const order = valueOf(await carrier.order(asked));
      assert.ok(order.status === "failed" && order.reason === "requirementsMissing", group);
      assert.match(order.message, /requirement group/i);
    }
    assert.deepEqual(telnyx.orders(), []);
  });
});

describe("an order that waits for its requirements", () => {
  test("waits for what Telnyx says, in the answer and at every look-up", async () => {
    const { telnyx, carrier, e164, order, find } = await openWaiting();
    assert.deepEqual(order, { status: "pending", waitsFor: "review" });
    const waits: readonly (readonly [ReviewStatus, string])[] = [
      ["requirement-info-under-review", "review"],
      ["requirement-info-exception", "correction"],
      ["requirement-info-pending", "requirements"],
    ];
    for (const [status, waitsFor] of waits) {
      telnyx.review(e164, status);
      assert.deepEqual(valueOf(await find()), { status: "pending", waitsFor });
    }
    telnyx.review(e164, "approved");
    assert.equal(statusOf(valueOf(await find())), "confirmed");
    const spanish = await seen(carrier, SPANISH);
    const bare = await carrier.order({ key: "od_2", e164: spanish, connectionId: null });
    assert.deepEqual(valueOf(bare), { status: "pending", waitsFor: "requirements" });
  });

  test("is looked up separately only while its requirements are not met", async () => {
    const { telnyx, carrier, seen: seenInUs, find } = await openWaiting();
    assert.equal(telnyx.requests("retrieveOrder"), 0);
    await find();
    assert.equal(telnyx.requests("retrieveOrder"), 1);
    await carrier.order({ key: "od_us", e164: await seenInUs(), connectionId: null });
    await carrier.findOrder("od_us");
    assert.equal(telnyx.requests("retrieveOrder"), 1);
  });

  test("waits for requirements when the order itself is not found, and is unknown when it fails", async () => {
    const { telnyx, find } = await openWaiting();
    telnyx.fail("findOrders", changing((row) => ({ ...row, id: "0de00000-gone" })));
    assert.deepEqual(valueOf(await find()), { status: "pending", waitsFor: "requirements" });
    telnyx.heal();
    telnyx.fail("findOrders", changing((row) => ({ ...row, id: "../phone_numbers" })));
    assert.deepEqual(valueOf(await find()), { status: "pending", waitsFor: "requirements" });
    telnyx.heal();
    telnyx.fail("retrieveOrder", { kind: "serverError", carriedOut: false });
    const failed = await find();
    assert.ok(!failed.ok && failed.error.kind === "unknown");
    telnyx.heal();
    telnyx.fail("retrieveOrder", changing((row) => ({ ...row, customer_reference: "od_other" })));
    const other = await find();
    assert.ok(!other.ok && other.error.kind === "unknown");
  });
});

describe("an order whose requirements were not met", () => {
  test("has failed for missing requirements when Telnyx ends it", async () => {
    const { telnyx, e164, find } = await openWaiting();
    telnyx.review(e164, "cancelled");
    assert.equal(statusOf(valueOf(await find())), "failed: requirementsMissing");
  });

  test("has failed, whichever status Telnyx has for that", async () => {
    const { telnyx, find } = await openWaiting();
    for (const status of ["cancelled", "deleted", "failure"]) {
      telnyx.heal();
      telnyx.fail("findOrders", changing((row) => ({ ...row, status })));
      assert.equal(statusOf(valueOf(await find())), "failed: requirementsMissing", status);
    }
    for (const status of ["cancelled", "deleted"]) {
      telnyx.heal();
      telnyx.fail(
        "retrieveOrder",
        changing((row) => ({
          ...row,
          phone_numbers: [{
            ...(row["phone_numbers"] as readonly Json[])[0],
            requirements_status: status,
          }],
        })),
      );
      assert.equal(statusOf(valueOf(await find())), "failed: requirementsMissing", status);
    }
  });

  test("is not confirmed by a number that still waits, when the list of orders lags", async () => {
    const { telnyx, carrier, e164 } = await openWaiting();
    telnyx.review(e164, "requirement-info-exception");
    const [order] = telnyx.orders();
    assert.ok(order);
    telnyx.fail("findOrders", changing((row) => ({ ...row, status: "success" })));
    assert.deepEqual(valueOf(await carrier.findOrder("od_1")), {
      status: "pending",
      waitsFor: "correction",
    });
  });
});
