/** The credit entries add up to the balance in every run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CreditEntry } from "../../core/organization/credits.ts";
import { money, plus } from "../../core/values/money.ts";
import { callerOf, factsOf, forAnyRun, perform, type Stage } from "./runs.ts";
import { ORGANIZATIONS } from "./steps.ts";
import { runs } from "../support/runs.ts";

const RUNS = runs(40);

/** All entries, read in pages of so many. */
const entriesOf = async (
  { ledger }: Stage,
  organization: string,
  limit: number,
): Promise<readonly CreditEntry[]> => {
  const entries: CreditEntry[] = [];
  let before: number | undefined;
  for (;;) {
    const page = await ledger.credits.entries(callerOf(organization), { before, limit });
    assert.ok(page.entries.length <= limit);
    entries.push(...page.entries);
    if (page.next === null) return entries;
    assert.ok(before === undefined || page.next < before, "a page that does not get on");
    before = page.next;
  }
};

const check = async (stage: Stage, organization: string): Promise<void> => {
  const entries = await entriesOf(stage, organization, 100);
  const view = await stage.ledger.operator.organization(organization);
  const sum = entries.reduce((total, { amount }) => plus(total, amount), money(0));
  assert.deepEqual(sum, view?.credits);

  const positions = entries.map(({ position }) => position);
  assert.deepEqual(positions, positions.toSorted((a, b) => b - a));
  assert.equal(new Set(entries.map(({ id }) => id)).size, entries.length);

  const facts = await factsOf(stage, organization);
  for (const { position, at, holding, reason, amount } of entries) {
    const fact = facts[position - 1];
    assert.equal(fact?.at, at);
    assert.equal(reason === "added", holding === null);
    assert.equal(amount.micros < 0, reason === "purchase" || reason === "renewal");
    if (fact !== undefined && "holding" in fact.data) assert.equal(fact.data.holding, holding);
  }
  for (const limit of [1, 3]) {
    assert.deepEqual(await entriesOf(stage, organization, limit), entries);
  }
};

test("the sum of all entries is the balance, and pages of any size give the same", () =>
  forAnyRun(RUNS, 60, (run) =>
    perform(run, async (stage) => {
      for (const organization of ORGANIZATIONS) await check(stage, organization);
    })));
