/** The operator finds who held a number at any time, over all organizations. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { isoTime } from "../../core/values/calendar.ts";
import { callerOf } from "../properties/runs.ts";
import { ADMIN_TOKEN, openTestApp, SIP, type TestApp } from "../support/app.ts";
import { runs } from "../support/runs.ts";

const ORGANIZATIONS = ["acme", "globex", "initech"];
const NUMBERS = ["+14155550101", "+14155550102"] as const;

const holders = async (app: TestApp, e164: string, at?: string) => {
  const query = at === undefined ? "" : `?at=${at}`;
  const path = `/ledger/holders/${encodeURIComponent(e164)}${query}`;
  const { status, json } = await app.request("GET", path, { token: ADMIN_TOKEN });
  assert.equal(status, 200, JSON.stringify(json));
  return json;
};

/** The same from the lists of all organizations as they were then. */
const naively = async ({ ledger }: TestApp, e164: string, asOf: number) => {
  const found = [];
  for (const organization of ORGANIZATIONS) {
    for (const { holding, status } of await ledger.numbers.list(callerOf(organization), { asOf })) {
      if (holding.e164 === e164 && status !== "failed") {
        found.push({ organization, id: holding.id, status });
      }
    }
  }
  return found;
};

/** One of the things that happen to numbers. */
const step = fc.record({
  organization: fc.constantFrom(...ORGANIZATIONS),
  e164: fc.constantFrom(...NUMBERS),
  what: fc.constantFrom("buy", "buy", "release", "release", "import", "route", "month"),
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const take = async (app: TestApp, { organization, e164, what }: Step): Promise<void> => {
  const { ledger } = app;
  const caller = callerOf(organization);
  const [held] = (await ledger.numbers.list(caller)).filter((one) => one.holding.e164 === e164);
  switch (what) {
    case "buy":
      return void await ledger.purchase(caller, { e164 });
    case "import":
      return void await ledger.import(caller, {
        e164,
        via: { sipConnection: SIP.id },
      });
    case "release":
      if (held !== undefined) await ledger.release(caller, held.holding.id);
      return;
    case "route":
      if (held !== undefined) await ledger.route(caller, held.holding.id, { label: "Desk" });
      return;
    default:
      return await app.advance(31 * 24 * 3_600);
  }
};

const assertHolders = async (log: EventLog, steps: readonly Step[]): Promise<void> => {
  const app = openTestApp({ log });
  for (const id of ORGANIZATIONS) await app.organization(id, "Growth");
  const times = [app.ledger.now()];
  for (const one of steps) {
    await app.advance(60);
    await take(app, one);
    times.push(app.ledger.now());
  }
  for (const e164 of NUMBERS) {
    for (const at of times) {
      const { holders: found } = await holders(app, e164, isoTime(at));
      assert.deepEqual(
        found.map(({ organization, id, status }: Readonly<Record<string, string>>) => ({
          organization,
          id,
          status,
        })),
        await naively(app, e164, at),
        `${e164} at ${isoTime(at)}`,
      );
    }
  }
  await app.close();
};

describe("who held a number", () => {
  test("is what the lists of all organizations say for that time", async () => {
    const steps = fc.array(step, { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(steps, (all) => assertHolders(openMemoryLog(), all)),
      { numRuns: runs(100) },
    );
  });

  test("is the same in a database", async () => {
    const [all = []] = fc.sample(fc.array(step, { minLength: 20, maxLength: 25 }), {
      numRuns: 1,
      seed: 7,
    });
    await assertHolders(await openPgliteLog({ folder: "memory" }), all);
  });

  test("is shown with where it came from, now where no time is given", async () => {
    const app = openTestApp();
    await app.organization("acme");
    await app.organization("globex");
    const [e164] = NUMBERS;
    const bought = await app.ledger.purchase(callerOf("acme"), { e164 });
    const via = { sipConnection: SIP.id };
    const imported = await app.ledger.import(callerOf("globex"), { e164: NUMBERS[1], via });
    assert.ok(bought.ok && imported.ok);
    const at = "2026-01-31T10:00:00Z";
    assert.deepEqual(await holders(app, e164), {
      e164,
      at,
      holders: [{
        organization: "acme",
        id: bought.value.number.holding.id,
        source: "managed",
        carrier: "sandbox",
        sandbox: true,
        status: "active",
        createdAt: at,
      }],
    });
    const [other] = (await holders(app, NUMBERS[1])).holders;
    assert.deepEqual([other.organization, other.source, other.carrier], [
      "globex",
      "imported",
      null,
    ]);
    assert.deepEqual((await holders(app, "+14155550199")).holders, []);
    assert.deepEqual((await holders(app, e164, "2026-01-30")).holders, []);
    await app.close();
  });
});

describe("the question who held a number", () => {
  test("is the operator's alone", async () => {
    const app = openTestApp();
    const token = await app.organization("acme");
    const path = "/ledger/holders/%2B14155550101";
    for (const given of [{ token }, {}]) {
      assert.equal((await app.request("GET", path, given)).status, 401);
    }
    await app.close();
  });

  test("is answered with the time that was asked for", async () => {
    const app = openTestApp();
    for (const at of ["2026-01-31T09:59:59.900Z", "2026-01-31T09:59:59Z"]) {
      assert.equal((await holders(app, NUMBERS[0], at)).at, at);
    }
    await app.close();
  });

  test("is refused for what is not a number or a time, and for what is to come", async () => {
    const app = openTestApp();
    const refused = async (path: string) => {
      const { status, json } = await app.request("GET", path, { token: ADMIN_TOKEN });
      return [status, json.errors];
    };
    assert.deepEqual(await refused("/ledger/holders/415"), [
      400,
      { e164: ["must be a phone number in E.164 form, such as +14155550101"] },
    ]);
    const path = "/ledger/holders/+14155550101";
    assert.deepEqual(await refused(`${path}?at=soon`), [
      400,
      { at: ["must be an ISO 8601 time such as 2026-03-01T00:00:00Z"] },
    ]);
    assert.deepEqual(await refused(`${path}?at=2026-02-01`), [
      400,
      { at: ["must not be in the future"] },
    ]);
    await assert.rejects(
      app.ledger.operator.holders("+14155550101", { at: app.ledger.now() + 1 }),
      { name: "InvalidArgument", path: "options.at" },
    );
    await app.close();
  });
});
