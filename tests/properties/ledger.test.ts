/**
 * What a log says after any run of the real ledger. That money, numbers and routes outside agree
 * with it is a rule of the simulation (`tests/harness/simulation/rules.ts`).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { digest } from "../../adapters/log/digest.ts";
import { rebuildAll, rebuildOrganization } from "../../adapters/ledger/rebuild/mod.ts";
import { EMPTY_HEAD, verifyChain } from "../../core/log/chain.ts";
import { SUBJECTS } from "../../core/registry/subjects.ts";
import { claimKeysOf } from "../../core/values/claim-key.ts";
import { NUMBERS } from "../harness/arbitraries/contents.ts";
import { domainRules } from "../harness/rules.ts";
import { runs } from "../support/runs.ts";
import { assertReplayed } from "../support/replayed.ts";
import {
  callerOf,
  eventsOf,
  factsOf,
  forAnyRun,
  perform,
  performConcurrently,
  settle,
  type Stage,
} from "./runs.ts";
import { ORGANIZATIONS } from "./steps.ts";

const RUNS = runs(40);
/** Steps that start at the same time. */
const TOGETHER = 6;

const KINDS = SUBJECTS.map(({ kind }) => kind);

/** Checks the outcome of any run of at most 60 steps with `look`. */
const holds = (look: (stage: Stage) => Promise<void>): Promise<void> =>
  forAnyRun(RUNS, 60, (run) => perform(run, look));

/** Who holds each of the numbers, as the log has it. */
const claimsIn = async ({ log }: Stage) => {
  const claims = await Promise.all(
    NUMBERS.map(async (e164) => (await log.load("acme", { claims: claimKeysOf(e164) })).claims),
  );
  return claims.flat().toSorted((a, b) => (a.key < b.key ? -1 : 1));
};

/** All that is beside the events: rows, claims, and what is due. */
const besideEvents = async (stage: Stage) => ({
  rows: await Promise.all(
    ORGANIZATIONS.map(async (organization) =>
      (await stage.log.load(organization, { kinds: KINDS })).rows
        .toSorted((a, b) => (`${a.kind} ${a.key}` < `${b.kind} ${b.key}` ? -1 : 1))
    ),
  ),
  claims: await claimsIn(stage),
  due: await stage.log.due(Number.MAX_SAFE_INTEGER, 1_000),
});

/** Fails the test unless the organization's log is one chain that keeps the rules of the domain. */
const checkLog = async (stage: Stage, organization: string): Promise<void> => {
  const facts = await factsOf(stage, organization);
  for (const rule of domainRules()) rule(facts);
  const { head } = await stage.log.load(organization, {});
  const verified = verifyChain(await eventsOf(stage, organization), EMPTY_HEAD, digest);
  assert.deepEqual(verified, { ok: true, value: head });
};

test("rows and claims are what the log leads to, and what a rebuild gives, after any run", () =>
  holds(async (stage) => {
    await assertReplayed(stage.log, NUMBERS);
    const stored = await besideEvents(stage);
    for (const organization of ORGANIZATIONS) {
      await rebuildOrganization(stage.log, organization);
      assert.deepEqual(await besideEvents(stage), stored);
    }
    await rebuildAll(stage.log);
    assert.deepEqual(await besideEvents(stage), stored);
  }));

test("rules hold at every point of every log, which settles, when commands come concurrently", () =>
  forAnyRun(RUNS, 60, (run) =>
    performConcurrently(run, TOGETHER, async (stage) => {
      for (const organization of ORGANIZATIONS) await checkLog(stage, organization);
      await assertReplayed(stage.log, NUMBERS);
      await settle(stage);
    })));

test("number can be bought again by anyone when it was released", () =>
  holds(async (stage) => {
    await settle(stage);
    const { ledger } = stage;
    for (const organization of ORGANIZATIONS) {
      const caller = callerOf(organization);
      for (const { holding } of await ledger.numbers.list(caller)) {
        assert.ok((await ledger.release(caller, holding.id)).ok);
      }
    }
    await settle(stage);
    assert.deepEqual(await claimsIn(stage), []);
    await ledger.operator.open("newcomer", { name: "Newcomer", plan: "Scale" });
    for (const e164 of NUMBERS) {
      const bought = await ledger.purchase(callerOf("newcomer"), { e164 });
      assert.ok(bought.ok, JSON.stringify(bought));
    }
    await settle(stage);
    const list = await ledger.numbers.list(callerOf("newcomer"));
    assert.deepEqual(list.map(({ status }) => status), NUMBERS.map(() => "active"));
  }));
