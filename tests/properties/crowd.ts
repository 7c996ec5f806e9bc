/**
 * A crowd: engines on one log are given many commands of two organizations at the same time, while
 * appends are late, are lost, or lose their answers. A judge (`judge.ts`) says whether all answers
 * are right.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { openTestClock } from "../../adapters/clock/test.ts";
import { eventLoopTurn } from "../../adapters/ledger/engine/slices.ts";
import { rebuildAll } from "../../adapters/ledger/rebuild/mod.ts";
import { digest } from "../../adapters/log/digest.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { toDraft } from "../../core/events/vocabulary.ts";
import { EMPTY_HEAD, verifyChain } from "../../core/log/chain.ts";
import { Unavailable } from "../../core/log/unavailable.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { buying } from "../harness/arbitraries/command-parts.ts";
import { ASSISTANTS, NUMBERS } from "../harness/arbitraries/contents.ts";
import {
  ORGANIZATIONS,
  run,
  type Scenario,
  scenario,
  type ScenarioStep,
} from "../harness/arbitraries/scenarios.ts";
import { assertReplayed } from "../support/replayed.ts";
import { openGiving } from "../ledger/engine-support.ts";
import { type Given, openJudge } from "./judge.ts";

/** What becomes of an append. */
type End = "straight" | "late" | "lost" | "unknown";

/** How a crowd comes. */
export type Crowd = {
  readonly scenario: Scenario;
  /** How many engines there are, and how many commands come at the same time. */
  readonly engines: number;
  readonly together: number;
  /** What becomes of appends, in turn. */
  readonly ends: readonly End[];
};

/** What callers of a busy organization want all the time. */
const wanted: fc.Arbitrary<ScenarioStep> = fc.record({
  organization: fc.constantFrom("acme", "acme", "acme", "umbrella"),
  said: fc.oneof(
    { weight: 2, arbitrary: buying },
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constant("NameAssistant" as const),
        assistant: fc.constantFrom(...ASSISTANTS),
        name: fc.constantFrom("Ann", "Bea", "Cleo", "Dora"),
      }),
    },
  ),
  actor: fc.constant(OPERATOR),
  pause: fc.constant(0),
  scope: fc.constant("all"),
});

/** A crowd at so many engines. */
export const crowd = (engines: number): fc.Arbitrary<Crowd> =>
  fc.record({
    scenario: fc.tuple(scenario(60), fc.array(wanted, { minLength: 20, maxLength: 60 })).map(
      ([past, further]): Scenario => ({
        ...past,
        steps: further.flatMap((step, place) => [step, ...past.steps.slice(place, place + 1)]),
      }),
    ),
    engines: fc.constant(engines),
    together: fc.integer({ min: 2, max: 40 }),
    ends: fc.array(
      fc.oneof(
        { weight: 12, arbitrary: fc.constant<End>("straight") },
        fc.constantFrom<End>("late", "lost", "unknown"),
      ),
      { maxLength: 50 },
    ),
  });

/** Changes what engines see of the log. */
export type Plant = (log: EventLog) => EventLog;

/** The log of an engine, on which appends end so. */
const ending = (log: EventLog, next: () => End): EventLog => ({
  ...log,
  append: async (input) => {
    const end = next();
    if (end === "late") await eventLoopTurn();
    if (end === "lost") throw new Unavailable("it is lost");
    const outcome = await log.append(input);
    if (end === "unknown") throw new Unavailable("its answer is lost");
    return outcome;
  },
});

/** A log in memory in which the organizations of a scenario are open. */
const openLog = async (past: Scenario): Promise<EventLog> => {
  const log = openMemoryLog();
  const domain = run({ ...past, steps: [] });
  for (const organization of ORGANIZATIONS) {
    for (const { at, actor, ...event } of domain.book(organization).facts) {
      const rest = { at, actor, command: null, rows: [], claims: [], free: [] };
      await log.append({ organization, expected: "any", events: [toDraft(event)], ...rest });
    }
  }
  await rebuildAll(log);
  return log;
};

/** The commands of a scenario, as they were given one after the other. */
const commandsOf = (past: Scenario): readonly Given[] => {
  const all: Given[] = [];
  run(past, ({ organization, command, saying }) => {
    all.push({
      organization,
      command,
      saying,
      id: `c-${all.length}`,
      answers: new Set(),
      since: 0,
    });
  });
  return all;
};

/** Lets a crowd come, and fails where an answer is wrong or the log is not what follows from it. */
export const come = async (
  { scenario, engines, together, ends }: Crowd,
  plant: Plant = (log) => log,
): Promise<void> => {
  const clock = openTestClock(scenario.start);
  const memory = await openLog(scenario);
  const judge = openJudge(memory, scenario);
  let appends = 0;
  const next = (): End => ends[appends++ % Math.max(ends.length, 1)] ?? "straight";
  const carrier = scenario.own === "sandbox" ? "sandbox" : "live";
  const payments = { charge: { isIncluded: scenario.isIncluded } };
  const givers = Array.from(
    { length: engines },
    () => openGiving(plant(ending(judge.log, next)), clock, { carrier, payments }),
  );
  const all = commandsOf(scenario);
  for (let from = 0; from < all.length; from += together) {
    const crowd = all.slice(from, from + together);
    const at = Math.max(...crowd.map(({ saying }) => saying.at));
    clock.set(at);
    // Some are given twice.
    const twice = crowd.filter((_, place) => place % 5 === 0);
    await Promise.all([...crowd, ...twice].map(async (one, place) => {
      const given = { ...one, saying: { ...one.saying, at }, answers: new Set<string>() };
      await judge.given(given);
      const give = givers[place % engines] ?? assert.fail("there is no engine");
      await judge.told(given, await give(given));
    }));
  }
  for (const organization of ORGANIZATIONS) {
    const events = await memory.events(organization, 0, 100_000);
    assert.ok(verifyChain(events, EMPTY_HEAD, digest).ok);
  }
  await assertReplayed(memory, NUMBERS);
};
