/**
 * Scripted runs: what users do, in fair weather. Each is performed with one crash, at every place
 * where there can be one, and must end the same as without.
 */
import { installTrunk } from "../harness/sip.ts";
import type { Ledger } from "../../adapters/ledger/mod.ts";
import { numbers } from "../../core/number/state.ts";
import { self } from "../../core/organization/refusals.ts";
import { DAY_MS, type Milliseconds, MINUTE_MS, SECOND_MS } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import { money } from "../../core/values/money.ts";
import { attested } from "../harness/story/mod.ts";
import { callerOf } from "../harness/simulation/acts.ts";
import { FOR_SALE } from "../harness/simulation/inventory.ts";
import { NO_PLANT } from "../harness/simulation/simulated-run.ts";
import { reconcile, Stage } from "../harness/simulation/stage.ts";
import { Tape } from "../harness/simulation/tape.ts";

const ACME = "acme";
const CALLER = callerOf(ACME);
const [E164] = FOR_SALE;

/** Asks until there is an answer, as a user does whose connection was lost. */
const insist = async <Value>(
  stage: Stage,
  ask: (ledger: Ledger) => Promise<Value>,
): Promise<Value> => {
  for (;;) {
    const answer = await stage.call(ask);
    if (answer !== null) return answer;
    await new Promise<void>((resolve) => stage.timeline.after(SECOND_MS, resolve));
  }
};

/** A step of a script. */
type Step = (stage: Stage) => Promise<unknown>;

const calls = (ask: (ledger: Ledger) => Promise<unknown>): Step => (stage) =>
  stage.perform(insist(stage, ask));

/**
 * By then an interrupted order is settled, and the number no longer too new to count as missing.
 */
const AFTER_A_WHILE_MS = 10 * MINUTE_MS;

const passes = (milliseconds: Milliseconds): Step => (stage) => stage.pass(milliseconds);

const isOn = (plan: string): Step =>
  calls((ledger) => ledger.operator.open(ACME, { name: ACME, plan }));

const adds = (dollars: number): Step => (stage) => {
  stage.checker.asksForCredits(ACME);
  const amount = { amount: money(dollars * 1_000_000) };
  const commandId = `${dollars} dollars`;
  return calls((ledger) => ledger.operator.addCredits(ACME, amount, { commandId }))(stage);
};

const submits = calls((ledger) => ledger.verification.submit(CALLER, attested()));

const isApproved = calls(async (ledger) => {
  const { submission } = await ledger.verification.get(CALLER);
  return ledger.operator.review(submission?.id ?? "vs_none", { kind: "approve" });
});

const isRevoked = calls(async (ledger) => {
  const { submission } = await ledger.verification.get(CALLER);
  return ledger.operator.review(submission?.id ?? "vs_none", { kind: "revoke", reason: "No." });
});

const buys = (e164: E164 = E164): Step =>
  calls((ledger) => ledger.purchase(CALLER, { e164 }, { commandId: `buy ${e164}` }));

const first = async (ledger: Ledger): Promise<string> =>
  (await ledger.numbers.list(CALLER))[0]?.holding.id ?? "pn_none";

const releases = calls(async (ledger) => ledger.release(CALLER, await first(ledger)));

const renewsNoMore = calls(async (ledger) =>
  ledger.setAutoRenewal(CALLER, await first(ledger), false)
);

const asksForRelease = calls(async (ledger) =>
  ledger.releaseRequests.request(
    CALLER,
    { holding: await first(ledger), reason: "moving" },
    { commandId: "request" },
  )
);

const grantsRelease = calls(async (ledger) => {
  const [request] = await ledger.releaseRequests.list(CALLER);
  return ledger.operator.resolveReleaseRequest(request?.id ?? "rr_none", { kind: "approve" });
});

const searches = calls((ledger) =>
  ledger.search(CALLER, { country: "US", type: "local", limit: 10 })
);

const isSoldToAnother: Step = async (stage) =>
  stage.carrier.sellToStranger(E164, stage.timeline.now + DAY_MS);

const isLost: Step = async (stage) => stage.carrier.lose();

const isInstalled: Step = calls((ledger) => installTrunk(ledger, ACME, "trunk"));

const imports = calls((ledger) =>
  ledger.import(CALLER, { e164: E164, via: { sipTrunk: "trunk" } }, { commandId: "import" })
);

const prepaid: readonly Step[] = [isOn("Prepaid"), submits, isApproved, adds(10)];

/** The scripts, by name. */
export const SCRIPTS: Readonly<Record<string, readonly Step[]>> = {
  "purchase on a subscription": [isOn("Growth"), buys()],
  "purchase from credits": [...prepaid, buys()],
  "purchase after a search": [isOn("Growth"), searches, buys(), buys(FOR_SALE[1])],
  "trial that ends": [isOn("Free"), buys(), passes(6 * DAY_MS)],
  "trial that is kept": [isOn("Free"), buys(), passes(DAY_MS), isOn("Growth"), passes(40 * DAY_MS)],
  "renewals on a subscription": [isOn("Growth"), buys(), passes(64 * DAY_MS)],
  "renewal without credits, paid within grace": [
    isOn("Prepaid"),
    submits,
    isApproved,
    adds(2),
    buys(),
    passes(32 * DAY_MS),
    adds(5),
    passes(2 * DAY_MS),
  ],
  "renewal that is never paid": [
    isOn("Prepaid"),
    submits,
    isApproved,
    adds(2),
    buys(),
    passes(40 * DAY_MS),
  ],
  "renewal turned off": [
    isOn("Growth"),
    buys(),
    passes(AFTER_A_WHILE_MS),
    renewsNoMore,
    passes(30 * DAY_MS),
  ],
  "suspension at the carrier": [...prepaid, buys(), isRevoked],
  "suspension at the carrier, and back": [
    ...prepaid,
    buys(),
    isRevoked,
    passes(AFTER_A_WHILE_MS),
    submits,
    isApproved,
  ],
  "suspension at the carrier, and back immediately": [
    ...prepaid,
    buys(),
    isRevoked,
    submits,
    isApproved,
  ],
  "release": [isOn("Growth"), buys(), passes(AFTER_A_WHILE_MS), releases],
  "release on request": [
    isOn("Growth"),
    buys(),
    passes(AFTER_A_WHILE_MS),
    asksForRelease,
    grantsRelease,
  ],
  "charge given back": [isOn("Growth"), searches, isSoldToAnother, buys()],
  "credits given back": [...prepaid, searches, isSoldToAnother, buys()],
  "number that the carrier lost": [
    isOn("Growth"),
    buys(),
    passes(AFTER_A_WHILE_MS),
    isLost,
    calls(reconcile),
  ],
  "number imported": [isOn("Growth"), isInstalled, imports, releases],
};

/** How a script ended: where a crash was, and the final state. */
export type Outcome = { readonly crashedAt: string | null; readonly ending: unknown };

const endingOf = (stage: Stage): unknown => {
  const state = stage.checker.state(ACME);
  return {
    credits: self(state)?.credits.micros,
    numbers: state.all(numbers).map((number) => ({
      e164: number.e164,
      status: number.source === "managed" ? number.stage.status : "imported",
      period: number.source === "managed" && "term" in number.stage ? number.stage.term : null,
    })).map(({ period, ...rest }) => ({
      ...rest,
      period: period?.kind === "monthly" ? period.period : period?.kind ?? null,
    })),
    kept: stage.carrier.kept().map(({ connectionId }) => connectionId),
    taken: [...stage.payments.paid.values()].map(({ amount }) => amount.micros),
  };
};

/** Runs a script with a crash at the place of this number, counted from 0. */
export const playScript = async (
  steps: readonly Step[],
  crash: number,
  processes: number,
  downMs: Milliseconds,
): Promise<Outcome> => {
  let places = 0;
  let crashedAt: string | null = null;
  const stage = new Stage(new Tape([]), {
    processes,
    reconciles: false,
    plant: NO_PLANT(),
    crashesAt: (place) => {
      const crashes = places++ === crash;
      if (crashes) crashedAt = place;
      return crashes;
    },
    downMs,
    note: () => {},
  });
  for (const step of steps) await step(stage);
  await stage.pass(MINUTE_MS);
  await stage.heal();
  return { crashedAt, ending: endingOf(stage) };
};
