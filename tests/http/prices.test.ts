/** What a plan's markup makes of the carrier's prices, wherever the organization meets them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "../../adapters/hash/sha256.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { link } from "../../core/log/chain.ts";
import { eventsOf } from "../../core/log/pages.ts";
import type { RecordedEvent } from "../../core/ports/mod.ts";
import { NO_LIMITS, type Plan, type PlanCatalogue } from "../../core/values/plan.ts";
import { expected } from "./ledger-support.ts";
import { buy, purchase, withTeam } from "./talk-support.ts";

const NUMBER = "+14155550101";
/** The carrier says that it cannot carry out the order. */
const REFUSED = "+14155550112";
/** Half as much again: the sandbox asks a dollar for the setup, and one for a month. */
const TEAM: Plan = {
  name: "Team",
  maxNumbers: 10,
  billing: "credits",
  verification: "none",
  markup: 5_000,
  limits: NO_LIMITS,
};
const plans: PlanCatalogue = { Team: TEAM };
const options = { plan: "Team", plans } as const;

test("searches, dry runs, purchases, months and numbers have one price", () =>
  withTeam(async ({ app, call }) => {
    await app.admin("POST", "/admin/organizations/team_1/credits", { amount: "10.00" });
    const creditsOf = async () => (await app.admin("GET", "/admin/organizations/team_1")).credits;
    const kind = { country: "US", areaCode: "415", limit: 1 };
    const { offers: [offer] } = expected(
      await call("POST", "/ledger/searches", { body: kind }),
      200,
    );
    assert.deepEqual([offer.setupUsd, offer.monthlyUsd], ["1.50", "1.50"]);
    const filters = { countryCode: "US", areaCode: "415", limit: 1 };
    const { numbers: [found] } = expected(
      await call("POST", "/api/phone-numbers/search", { body: { filters } }),
      200,
    );
    assert.deepEqual([found.setupPrice, found.monthlyPrice], ["1.50", "1.50"]);
    const { json: [available] } = await call("GET", "/v1/phone-numbers/available?areaCode=415");
    assert.deepEqual([available.upfrontCostUsd, available.monthlyCostUsd], [1.5, 1.5]);

    const command = { type: "purchase", e164: NUMBER };
    const { purchase, events } = expected(
      await call("POST", "/ledger/dry-run", { body: { command } }),
      200,
    );
    assert.deepEqual(
      [purchase.setupUsd, purchase.monthlyUsd, purchase.debitedUsd],
      ["1.50", "1.50", "3.00"],
    );
    const priced = (list: readonly { readonly type: string }[]) =>
      list.find(({ type }) => type === "NumberPriced");
    const shown = { micros: 1_500_000, currency: "USD" };
    assert.deepEqual(priced(events), {
      type: "NumberPriced",
      version: 1,
      data: { holding: `pn_${"0".repeat(26)}`, monthly: shown, carrierMonthly: null },
    });

    const id = await buy(call, NUMBER);
    assert.equal(await creditsOf(), "7.00");
    assert.equal((await call("GET", `/ledger/numbers/${id}`)).json.monthlyUsd, "1.50");
    // What the carrier asks is for the operator to see.
    const own = (await call("GET", `/ledger/numbers/${id}/history`)).json.events;
    assert.deepEqual(Object(priced(own)).data.carrierMonthly, null);
    const { events: whole } = await app.admin("GET", `/admin/numbers/${id}/history`);
    assert.equal(Object(priced(whole)).data.carrierMonthly.micros, 1_000_000);
    await app.advance(29 * 86_400);
    assert.equal(await creditsOf(), "5.50");
  }, options));

test("what a history hides of a price cannot be found from the hashes that it shows", async () => {
  const log = openMemoryLog();
  await withTeam(async ({ app, call }) => {
    await app.admin("POST", "/admin/organizations/team_1/credits", { amount: "10.00" });
    const kind = { country: "US", areaCode: "415", limit: 1 };
    expected(await call("POST", "/ledger/searches", { body: kind }), 200);
    await buy(call, NUMBER);
    assert.equal((await purchase(call, REFUSED)).json.code, "CARRIER_ERROR");
    await app.admin("PUT", "/admin/organizations/team_1", { name: "Team 1", plan: "Other" });
    const stored: RecordedEvent[] = [];
    for await (const page of eventsOf(log, "team_1")) stored.push(...page);
    const salts = stored.flatMap(({ data }) => Object(data).salt ?? []);
    const salted = stored.filter(({ data }) => Object.hasOwn(Object(data), "salt"));
    assert.deepEqual(
      salted.map(({ type }) => type),
      [
        "OrganizationOpened",
        "NumberSearched",
        "NumberPriced",
        "NumberPriced",
        "PurchaseFailed",
        "PlanChanged",
        "NumberPriced",
      ],
    );
    assert.equal(new Set(salts).size, salts.length);
    for (const salt of salts) assert.match(salt, /^[\w-]{43}$/);
    const { numbers } = expected(await call("GET", "/ledger/numbers"), 200);
    assert.equal(numbers.length, 2);
    for (const { id } of numbers) {
      const { events } = expected(await call("GET", `/ledger/numbers/${id}/history`), 200);
      assert.ok(events.length > 2 && !/salt/.test(JSON.stringify(events)));
    }
    // Who knows all but the salt, and guesses right, learns nothing.
    for (const event of salted) {
      const { salt: _, ...known } = Object(event.data);
      const previous = stored[event.position - 2]?.hash ?? "";
      assert.equal(link(previous, event, sha256), event.hash);
      assert.notEqual(link(previous, { ...event, data: known }, sha256), event.hash);
    }
  }, { ...options, log, plans: { ...plans, Other: { ...TEAM, name: "Other", markup: 7_500 } } });
});

test("the operator sees the price of a plan, and what was agreed", () =>
  withTeam(async ({ app }) => {
    const { plans: [plan] } = await app.admin("GET", "/admin/plans");
    const { terms } = await app.admin("GET", "/admin/organizations/team_1");
    const { name, ...said } = plan;
    assert.deepEqual([name, said.price, said.markup], ["Team", null, 5_000]);
    assert.deepEqual(terms, said);
  }, options));
