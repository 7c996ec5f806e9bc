/** A process that ends between any two of its calls to the world, and another one that goes on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openLedger } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { replay } from "../../core/registry/replay.ts";
import { releaseRequests } from "../../core/number/release-requests.ts";
import { numbers } from "../../core/number/state.ts";
import type { Payments } from "../../core/ports/mod.ts";
import { HOUR_MS } from "../../core/values/calendar.ts";
import { FAIR, openOutside } from "../properties/scripted-ports.ts";
import { eventsOf, factsOf, settle, type Stage } from "../properties/runs.ts";
import { checkCharges, checkEnds, checkPeriods } from "../harness/rules.ts";
import { STORIES, type Story } from "./crash-stories.ts";
import { onPower, powerFor } from "./power-failure.ts";

/** A world with its own ledger, and a way to open others on the same log. */
const openWorld = () => {
  const log = openMemoryLog();
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const outside = openOutside(clock);
  const ids = openIds(clock);
  const open = (
    over: Partial<Pick<Stage, "log"> & Pick<Stage["outside"], "carrier">>,
    payments: Payments,
  ) =>
    openLedger({
      log,
      carrier: outside.carrier,
      clock,
      setClock: clock.set,
      ids,
      waitMs: 0,
      runsAutomations: false,
      ...over,
      payments,
    });
  const stage: Stage = { ledger: open({}, outside.payments), log, clock, outside };
  return { stage, open };
};

/** What must be true of the log and of the world outside once everything has settled. */
const checkSettled = async (stage: Stage): Promise<void> => {
  const { outside, log, clock } = stage;
  assert.deepEqual(await log.due(clock.now(), 10), []);
  assert.deepEqual(outside.wrongs, []);
  const facts = await factsOf(stage, "acme");
  assert.deepEqual(checkCharges(facts), new Map());
  checkPeriods(facts);
  checkEnds(facts);
  const state = replay(await eventsOf(stage, "acme"));
  // Nobody is asked about a purchase that is given up.
  assert.ok(state.all(releaseRequests).every(({ outcome }) => outcome.status === "approved"));
  const held = state.all(numbers)
    .filter((number) => number.source === "managed")
    .filter(({ stage: { status } }) => status !== "failed");
  assert.deepEqual([...outside.sold], held.map(({ e164 }) => e164));
  // By then the carrier has taken also what was sent to it last.
  clock.set(clock.now() + HOUR_MS);
  const resting = held.filter(({ stage: { status } }) => status === "suspended");
  assert.deepEqual(outside.detached(), resting.map(({ e164 }) => e164));
  const opened = facts.filter(({ type }) => type === "NumberPurchased" || type === "Renewed");
  assert.equal(outside.paid.size, opened.length);
};

/** Runs a story on so much power, and then to its end; says whether the power sufficed for it. */
const sufficed = async (story: Story, boundaries: number): Promise<boolean> => {
  const { stage, open } = openWorld();
  await stage.ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
  await story.before?.(stage);
  const { outside, log } = stage;
  outside.weather = { ...FAIR, ...story.weather };
  const power = powerFor(boundaries);
  const failing = open(
    {
      // The log itself goes on.
      log: { ...onPower(log, power), close: () => Promise.resolve() },
      carrier: onPower(outside.carrier, power),
    },
    onPower(outside.payments, power),
  );
  await story.deed(failing, stage).catch(() => assert.ok(power.isOut()));
  await failing.close();
  stage.clock.set(stage.clock.now() + (story.rests ?? 0));
  await settle(stage);
  await checkSettled(stage);
  return !power.isOut();
};

const MAX_BOUNDARIES = 200;

for (const [name, story] of Object.entries(STORIES)) {
  test(`${name} comes to its end when the process ends at any of its boundaries`, async () => {
    let boundaries = 0;
    while (!(await sufficed(story, boundaries))) {
      assert.ok(++boundaries < MAX_BOUNDARIES, "the story has no end");
    }
    assert.ok(boundaries >= 8, `it has ${boundaries} boundaries alone`);
  });
}
