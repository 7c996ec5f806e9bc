import assert from "node:assert/strict";
import { test } from "node:test";
import { digest } from "../../adapters/log/digest.ts";
import { EMPTY_HEAD, verifyChain } from "../../core/log/chain.ts";
import { claimsHeld } from "../../core/registry/claims.ts";
import { replay } from "../../core/registry/replay.ts";
import { eventsOf, factsOf, forAnyRun, performConcurrently, settle, type Stage } from "./runs.ts";
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

const RUNS = runs(30);
const HANDS = 6;

const holds = (look: (stage: Stage) => Promise<void>): Promise<void> =>
  forAnyRun(RUNS, 60, (run) => performConcurrently(run, HANDS, look));

test("rules hold at every point of every log when many commands come concurrently", () =>
  holds(async (stage) => {
    const held: string[] = [];
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
      const events = await eventsOf(stage, organization);
      assert.ok(verifyChain(events, EMPTY_HEAD, digest).ok);
      held.push(...claimsHeld(replay(events)).map(({ key }) => key));
    }
    assert.equal(new Set(held).size, held.length, "a number has two holders");
  }));

test("everything settles when many commands came concurrently", () =>
  holds(async (stage) => {
    await settle(stage);
    assert.deepEqual(await stage.log.due(stage.clock.now(), 1_000), []);
  }));
