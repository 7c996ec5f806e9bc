/**
 * A judge between engines and their log, which decides each command itself on what the log has:
 * what is appended has to be what follows at its place, and every other answer has to have been
 * right at a place at which the command was under way. What another organization has claimed may be
 * as it was at any moment since the command was given.
 */
import assert from "node:assert/strict";
import * as Cause from "effect/Cause";
import * as Exit from "effect/Exit";
import type { Done } from "../../adapters/ledger/engine/command.ts";
import { toDraft } from "../../core/events/vocabulary.ts";
import type { Decision } from "../../core/log/decision.ts";
import { mergeNeeds } from "../../core/log/needs.ts";
import { State } from "../../core/log/state.ts";
import { Unavailable } from "../../core/log/unavailable.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import type { Append, AppendOutcome, Claim, EventLog } from "../../core/ports/mod.ts";
import { type Command, decide, moreOf, needsOf } from "../../core/registry/commands.ts";
import { claimKeysOf } from "../../core/values/claim-key.ts";
import { NUMBERS } from "../harness/arbitraries/contents.ts";
import type { Scenario } from "../harness/arbitraries/scenarios.ts";
import type { Saying } from "../harness/domain.ts";

/** A command that is under way, and what it could have been answered so far. */
export type Given = {
  readonly organization: string;
  readonly command: Command;
  readonly saying: Saying;
  readonly id: string;
  readonly answers: Set<string>;
  /** The place of the claims that there were when it was given. */
  since: number;
};

const answerOf = (decision: Decision<{ readonly code: string }>): string =>
  decision.ok ? (decision.value.length === 0 ? "nothing" : "events") : decision.error.code;

/** One after the other, in their order. */
const openTurns = () => {
  let last: Promise<unknown> = Promise.resolve();
  return <Value>(work: () => Promise<Value>): Promise<Value> => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
};

type Told = Exit.Exit<Done, { readonly _tag: string }>;

/** Fails unless the answer was right; `appended` are the events of the command, as JSON. */
const assertRight = (
  { organization, command, id, answers }: Given,
  exit: Told,
  appended: string | undefined,
): void => {
  const what = `${id} ${organization} ${JSON.stringify(command)}`;
  const right = [...answers].join(", ");
  if (Exit.isFailure(exit)) {
    const error: unknown = Cause.squash(exit.cause);
    if (error instanceof Unavailable || Object(error).name === "Busy") return;
    const tag = Object(error)._tag;
    if (tag === undefined) throw error;
    assert.ok(answers.has(tag), `${what} was refused as ${tag}, not ${right}`);
  } else if (exit.value.events.length === 0) {
    assert.ok(answers.has("nothing"), `${what} did nothing, not ${right}`);
  } else {
    assert.equal(JSON.stringify(exit.value.events), appended, what);
  }
};

/** Decides commands on what a log has, where the ledger's own world and payments are these. */
const openDecisions = (log: EventLog, { own, isIncluded }: Scenario) => {
  /** All claims, as they were first and after each append. */
  const claims: (readonly Claim[])[] = [];
  /** Decides the command on its organization as it is now, and these claims. */
  const decisionOn = async (
    { organization, command, saying: { at, actor, scope = "all" } }: Given,
    held: readonly Claim[],
  ) => {
    let needs = needsOf(command, at);
    for (;;) {
      const asked = needs.claims ?? [];
      const { head, rows } = await log.load(organization, needs);
      const seen = held.filter(({ key }) => asked.includes(key));
      const state = State.of({ head, rows, claims: seen }, needs);
      const more = moreOf(state, command);
      const context = { organization, now: at, actor, plans: DEFAULT_PLANS, own, isIncluded };
      if (state.covers(more)) return decide(state, command, { ...context, scope });
      needs = mergeNeeds(needs, more);
    }
  };
  return {
    noteClaims: async (): Promise<void> => {
      claims.push((await log.load("", { claims: NUMBERS.flatMap(claimKeysOf) })).claims);
    },
    /** How often they were noted. */
    moment: (): number => claims.length,
    /** What may be decided now. */
    now: async (given: Given) => {
      const isOwn = ({ organization }: Claim) => organization === given.organization;
      const kept = (claims.at(-1) ?? []).filter(isOwn);
      const isFree = ({ key }: Claim) => !kept.some((claim) => claim.key === key);
      const all = claims.slice(given.since).map((held) => [
        ...kept,
        ...held.filter((claim) => !isOwn(claim) && isFree(claim)),
      ]);
      const each = new Map(all.map((held) => [JSON.stringify(held), held]));
      return await Promise.all([...each.values()].map((held) => decisionOn(given, held)));
    },
  };
};

/** No decision has the salt that an event with a price is stored with. */
const withoutSalt = (name: string, value: unknown): unknown => name === "salt" ? undefined : value;

/** Judges what engines do with a log in a scenario. */
export const openJudge = (log: EventLog, scenario: Scenario) => {
  const turn = openTurns();
  const decisions = openDecisions(log, scenario);
  const { isEmbedded: _, ...elsewhere } = log;
  const open = new Set<Given>();
  const known = new Map<string, Given>();
  /** The events of each command that is in the log, as JSON. */
  const appended = new Map<string, string>();

  const note = async (given: Given): Promise<void> => {
    if (appended.has(given.id)) given.answers.add("repeated");
    else for (const decision of await decisions.now(given)) given.answers.add(answerOf(decision));
  };
  const append = async (input: Append): Promise<AppendOutcome> => {
    const { id } = input.command ?? assert.fail("an append has no id");
    const given = known.get(id) ?? assert.fail(`${id} was not given`);
    const right = (await decisions.now(given)).map((decision) =>
      JSON.stringify(decision.ok ? decision.value.map(toDraft) : decision.error)
    );
    const outcome = await log.append(input);
    if (outcome.outcome !== "appended") return outcome;
    const what = `${input.organization} ${JSON.stringify(given.command)}`;
    const events = JSON.stringify(input.events, withoutSalt);
    assert.ok(right.includes(events), `${what} is ${events}, and not ${right.join(" or ")}`);
    await decisions.noteClaims();
    appended.set(id, JSON.stringify(outcome.events));
    for (const each of open) await note(each);
    return outcome;
  };
  return {
    log: { ...elsewhere, append: (input: Append) => turn(() => append(input)) } satisfies EventLog,
    given: (given: Given): Promise<void> =>
      turn(async () => {
        if (decisions.moment() === 0) await decisions.noteClaims();
        given.since = decisions.moment() - 1;
        open.add(given);
        if (!known.has(given.id)) known.set(given.id, given);
        await note(given);
      }),
    // In its turn: by then, what was appended before is noted.
    told: (given: Given, exit: Told): Promise<void> =>
      turn(() => {
        open.delete(given);
        assertRight(given, exit, appended.get(given.id));
        return Promise.resolve();
      }),
  };
};
