import assert from "node:assert/strict";
import { test } from "node:test";
import { digest } from "../../adapters/log/digest.ts";
import { rebuildAll, rebuildOrganization } from "../../adapters/ledger/rebuild/mod.ts";
import { EMPTY_HEAD, verifyChain } from "../../core/log/chain.ts";
import { claimsHeld } from "../../core/registry/claims.ts";
import { replay, rowsOf } from "../../core/registry/replay.ts";
import { SUBJECTS } from "../../core/registry/subjects.ts";
import { numbers } from "../../core/number/state.ts";
import type { Claim, Row } from "../../core/ports/mod.ts";
import { HOUR_MS } from "../../core/values/calendar.ts";
import { claimKeysOf } from "../../core/values/claim-key.ts";
import type { E164 } from "../../core/values/e164.ts";
import { NUMBERS } from "../harness/arbitraries/contents.ts";
import { callerOf, eventsOf, factsOf, forAnyRun, perform, settle, type Stage } from "./runs.ts";
import {
  checkCharges,
  checkCredits,
  checkEnds,
  checkImports,
  checkLimit,
  checkPeriods,
  checkQuotas,
  checkTrial,
} from "../harness/rules.ts";
import { ORGANIZATIONS } from "./steps.ts";
import { runs } from "../support/runs.ts";

const KINDS = SUBJECTS.map(({ kind }) => kind);

const RUNS = runs(40);

/** Checks the outcome of any run of at most 60 steps with `look`. */
const holds = (look: (stage: Stage) => Promise<void>): Promise<void> =>
  forAnyRun(RUNS, 60, (run) => perform(run, look));

const inOrder = (rows: readonly Row[]): readonly Row[] => {
  const name = ({ kind, key }: Row) => JSON.stringify([kind, key]);
  return rows.toSorted((a, b) => (name(a) < name(b) ? -1 : 1));
};

const rowsIn = async ({ log }: Stage, organization: string): Promise<readonly Row[]> =>
  inOrder((await log.load(organization, { kinds: KINDS })).rows);

const byKey = (claims: readonly Claim[]): readonly Claim[] =>
  claims.toSorted((a, b) => (a.key < b.key ? -1 : 1));

/** Who holds each of the numbers, as the log has it. */
const claimsIn = async ({ log }: Stage): Promise<readonly Claim[]> => {
  const claims = await Promise.all(
    NUMBERS.map(async (e164) => (await log.load("acme", { claims: claimKeysOf(e164) })).claims),
  );
  return byKey(claims.flat());
};

const everything = async (stage: Stage) => ({
  rows: await Promise.all(ORGANIZATIONS.map((organization) => rowsIn(stage, organization))),
  claims: await claimsIn(stage),
  due: await stage.log.due(Number.MAX_SAFE_INTEGER, 1_000),
});

test("rows beside the log are what the log folds to, and what a rebuild gives, after any run", () =>
  holds(async (stage) => {
    for (const organization of ORGANIZATIONS) {
      const stored = await rowsIn(stage, organization);
      const state = replay(await eventsOf(stage, organization));
      assert.deepEqual(inOrder(JSON.parse(JSON.stringify(rowsOf(state)))), stored);
      const claims = await claimsIn(stage);
      const due = await stage.log.due(Number.MAX_SAFE_INTEGER, 1_000);
      await rebuildOrganization(stage.log, organization);
      assert.deepEqual(await rowsIn(stage, organization), stored);
      assert.deepEqual(await claimsIn(stage), claims);
      assert.deepEqual(await stage.log.due(Number.MAX_SAFE_INTEGER, 1_000), due);
    }
    const stored = await everything(stage);
    await rebuildAll(stage.log);
    assert.deepEqual(await everything(stage), stored);
  }));

test("log verifies as one hash chain up to its head after any run", () =>
  holds(async (stage) => {
    for (const organization of ORGANIZATIONS) {
      const { head } = await stage.log.load(organization, {});
      const events = await eventsOf(stage, organization);
      assert.deepEqual(verifyChain(events, EMPTY_HEAD, digest), { ok: true, value: head });
    }
  }));

test("number has one holder at most and claims are the holdings after any run", () =>
  holds(async (stage) => {
    const held: Claim[] = [];
    for (const organization of ORGANIZATIONS) {
      const state = replay(await eventsOf(stage, organization));
      held.push(...claimsHeld(state).map((claim) => ({ ...claim, organization })));
    }
    assert.deepEqual(await claimsIn(stage), byKey(held));
  }));

test("rules hold at every point of every log after any run", () =>
  holds(async (stage) => {
    for (const organization of ORGANIZATIONS) {
      const facts = await factsOf(stage, organization);
      checkLimit(facts);
      checkQuotas(facts);
      checkTrial(facts);
      checkPeriods(facts);
      checkCredits(facts);
      checkCharges(facts);
      checkEnds(facts);
      checkImports(facts);
    }
  }));

test("everything settles when the weather is fair again after any run", () =>
  holds(async (stage) => {
    await settle(stage);
    const { ledger, log, clock } = stage;
    assert.deepEqual(await log.due(clock.now(), 1_000), []);
    for (const organization of ORGANIZATIONS) {
      for (
        const { holding, status, renewsAt } of await ledger.numbers.list(callerOf(organization))
      ) {
        assert.ok(status !== "purchasing" && status !== "releasing", `${holding.id}: ${status}`);
        assert.ok(status !== "active" || (renewsAt ?? clock.now() + 1) > clock.now());
      }
    }
  }));

test("carrier has given out just the numbers that have a holder when everything has settled", () =>
  holds(async (stage) => {
    await settle(stage);
    const held = new Set<E164>();
    for (const organization of ORGANIZATIONS) {
      const state = replay(await eventsOf(stage, organization));
      for (const number of state.all(numbers)) {
        const bought = number.source === "managed" && number.stage.status !== "failed";
        if (bought) held.add(number.e164);
      }
    }
    assert.deepEqual([...stage.outside.sold].toSorted(), [...held].toSorted());
  }));

test("carrier has detached just the numbers that are suspended when everything has settled", () =>
  holds(async (stage) => {
    await settle(stage);
    const suspended: E164[] = [];
    for (const organization of ORGANIZATIONS) {
      for (const number of replay(await eventsOf(stage, organization)).all(numbers)) {
        const isSuspended = number.source === "managed" && number.stage.status === "suspended";
        if (isSuspended) suspended.push(number.e164);
      }
    }
    // By then the carrier has taken also what was sent to it last.
    stage.clock.set(stage.clock.now() + HOUR_MS);
    assert.deepEqual(stage.outside.detached().toSorted(), suspended.toSorted());
  }));

test("money that was taken has its period in the log when everything has settled", () =>
  holds(async (stage) => {
    await settle(stage);
    const charged = new Map<string, number>();
    for (const organization of ORGANIZATIONS) {
      const facts = await factsOf(stage, organization);
      assert.deepEqual(checkCharges(facts), new Map(), "a charge is open");
      for (const { type, data } of facts) {
        const period = type === "Renewed"
          ? data
          : type === "NumberPurchased"
          ? data.term
          : undefined;
        if (period === undefined || !("chargeKey" in period)) continue;
        if (period.paidFrom === "credits") continue;
        charged.set(period.chargeKey, period.amount.micros);
      }
    }
    const taken = [...stage.outside.paid].map(([key, { amount }]) => [key, amount.micros]);
    assert.deepEqual(
      new Map(taken.toSorted() as [string, number][]),
      new Map([...charged].toSorted()),
    );
  }));

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
