/** The operator lists what all organizations have: each thing once, in pages of any size. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import type { EventLog } from "../../core/ports/mod.ts";
import { callerOf } from "../properties/runs.ts";
import { openTestApp, SIP, type TestApp } from "../support/app.ts";
import { until } from "../support/eventually.ts";
import { everyLog } from "../support/logs.ts";
import { runs } from "../support/runs.ts";
import { ask, pagesOf, type Row } from "./admin-pages.ts";

const LOGS = everyLog();

const ORGANIZATIONS = ["acme", "globex", "initech"];
// The last one's order is refused, so that its purchase fails.
const NUMBERS = ["+14155550101", "+14155550102", "+14155550112"] as const;

const step = fc.record({
  organization: fc.constantFrom(...ORGANIZATIONS),
  e164: fc.constantFrom(...NUMBERS),
  what: fc.constantFrom("buy", "buy", "import", "release", "assign", "wait"),
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const take = async ({ ledger, advance }: TestApp, { organization, e164, what }: Step) => {
  const caller = callerOf(organization);
  const [held] = (await ledger.numbers.list(caller)).filter((one) => one.holding.e164 === e164);
  if (what === "buy") await ledger.purchase(caller, { e164 });
  if (what === "import") await ledger.import(caller, { e164, via: { sipConnection: SIP.id } });
  if (what === "wait") await advance(60);
  if (held === undefined) return;
  if (what === "release") await ledger.release(caller, held.holding.id);
  if (what === "assign") await ledger.assign(caller, "asst_1", [held.holding.id]);
};

const STATUSES = ["purchasing", "active", "suspended", "releasing", "failed"];

/** What the lists of each organization have, as the operator is to find it. */
const naively = async (app: TestApp) => {
  const all: (Row & { readonly e164: string; readonly status: string })[] = [];
  for (const organization of ORGANIZATIONS) {
    for (const { holding, status } of await app.ledger.numbers.list(callerOf(organization))) {
      all.push({ id: holding.id, organization, e164: holding.e164, status });
    }
  }
  return all;
};

const byId = (rows: readonly Row[]): readonly string[] => rows.map(({ id }) => id).toSorted();

const assertNumbers = async (app: TestApp, limit: number): Promise<void> => {
  const all = await naively(app);
  for (const organization of [undefined, "acme", "nobody"]) {
    for (const e164 of [undefined, ...NUMBERS]) {
      for (const status of [undefined, ...STATUSES]) {
        const query = Object.entries({ organization, e164, status, limit: String(limit) })
          .flatMap(([name, value]) =>
            value === undefined ? [] : `${name}=${encodeURIComponent(value)}`
          );
        const path = `/admin/numbers?${query.join("&")}`;
        const found = await pagesOf(app, "numbers", path);
        const fitting = all.filter((one) =>
          (organization === undefined || one.organization === organization) &&
          (e164 === undefined || one.e164 === e164) &&
          (status === undefined || one.status === status)
        );
        assert.deepEqual(byId(found), byId(fitting), path);
        for (const { id, organization: owner } of found) {
          assert.equal(all.find((one) => one.id === id)?.organization, owner, path);
        }
      }
    }
  }
};

const assertLists = async (log: EventLog, steps: readonly Step[], limit: number) => {
  const app = openTestApp({ log, waitMs: 500 });
  try {
    for (const organization of ORGANIZATIONS) await app.organization(organization, "Scale");
    for (const one of steps) await take(app, one);
    // A call may be answered before what it began is at its end.
    await until(async () => (await ask(app, "/admin/work")).work.length === 0);
    await assertNumbers(app, limit);
    const organizations = await pagesOf(
      app,
      "organizations",
      `/admin/organizations?limit=${limit}`,
    );
    assert.deepEqual(byId(organizations), ORGANIZATIONS);
    const all = await naively(app);
    for (const { id, numbers, imports } of organizations as never as Record<string, unknown>[]) {
      const own = all.filter(({ organization, status }) =>
        organization === id && status !== "failed" && status !== "releasing"
      );
      assert.equal(own.length, Number(numbers) + Number(imports), String(id));
    }
    for (const { id, organization } of all) {
      const { events } = await ask(app, `/admin/numbers/${id}/history`);
      const own = await app.ledger.numbers.history(callerOf(organization), id);
      assert.deepEqual(
        events.map(({ position }: { position: number }) => position),
        own.map(({ position }) => position),
      );
    }
  } finally {
    await app.close();
  }
};

describe("the operator's lists have what the organizations' own have, in pages of any size", () => {
  for (const [name, open] of Object.entries(LOGS)) {
    const times = name === "memory" ? runs(60) : 3;
    test(`on ${name}`, async () => {
      const scenario = fc.tuple(fc.array(step, { maxLength: 12 }), fc.integer({ min: 1, max: 4 }));
      await fc.assert(
        fc.asyncProperty(scenario, async ([steps, limit]) => {
          await assertLists(await open(), steps, limit);
        }),
        { numRuns: times },
      );
    });
  }
});
