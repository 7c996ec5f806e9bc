import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Counter } from "./figures.ts";
import { simulate } from "./history.ts";
import { PLANTED } from "./planted.ts";
import { lineFor, lookFor } from "./search.ts";
import { Tape, tapes } from "./tape.ts";
import { FAULTS } from "./weather.ts";

/** Node lives them all; on another runtime a few show that it lives the same ones. */
const ALL = 2_000;
const RUNS = "Deno" in globalThis ? 200 : ALL;
const SEEDS = 1_000_000_000;

/** What must be met in all these histories, so that nothing is left out without being noticed. */
const EVERYWHERE = [
  ...Object.keys(FAULTS).map((fault) => `fault ${fault}`),
  "append conflict",
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
  const counter = new Counter();
  const { failure } = await lookFor({ runs: RUNS, seed, begin: () => counter.begin() });
  assert.equal(failure, null, `${failure?.error}\n${lineFor(seed, failure?.path ?? "")}`);
  if (RUNS < ALL) return;
  const figures = counter.figures();
  assert.deepEqual(EVERYWHERE.filter((what) => !(what in figures)), [], "nobody went there");
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

test("history that breaks a rule is found again, smaller, by its seed and path", async () => {
  const plant = PLANTED["takes a lost answer to an order for a no"];
  assert.ok(plant !== undefined);
  const found = await lookFor({ runs: 100, seed: 3, plant, shrinkMs: 2_000 });
  assert.ok(found.failure !== null);
  const { path, error } = found.failure;
  assert.ok(path.includes(":"), `${path} leads to no smaller history`);
  const again = await lookFor({ runs: 1, seed: 3, path, plant, asFound: true });
  assert.equal(again.runs, 1);
  assert.equal(String(again.failure?.error), String(error));
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
