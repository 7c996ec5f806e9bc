/** Runs of the real ledger: memory log, test clock, and a scripted outside world. */
import { installTrunk } from "../harness/sip.ts";
import assert from "node:assert/strict";
import fc from "fast-check";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTestClock, type TestClock } from "../../adapters/clock/test.ts";
import { type Caller, type Ledger, openLedger } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { type Fact, toFact } from "../../core/events/vocabulary.ts";
import type { EventLog, RecordedEvent, SearchFilters } from "../../core/ports/mod.ts";
import { RECOVERY_BUDGET_MS } from "../../core/number/stage.ts";
import { SECOND_MS } from "../../core/values/calendar.ts";
import { money } from "../../core/values/money.ts";
import { failed, ok } from "../../core/values/result.ts";
import { attested } from "../harness/story/mod.ts";
import { FAIR, openOutside, type Outside } from "./scripted-ports.ts";
import { anyRun, ORGANIZATIONS, type Run, type Step } from "./steps.ts";

/** A running ledger, and what is around it. */
export type Stage = {
  readonly ledger: Ledger;
  readonly log: EventLog;
  readonly clock: TestClock;
  readonly outside: Outside;
};

/** A user of the organization. */
export const callerOf = (organization: string): Caller => ({
  organization,
  actor: { kind: "user", tokenId: "tk_1", email: "alice@example.com", name: "Alice Johnson" },
});

/** All events of an organization. */
export const eventsOf = (
  { log }: Stage,
  organization: string,
): Promise<readonly RecordedEvent[]> => log.events(organization, 0, Number.MAX_SAFE_INTEGER);

/** All facts of an organization, as they are read from its log. */
export const factsOf = async (stage: Stage, organization: string): Promise<readonly Fact[]> =>
  (await eventsOf(stage, organization)).map(toFact);

const FILTERS: SearchFilters = { country: "US", type: "local", limit: 10 };

const openStage = (run: Run): Stage => {
  const log = openMemoryLog();
  const clock = openTestClock(run.start);
  const outside = openOutside(clock);
  const ledger = openLedger({
    log,
    carrier: outside.carrier,
    payments: outside.payments,
    notifier: {
      announce: async ({ id }) =>
        outside.weather.notice === "queued" ? ok({ jobId: id }) : failed({ message: "HTTP 500" }),
    },
    clock,
    setClock: clock.set,
    ids: openIds(clock),
    waitMs: 0,
    runsAutomations: false,
    // Of months of days, each would have one; the simulation tries them.
    reconcilesDaily: false,
  });
  return { ledger, log, clock, outside };
};

/** Opens the organizations, with some credits and an approved verification. */
const settleIn = async ({ ledger }: Stage, { plans }: Run): Promise<void> => {
  for (const [place, organization] of ORGANIZATIONS.entries()) {
    const plan = plans[place] ?? "Growth";
    await ledger.operator.open(organization, { name: organization, plan });
    await ledger.operator.addCredits(organization, { amount: money(6_000_000) });
    const submitted = await ledger.verification.submit(callerOf(organization), attested());
    assert.ok(submitted.ok);
    await ledger.operator.review(submitted.value.id, { kind: "approve" });
  }
};

/** The id of the picked number; an unknown one where there are no numbers. */
const numberAt = async ({ ledger }: Stage, caller: Caller, pick: number): Promise<string> => {
  const all = await ledger.numbers.list(caller);
  return all[pick % Math.max(all.length, 1)]?.holding.id ?? "pn_none";
};

type Doing<Does extends Step["does"]> = (
  stage: Stage,
  step: Extract<Step, { does: Does }>,
  caller: Caller,
  place: number,
) => Promise<unknown>;

/** How each kind of step is done; command ids name the step's place in the run. */
const DOINGS: { readonly [Does in Step["does"]]: Doing<Does> } = {
  purchase: ({ ledger }, { e164, assistant, template }, caller, place) =>
    ledger.purchase(caller, { e164, assistant, template }, { commandId: `purchase ${place}` }),
  advance: ({ ledger }, { pause }) => ledger.operator.advanceClock(pause),
  oversleep: async ({ ledger, clock }, { pause }) => {
    clock.set(clock.now() + pause);
    await ledger.work.run();
  },
  weather: async ({ outside }, { weather }) => {
    outside.weather = weather;
  },
  release: async (stage, { pick }, caller) =>
    stage.ledger.release(caller, await numberAt(stage, caller, pick)),
  plan: ({ ledger }, { plan, by }) => ledger.operator.open(by, { name: by, plan }),
  credits: ({ ledger }, { by, amount }, _caller, place) =>
    ledger.operator.addCredits(by, { amount }, { commandId: `credits ${place}` }),
  search: ({ ledger }, _step, caller) => ledger.search(caller, FILTERS),
  import: async ({ ledger }, { e164, trunk }, caller, place) => {
    await installTrunk(ledger, caller.organization, trunk);
    return ledger.import(
      caller,
      { e164, via: { sipTrunk: trunk } },
      { commandId: `import ${place}` },
    );
  },
  route: async (stage, { pick, change }, caller) =>
    stage.ledger.route(caller, await numberAt(stage, caller, pick), change),
  assign: async (stage, { assistant, picks }, caller) => {
    const ids = [];
    for (const pick of picks) ids.push(await numberAt(stage, caller, pick));
    return stage.ledger.assign(caller, assistant, ids);
  },
  autoRenewal: async (stage, { pick, on }, caller) =>
    stage.ledger.setAutoRenewal(caller, await numberAt(stage, caller, pick), on),
  requestRelease: async (stage, { pick, reason }, caller) => {
    const holding = await numberAt(stage, caller, pick);
    return stage.ledger.releaseRequests.request(caller, { holding, reason });
  },
  resolveRelease: async ({ ledger }, { pick, resolution }, caller) => {
    const all = await ledger.releaseRequests.list(caller);
    const id = all[pick % Math.max(all.length, 1)]?.id ?? "rr_none";
    if (resolution === "cancel") return ledger.releaseRequests.cancel(caller, id);
    const answer = resolution === "approve"
      ? { kind: resolution }
      : { kind: resolution, reason: "No." };
    return ledger.operator.resolveReleaseRequest(id, answer);
  },
  draft: ({ ledger }, { content }, caller) => ledger.verification.draft(caller, content),
  submit: ({ ledger }, { content }, caller) => ledger.verification.submit(caller, content),
  review: async ({ ledger }, { review }, caller) => {
    const { submission } = await ledger.verification.get(caller);
    const answer = review === "approve" ? { kind: review } : { kind: review, reason: "No." };
    return ledger.operator.review(submission?.id ?? "vs_none", answer);
  },
  nonsense: async ({ ledger }, { id }, caller) => {
    for (
      const answer of [
        await ledger.release(caller, id),
        await ledger.route(caller, id, { label: id }),
        await ledger.releaseRequests.cancel(caller, id),
        await ledger.operator.revokeToken(id),
        await ledger.operator.review(id, { kind: "approve" }),
      ]
    ) assert.equal(answer.ok, false);
  },
};

const take = <Does extends Step["does"]>(
  stage: Stage,
  step: Extract<Step, { does: Does }>,
  place: number,
): Promise<unknown> => {
  const doing = DOINGS[step.does] as Doing<Does>;
  return doing(stage, step, callerOf(step.by), place);
};

/**
 * Performs a run, passes the outcome to `look`, and closes the ledger; `after` receives the answer
 * of each step, with its place in the run. The steps are taken on the stage that `around` gives.
 */
export const perform = async (
  run: Run,
  look: (stage: Stage) => Promise<void>,
  after: (step: Step, place: number, answer: unknown) => void = () => {},
  around: (stage: Stage) => Stage = (stage) => stage,
): Promise<void> => {
  const stage = openStage(run);
  try {
    await settleIn(stage, run);
    const seen = around(stage);
    for (const [place, step] of run.steps.entries()) {
      after(step, place, await take(seen, step, place));
    }
    await look(stage);
    assert.deepEqual(stage.outside.wrongs, []);
  } finally {
    await stage.ledger.close();
  }
};

/**
 * Performs a run concurrently: `together` steps start at the same time, with the automations. Only
 * steps in which time passes run alone. Passes the outcome to `look`.
 */
export const performConcurrently = async (
  run: Run,
  together: number,
  look: (stage: Stage) => Promise<void>,
): Promise<void> => {
  const stage = openStage(run);
  const { ledger } = stage;
  const timely = ({ does }: Step): boolean => does === "advance" || does === "oversleep";
  try {
    await settleIn(stage, run);
    let begun: Promise<unknown>[] = [];
    for (const [place, step] of run.steps.entries()) {
      if (timely(step) || begun.length >= together) {
        await Promise.all([...begun, ledger.work.run()]);
        begun = [];
      }
      if (timely(step)) await take(stage, step, place);
      else begun.push(take(stage, step, place));
    }
    await Promise.all(begun);
    await look(stage);
    assert.deepEqual(stage.outside.wrongs, []);
  } finally {
    await ledger.close();
  }
};

/** A step of the ledger continues after its answer; this is how long it may take to end. */
const MAX_TURNS = 500;

/** While work is left, this much time passes before it is tried again. */
const TURN_MS = 30 * SECOND_MS;

/**
 * Makes the weather fair and works until nothing is left to be done now; fails the test where work
 * is left for good.
 */
export const settle = async ({ outside, ledger, log, clock }: Stage): Promise<void> => {
  outside.weather = FAIR;
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    await ledger.work.run();
    // A charge that outlives its purchase is asked for once the recovery budget is over.
    if ((await log.due(clock.now() + RECOVERY_BUDGET_MS, 1)).length === 0) return;
    clock.set(clock.now() + TURN_MS);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  assert.fail(`work is left: ${JSON.stringify(await log.due(clock.now(), 10))}`);
};

/**
 * Fails the test unless `look` finds nothing wrong with any of `numRuns` runs. One that hangs
 * fails, and the search for a smaller one that fails as well ends after a minute.
 */
export const forAnyRun = (
  numRuns: number,
  maxLength: number,
  look: (run: Run) => Promise<void>,
): Promise<void> => {
  const limit_ms = 60_000;
  return fc.assert(fc.asyncProperty(anyRun(maxLength), look), {
    numRuns,
    timeout: limit_ms / 3,
    interruptAfterTimeLimit: limit_ms,
    markInterruptAsFailure: true,
  });
};
