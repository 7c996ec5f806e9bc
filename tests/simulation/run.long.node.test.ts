/**
 * `npm run simulate`, with as many runs as meet all that can happen: in separate processes,
 * since Node's test runner follows each promise, at half the speed of the runs again.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../tidy/command.ts";
import { FAULTS } from "../harness/simulation/weather.ts";

const RUNS = 2_000;
const SEEDS = 1_000_000_000;
/** Ten times what it takes. */
const LIMIT_MS = 600_000;

/** What must be met in all these runs, so that nothing is left out without being noticed. */
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
    "NoticeGiven",
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
    "RouteAttached",
    "RouteDetached",
    "RouteNoted",
    "Suspended",
    "TrialConverted",
    "TrialExpired",
  ].map((type) => `event ${type}`),
];

test(`no rule is broken in ${RUNS} runs, and in these all is met`, async (context) => {
  const seed = Math.floor(Math.random() * SEEDS);
  context.diagnostic(`seed ${seed}`);
  const parameters = `--runs ${RUNS} --seed ${seed} --workers 2`.split(" ");
  const { ok, output } = await run(
    "node",
    ["--import", "tsx", "tests/simulation/run.ts", ...parameters],
    { echo: false, limit_ms: LIMIT_MS },
  );
  assert.ok(ok, output);
  const met = new Set([...output.matchAll(/ runs {2}(.*)$/gm)].map(([, what]) => what));
  assert.deepEqual(EVERYWHERE.filter((what) => !met.has(what)), [], "no run went there");
});
