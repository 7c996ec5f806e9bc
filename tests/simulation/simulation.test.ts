import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Counter } from "./figures.ts";
import { simulate } from "./history.ts";
import { lookFor } from "./search.ts";
import { Tape, tapes } from "./tape.ts";
import { FAULTS } from "./weather.ts";

/** Node lives the histories; on another runtime a part of them shows that it lives the same ones. */
const RUNS = "Deno" in globalThis ? 200 : 2_000;
const SEEDS = 1_000_000_000;

/** What must be met in a few histories, so that nothing is left out without being noticed. */
const EVERYWHERE = [
  ...Object.keys(FAULTS).map((fault) => `fault ${fault}`),
  "append conflict",
  "append claimed",
  "answer purchase: CARRIER_UNREACHABLE",
  "answer purchase: NO_ANSWER",
  "answer purchase: NUMBER_NOT_AVAILABLE",
  "answer purchase: PAYMENT_DECLINED",
  "answer purchase: PLAN_LIMIT_REACHED",
  ...[
    "ChargeDeclined",
    "NumberImported",
    "NumberPurchased",
    "OrderRepeated",
    "PurchaseFailed",
    "Refunded",
    "Reinstated",
    "ReleaseRequested",
    "Released",
    "RenewalFailed",
    "Renewed",
    "ReviewerNotified",
    "Suspended",
    "TrialConverted",
    "TrialExpired",
  ].map((type) => `event ${type}`),
];

test(`history breaks no rule, whatever fails in it, in ${RUNS} histories`, async (context) => {
  const seed = Math.floor(Math.random() * SEEDS);
  context.diagnostic(`seed ${seed}`);
  const { failure } = await lookFor({ runs: RUNS, seed });
  assert.equal(failure, null, `${failure?.error}\n${failure?.reproduce}`);
});

test("history is the same, event by event, when its tape is played again", async () => {
  const [tape = []] = fc.sample(tapes, { numRuns: 1, seed: 7 });
  const play = async (): Promise<readonly string[]> => {
    const heard: string[] = [];
    await simulate(tape, (what, at) => heard.push(`${at} ${what}`));
    return heard;
  };
  const first = await play();
  assert.ok(first.length > 20);
  assert.deepEqual(await play(), first);
});

test("history leads everywhere: each fault strikes, and all that a number can go through happens", async () => {
  const counter = new Counter();
  await lookFor({ runs: 400, seed: 1, begin: () => counter.begin() });
  assert.deepEqual(EVERYWHERE.filter((what) => !(what in counter.figures())), []);
});

test("tape gives the calmest choice when it is at its end", () => {
  const tape = new Tape([5]);
  assert.equal(tape.below(3), 2);
  assert.deepEqual([tape.below(3), tape.chance(999), tape.one(["calm", "wild"])], [
    0,
    false,
    "calm",
  ]);
});
