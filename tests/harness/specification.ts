/** Specifications: given these events, when this command, then these events or this refusal. */
import assert from "node:assert/strict";
import type { Command, Refusal } from "../../core/commands.ts";
import type { DomainEvent } from "../../core/log/events.ts";
import type { State } from "../../core/log/state.ts";
import { DEFAULT_PLANS, type PlanCatalogue } from "../../core/organization/plans.ts";
import type { Instant } from "../../core/values/calendar.ts";
import type { Actor } from "../../core/values/identity.ts";
import { openWorld, type Saying, type World } from "./world.ts";

/** Events that happened at one moment. */
export type Moment = {
  readonly at: Instant;
  readonly actor?: Actor;
  /** Whose events they are; those of the organization that is told of when left out. */
  readonly organization?: string;
  readonly events: readonly DomainEvent[];
};

/** When a command is given, by whom, and under which plans. */
export type Circumstances = {
  /** An ISO time. */
  readonly at: string;
  readonly actor?: Actor;
  readonly plans?: PlanCatalogue;
};

/** A user of the organization that is told of. */
export const ALICE: Actor = {
  kind: "user",
  tokenId: "tk_alice",
  email: "alice@example.com",
  name: "Alice Johnson",
};

/** The organization that a specification tells of. */
export const ACME = "acme";

/** Milliseconds since 1970 of an ISO time. */
export const instant = (iso: string): Instant => Date.parse(iso);

/** Events that happened at an ISO time. */
export const at = (iso: string, ...events: readonly DomainEvent[]): Moment => ({
  at: instant(iso),
  events,
});

/** Events of another organization. */
export const elsewhere = (organization: string, moment: Moment): Moment => ({
  ...moment,
  organization,
});

const tell = (moments: readonly Moment[], plans: PlanCatalogue): World => {
  const world = openWorld(plans);
  for (const { organization = ACME, at, actor = ALICE, events } of moments) {
    world.record(organization, events, { at, actor });
  }
  return world;
};

/** The state of the organization after these events. */
export const stateAfter = (...moments: readonly Moment[]): State =>
  tell(moments, DEFAULT_PLANS).book(ACME).state;

/** What a decision came to: its events, or the code of its refusal. */
const outcomeOf = (decision: ReturnType<World["decide"]>): readonly DomainEvent[] | string =>
  decision.ok ? decision.value : decision.error.code;

/** A command that is a new wish each time it is given, unless it has an id (core/ports.ts). */
const addsEachTime = ({ type }: Command): boolean =>
  type === "AddCredits" || type === "RecordSearch";

const checkRepeat = (world: World, command: Command, saying: Saying): void => {
  if (addsEachTime(command)) return;
  const again = outcomeOf(world.decide(ACME, command, saying));
  assert.ok(
    typeof again === "string" || again.length === 0,
    `${command.type} adds events when it is given again: ${JSON.stringify(again)}`,
  );
};

/** What is expected of a command: events, or the code of a refusal. */
export type Expected = readonly DomainEvent[] | Refusal["code"];

/**
 * Begins a specification. `then` fails the test unless the command leads to exactly this, and adds
 * nothing when it is given once more; it gives the state afterwards, for what else is to be seen.
 */
export const given = (...moments: readonly Moment[]) => ({
  when: (command: Command, circumstances: Circumstances) => {
    const { at: iso, actor = ALICE, plans = DEFAULT_PLANS } = circumstances;
    const saying = { at: instant(iso), actor };
    return {
      // oxlint-disable-next-line unicorn/no-thenable -- the words of a specification; nobody awaits
      then: (expected: Expected): State => {
        const world = tell(moments, plans);
        const outcome = outcomeOf(world.give(ACME, command, saying));
        assert.deepEqual(outcome, expected);
        checkRepeat(world, command, saying);
        return world.book(ACME).state;
      },
    };
  },
});
