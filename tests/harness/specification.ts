/** Specifications: given these events, when this command, then these events or this refusal. */
import { messageOf } from "../../core/values/error-message.ts";
import assert from "node:assert/strict";
import type { Command, Refusal } from "../../core/registry/commands.ts";
import type { Decision } from "../../core/log/decision.ts";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import type { State } from "../../core/log/state.ts";
import { type PlanCatalogue } from "../../core/values/plan.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import type { Instant } from "../../core/values/calendar.ts";
import type { Scope } from "../../core/values/claim-key.ts";
import type { Actor } from "../../core/values/identity.ts";
import type { Context } from "../../core/log/decision.ts";
import { type Domain, openDomain, type Saying } from "./domain.ts";

/** Events that happened at one moment. */
export type Moment = {
  readonly at: Instant;
  readonly actor?: Actor | undefined;
  /** Whose events they are; those of the specified organization when left out. */
  readonly organization?: string | undefined;
  readonly events: readonly DomainEvent[];
};

/** When a command is given, by whom, and under which plans. */
export type Circumstances = {
  /** An ISO time. */
  readonly at?: string | undefined;
  readonly actor?: Actor | undefined;
  readonly plans?: PlanCatalogue | undefined;
  /** What its caller sees and changes; everything by default. */
  readonly scope?: Scope | undefined;
  /** The world of the ledger's own carrier; the sandbox by default. */
  readonly own?: Context["own"] | undefined;
  /** Whether the subscription covers every number; charges are asked for by default. */
  readonly isIncluded?: boolean | undefined;
};

/** A user of the specified organization. */
export const ALICE: Actor = {
  kind: "user",
  tokenId: "tk_alice",
  email: "alice@example.com",
  name: "Alice Johnson",
};

/** The organization of a specification. */
export const ACME = "acme";

/** Milliseconds since 1970 of an ISO time. */
export const instant = (iso: string): Instant => {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) throw new RangeError(`must be an ISO time: ${iso}`);
  return at;
};

/**
 * Events that happened at an ISO time.
 *
 * @example
 * ```ts
 * import { at, given, story } from "ledgerline/testing";
 *
 * given(at("2026-01-31T10:00:00Z", story.opened("Growth")));
 * ```
 */
export const at = (iso: string, ...events: readonly DomainEvent[]): Moment => ({
  at: instant(iso),
  events,
});

/**
 * Events of another organization.
 *
 * @example
 * ```ts
 * import { at, elsewhere, given, story } from "ledgerline/testing";
 *
 * given(elsewhere("globex", at("2026-01-31T10:00:00Z", story.opened("Scale"))));
 * ```
 */
export const elsewhere = (organization: string, moment: Moment): Moment => ({
  ...moment,
  organization,
});

/**
 * What happened before: events at one moment, or events alone, which happen when those before do.
 */
export type Past = Moment | DomainEvent;

/** The default time: the end of January, since no month is like the next from there. */
export const START: Instant = instant("2026-01-31T10:00:00Z");

const momentsOf = (past: readonly Past[]): readonly Moment[] => {
  let last = START;
  return past.map((one) => {
    const moment = "events" in one ? one : { at: last, events: [one] };
    last = moment.at;
    return moment;
  });
};

const tell = (
  moments: readonly Moment[],
  plans: PlanCatalogue,
  { own, isIncluded }: Circumstances = {},
): Domain => {
  const domain = openDomain(plans, own, isIncluded);
  for (const { organization = ACME, at, actor = ALICE, events } of moments) {
    domain.record(organization, events, { at, actor });
  }
  return domain;
};

/**
 * The state of the organization after these events.
 *
 * @example
 * ```ts
 * import { organizations, SELF } from "ledgerline/core";
 * import { stateAfter, story } from "ledgerline/testing";
 *
 * const state = stateAfter(story.opened("Growth"));
 * console.log(state.get(organizations, SELF)?.plan);
 * ```
 */
export const stateAfter = (...past: readonly Past[]): State =>
  tell(momentsOf(past), DEFAULT_PLANS).book(ACME).state;

/** The outcome of a decision: its events, or the code of its refusal. */
const outcomeOf = (decision: Decision<Refusal>): readonly DomainEvent[] | Refusal["code"] =>
  decision.ok ? decision.value : decision.error.code;

/**
 * The commands that ask for something new each time they are given, unless they have an id; every
 * other one adds nothing when it is given again (core/README.md).
 */
export const ADDS_EACH_TIME: readonly Command["type"][] = ["AddCredits", "RecordSearch"];

const checkRepeat = ({ decide }: Domain, command: Command, saying: Saying): void => {
  if (ADDS_EACH_TIME.includes(command.type)) return;
  const again = outcomeOf(decide(ACME, command, saying));
  assert.ok(
    typeof again === "string" || again.length === 0,
    `${command.type} adds events when it is given again: ${JSON.stringify(again)}`,
  );
};

/** What is expected of a command: events, or the code of a refusal. */
export type Expected = readonly DomainEvent[] | Refusal["code"];

const inShort = (outcome: Expected): string =>
  typeof outcome === "string"
    ? `the refusal ${outcome}`
    : outcome.map(({ type }) => type).join(", ") || "no events";

/** Fails with what was expected, what came, and where they differ. */
const assertOutcome = (
  when: string,
  decision: Decision<Refusal>,
  expected: Expected,
): void => {
  const actual = outcomeOf(decision);
  try {
    assert.deepEqual(actual, expected);
  } catch (error) {
    const why = decision.ok ? "" : ` ("${decision.error.message}")`;
    const message = `${when}:
  expected ${inShort(expected)}
  came     ${inShort(actual)}${why}

${messageOf(error)}`;
    throw new assert.AssertionError({ message, actual, expected, operator: "deepEqual" });
  }
};

/** A specification whose command was given. */
export type When = {
  /**
   * Fails the test unless the command leads to exactly these events, or to this refusal, and adds
   * nothing when it is given once more.
   */
  readonly then: (expected: Expected) => Then;
};

/** A specification that holds so far: its state, and the next command. */
export type Then = Given & { readonly state: State };

/** A specification that has its past events. */
export type Given = {
  /**
   * Gives a command; as Alice, at the moment of the last event, and under the default plans unless
   * given otherwise.
   */
  readonly when: (command: Command, circumstances?: Circumstances) => When;
};

const givenMoments = (moments: readonly Moment[]): Given => ({
  when: (command, circumstances = {}) => {
    const { at: iso, actor = ALICE, plans = DEFAULT_PLANS, scope = "all" } = circumstances;
    const now = iso === undefined ? moments.at(-1)?.at ?? START : instant(iso);
    const saying = { at: now, actor, scope };
    return {
      // oxlint-disable-next-line unicorn/no-thenable -- a specification's word; it is never awaited
      then: (expected) => {
        const domain = tell(moments, plans, circumstances);
        const decision = domain.give(ACME, command, saying);
        const count = moments.reduce((sum, { events }) => sum + events.length, 0);
        const when = new Date(now).toISOString();
        assertOutcome(`given ${count} events, when ${command.type} at ${when}`, decision, expected);
        checkRepeat(domain, command, saying);
        const events = decision.ok ? decision.value : [];
        const { state } = domain.book(ACME);
        return { state, ...givenMoments([...moments, { ...saying, events }]) };
      },
    };
  },
});

/**
 * Begins a specification: what happened to the organization `acme`, in order. It checks nothing
 * alone; `given(…).when(…).then(…)` does, and `.when(…)` continues from there.
 *
 * @example
 * ```ts
 * import { given, story } from "ledgerline/testing";
 *
 * const { buy, chargeStarted, opened, requested, searched } = story;
 * given(opened("Growth"), searched("+14155550101"))
 *   .when(buy()).then([requested(), chargeStarted()])
 *   .when(buy({ holding: "pn_2" })).then("PURCHASE_IN_PROGRESS");
 * ```
 */
export const given = (...past: readonly (Past | readonly Past[])[]): Given =>
  givenMoments(momentsOf(past.flat()));
