/** What the ledger does when a port misbehaves, as stories. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import type { Carrier, CarrierError, EventLog } from "../../core/ports/mod.ts";
import { failed, ok } from "../../core/values/result.ts";
import { openTestApp } from "../support/app.ts";
import { until } from "../support/eventually.ts";
import { gate } from "../support/gate.ts";

const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));

const sandbox = (): Carrier => openSandboxCarrier({ orders: openMemoryOrderBook(), clock });

const failing = (kind: CarrierError["kind"]) => () =>
  Promise.resolve(failed({ kind, message: "a storm" }));

const buy = (app: ReturnType<typeof openTestApp>, token: string, phoneNumber: string) =>
  app.request("POST", "/api/phone-numbers/purchase", {
    token,
    body: { phoneNumber, teamId: "acme" },
  });

const statuses = async (app: ReturnType<typeof openTestApp>, token: string) => {
  const path = "/api/phone-numbers/purchase?teamId=acme";
  const { json } = await app.request("GET", path, { token });
  return json.numbers.map(({ status }: { status: string }) => status);
};

describe("an order whose answer was lost", () => {
  for (const kind of ["unreachable", "refused", "unknown"] as const) {
    test(`stays open when the look-up is ${kind}, and is found when it works again`, async () => {
      const carrier = sandbox();
      let heals = false;
      const stormy: Carrier = {
        ...carrier,
        findOrder: (key) => heals ? carrier.findOrder(key) : failing(kind)(),
      };
      const app = openTestApp({ carrier: stormy, waitMs: 30 });
      const token = await app.organization("acme");
      const bought = await buy(app, token, "+14155550114");
      assert.equal(bought.status, 202);
      await app.ledger.work.run();
      assert.deepEqual(await statuses(app, token), ["purchasing"]);
      heals = true;
      await app.ledger.work.run();
      assert.deepEqual(await statuses(app, token), ["active"]);
      await app.close();
    });
  }
});

test("a purchase goes through while the organization searches without a pause", async () => {
  const app = openTestApp({ waitMs: 60_000 });
  const token = await app.organization("acme");
  let searching = true;
  const search = async () => {
    while (searching) {
      const body = { filters: { countryCode: "US", areaCode: "212" } };
      await app.request("POST", "/api/phone-numbers/search", { token, body });
    }
  };
  const searches = [search(), search(), search(), search()];
  for (const phoneNumber of ["+14155550101", "+14155550198", "+14155550102"]) {
    assert.equal((await buy(app, token, phoneNumber)).status, 200);
  }
  searching = false;
  await Promise.all(searches);
  await app.close();
});

test("automatic work leaves the carrier to a caller that waits for it", async () => {
  // The number's release fails twice, and the caller has two attempts, 200 ms apart.
  const app = openTestApp({ waitMs: 300, recoveryMs: 10 });
  const token = await app.organization("acme");
  const { json } = await buy(app, token, "+14155550116");
  const path = `/api/phone-numbers/${json.phoneNumber.id}`;
  assert.equal((await app.request("DELETE", path, { token })).status, 202);
  await app.close();
});

test("work goes on automatically when the log cannot be watched", async () => {
  const reports: unknown[] = [];
  const storm = new Error("a storm");
  const watch = () => {
    throw storm;
  };
  const app = openTestApp({
    log: { ...openMemoryLog(), watch },
    waitMs: 0,
    recoveryMs: 10,
    report: (what, error) => reports.push([what, error]),
  });
  const token = await app.organization("acme");
  await buy(app, token, "+14155550114");
  // The answer to the order is lost: a look-up finds that the number is ours.
  await until(async () => (await statuses(app, token))[0] === "active");
  assert.deepEqual(reports, [["watching the log", storm]]);
  await app.close();
});

test("a crowd of numbers that cannot be released does not stop a renewal", async () => {
  const crowd = 2_500;
  const log = openMemoryLog();
  const time = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const carrier = openSandboxCarrier({ orders: openMemoryOrderBook(), clock: time });
  const stuck: Carrier = { ...carrier, release: failing("refused") };
  // Looked at first, since they have been due for long.
  const crowded: EventLog = {
    ...log,
    due: async (until, limit, after) => {
      const start = after?.kind === "crowd"
        ? Number(after.key) + 1
        : after === undefined
        ? 0
        : crowd;
      const length = Math.min(limit, crowd - start);
      const first = Array.from({ length }, (_, index) => ({
        organization: "elsewhere",
        kind: "crowd",
        key: String(start + index),
        automation: "releasing",
        due: 0,
      }));
      const rest = after?.kind === "crowd" ? undefined : after;
      const others = limit > length ? await log.due(until, limit - length, rest) : [];
      return [...first, ...others];
    },
  };
  const app = openTestApp({ log: crowded, carrier: stuck, clock: time, runsAutomations: false });
  const token = await app.organization("acme");
  await buy(app, token, "+14155550101");
  time.set(Date.parse("2026-03-01T00:00:00Z"));
  await app.ledger.work.run();
  const { json: [number] } = await app.request("GET", "/v1/phone-numbers", { token });
  assert.equal(number.nextChargeAt, "2026-03-31T10:00:00Z");
  await app.close();
});

test("a purchase answers purchasing when payments throw, and goes on when they work", async () => {
  const reports: string[] = [];
  let heals = false;
  const app = openTestApp({
    waitMs: 30,
    report: (what) => reports.push(what),
    payments: {
      ...includedPayments,
      charge: () => heals ? Promise.resolve("paid") : Promise.reject(new Error("no network")),
    },
  });
  const token = await app.organization("acme");
  assert.equal((await buy(app, token, "+14155550101")).status, 202);
  assert.ok(reports.includes("asking for a charge"));
  heals = true;
  await app.ledger.work.run();
  assert.deepEqual(await statuses(app, token), ["active"]);
  await app.close();
});

describe("a carrier whose answers are not of their type", () => {
  for (
    const [order, words] of [
      [{ status: "sold" }, "status must be "],
      [{ status: "confirmed" }, "carrierId is required"],
    ] as const
  ) {
    test(`brings nothing into the log with ${JSON.stringify(order)}`, async () => {
      const reports: unknown[] = [];
      const answer = () => Promise.resolve(ok(order));
      const liar = { ...sandbox(), order: answer, findOrder: answer } as unknown as Carrier;
      const app = openTestApp({
        carrier: liar,
        waitMs: 30,
        runsAutomations: false,
        report: (_what, error) => reports.push(error),
      });
      const token = await app.organization("acme");
      assert.equal((await buy(app, token, "+14155550101")).status, 202);
      assert.match(String(reports[0]), new RegExp(`^TypeError: order\\(\\)\\.value\\.${words}`));
      await app.close();
    });
  }
});

test("what a port threw is reported as it was thrown", async () => {
  const reports: unknown[] = [];
  const storm = new Error("a storm");
  const app = openTestApp({
    carrier: { ...sandbox(), search: () => Promise.reject(storm) },
    report: (_what, error) => reports.push(error),
  });
  const token = await app.organization("acme");
  const body = { filters: { countryCode: "US", areaCode: "415" } };
  await app.request("POST", "/api/phone-numbers/search", { token, body });
  assert.deepEqual(reports, [storm]);
  await app.close();
});

describe("a ledger that is closed", () => {
  test("refuses what comes afterwards", async () => {
    const app = openTestApp();
    const token = await app.organization("acme");
    const caller = await app.ledger.authenticate(token);
    assert.ok(caller);
    await app.close();
    await assert.rejects(app.ledger.purchase(caller, { e164: "+14155550101" }), /is closed/);
    await assert.rejects(app.ledger.numbers.list(caller), /is closed/);
  });

  test("answers callers that wait for the carrier before it closes the log", async () => {
    const app = openTestApp({ waitMs: 60_000 });
    const token = await app.organization("acme");
    const caller = await app.ledger.authenticate(token);
    assert.ok(caller);
    const log = app.ledger.follow("acme")[Symbol.asyncIterator]();
    const bought = app.ledger.purchase(caller, { e164: "+14155550113" });
    let type = "";
    while (type !== "PurchaseRequested") type = (await log.next()).value?.type;
    await app.close();
    const answer = await bought;
    assert.ok(answer.ok);
    assert.equal(answer.value.number.status, "purchasing");
  });

  test("answers requests 503, with the time to wait", async () => {
    const app = openTestApp();
    const token = await app.organization("acme");
    await app.close();
    const { status, headers } = await app.request("GET", "/v1/phone-numbers", { token });
    assert.deepEqual([status, headers.get("retry-after")], [503, "1"]);
  });

  test("answers callers that waited for a turn at an item", async () => {
    const answered = gate();
    const release: Carrier["release"] = async () => {
      await answered.opened;
      return ok("released");
    };
    const app = openTestApp({ carrier: { ...sandbox(), release }, waitMs: 20 });
    const token = await app.organization("acme");
    const caller = await app.ledger.authenticate(token);
    assert.ok(caller);
    const bought = await buy(app, token, "+14155550101");
    const { id } = bought.json.phoneNumber;
    const first = await app.ledger.release(caller, id);
    assert.deepEqual(first, { ok: true, value: { released: false } });
    const second = app.ledger.release(caller, id).then(() => "answered", () => "refused");
    const closed = app.ledger.close();
    assert.equal(await second, "refused");
    answered.open();
    await closed;
  });
});
