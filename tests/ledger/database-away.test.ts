/** A database that is away, or comes back without what was written: 503, as often as it takes. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { Unavailable } from "../../core/log/unavailable.ts";
import type { Carrier, EventLog } from "../../core/ports/mod.ts";
import { openTestApp, SHORT_WAIT_MS, type TestApp, type TestResponse } from "../support/app.ts";

const at = "2026-01-31T10:00:00Z";

const assertUnavailable = ({ status, json, headers }: TestResponse): void => {
  assert.equal(status, 503, JSON.stringify(json));
  assert.ok(headers.get("retry-after") !== null);
};

/** A sandbox whose order book is away for these calls. */
const sandboxAway = (away: readonly (keyof Carrier)[]): Carrier => {
  const clock = openTestClock(Date.parse(at));
  const carrier = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const fail = () => Promise.reject(new Unavailable("the order book is away"));
  return { ...carrier, ...Object.fromEntries(away.map((call) => [call, fail])) };
};

const openApp = (options: Parameters<typeof openTestApp>[0] = {}) => {
  const reported: string[] = [];
  const report = (what: string): void => void reported.push(what);
  return { app: openTestApp({ at, report, ...options }), reported };
};

const searches = (app: TestApp, token: string): readonly Promise<TestResponse>[] => [
  app.request("POST", "/api/phone-numbers/search", {
    token,
    body: { filters: { countryCode: "US", numberType: "local" } },
  }),
  app.request("GET", "/v1/phone-numbers/available?country_code=US", { token }),
];

const purchase = (app: TestApp, token: string, phoneNumber: string) =>
  app.request("POST", "/api/phone-numbers/purchase", {
    token,
    body: { phoneNumber, teamId: "acme" },
  });

describe("a carrier whose books are in the database that is away", () => {
  test("is not a carrier's error: searches and quotes answer 503", async () => {
    const { app, reported } = openApp({ carrier: sandboxAway(["search", "quote"]) });
    const token = await app.organization("acme");
    for (const answer of await Promise.all(searches(app, token))) assertUnavailable(answer);
    assertUnavailable(await purchase(app, token, "+14155550199"));
    assert.deepEqual(reported, []);
    await app.close();
  });

  test("leaves an order open, which is looked up when it is there again", async () => {
    const carrier = sandboxAway(["order", "findOrder"]);
    const { app, reported } = openApp({ carrier, waitMs: SHORT_WAIT_MS });
    const token = await app.organization("acme");
    const bought = await purchase(app, token, "+14155550199");
    assert.equal(bought.status, 202, JSON.stringify(bought.json));
    const listed = await app.request("GET", "/api/phone-numbers/purchase?teamId=acme", { token });
    assert.equal(listed.status, 200);
    assert.ok(JSON.stringify(listed.json).includes("+14155550199"));
    assert.deepEqual(reported, []);
    await app.close();
  });

  test("is reported where it is broken, and not away", async () => {
    const carrier = sandboxAway([]);
    const search = () => Promise.reject(new Error("a mistake"));
    const { app, reported } = openApp({ carrier: { ...carrier, search } });
    const token = await app.organization("acme");
    const [answer] = await Promise.all(searches(app, token));
    assert.equal(answer?.status, 502);
    assert.ok(reported.length > 0);
    await app.close();
  });
});

/** A log with a replica, which is what there is from the first append on that has such an event. */
const failingOver = (type: string): EventLog => {
  const [first, replica] = [openMemoryLog(), openMemoryLog()];
  let isOver = false;
  const current = (): EventLog => isOver ? replica : first;
  const forwarded = Object.keys(first).map((name) => {
    const key = name as keyof EventLog;
    if (typeof first[key] !== "function") return [key, first[key]];
    return [
      key,
      (...given: never[]) => (current()[key] as (...given: never[]) => unknown)(...given),
    ];
  });
  return {
    ...Object.fromEntries(forwarded) as EventLog,
    append: async (append) => {
      if (isOver) return await replica.append(append);
      const outcome = await first.append(append);
      // Another append may have been given before that, and ends later.
      isOver ||= append.events.some((event) => event.type === type);
      if (!isOver) await replica.append(append);
      return outcome;
    },
    close: async () => {
      await first.close();
      await replica.close();
    },
  };
};

describe("a failover that loses what was just written", () => {
  test("answers a purchase 503, reports it, and completes it when it is sent again", async () => {
    const { app, reported } = openApp({ log: failingOver("PurchaseRequested") });
    const token = await app.organization("acme");
    assertUnavailable(await purchase(app, token, "+14155550199"));
    assert.deepEqual(reported, ["reading what was written"]);
    const again = await purchase(app, token, "+14155550198");
    assert.equal(again.status, 200, JSON.stringify(again.json));
    await app.close();
  });

  test("answers 503 where an organization was opened", async () => {
    const { app, reported } = openApp({ log: failingOver("OrganizationOpened") });
    const body = { name: "Acme", plan: "Growth" };
    const token = "admin-secret-of-tests";
    assertUnavailable(await app.request("PUT", "/admin/organizations/acme", { token, body }));
    assert.deepEqual(reported, ["reading what was written"]);
    assert.equal(
      (await app.request("PUT", "/admin/organizations/acme", { token, body })).status,
      200,
    );
    await app.close();
  });
});
