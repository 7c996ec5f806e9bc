/** Scenarios of the domain alone: two organizations, and the commands to them over many months. */
import fc from "fast-check";
import type { Command } from "../../../core/registry/commands.ts";
import type { Fact } from "../../../core/events/vocabulary.ts";
import type { State, Subject } from "../../../core/log/state.ts";
import { rowsOf } from "../../../core/registry/replay.ts";
import {
  charges,
  nextChargeOf,
  nextPeriodOf,
  type PendingCharge,
} from "../../../core/number/charges.ts";
import { routes } from "../../../core/number/routes.ts";
import { releaseRequests } from "../../../core/number/release-requests.ts";
import { isPurchasing, numbers } from "../../../core/number/state.ts";
import { tokens } from "../../../core/organization/state.ts";
import { webhookEndpoints } from "../../../core/webhooks/state.ts";
import type { Row } from "../../../core/ports/mod.ts";
import { DEFAULT_PLANS } from "../../../core/organization/plans.ts";
import type { Scope } from "../../../core/values/claim-key.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import { type Actor, type Automation, OPERATOR } from "../../../core/values/identity.ts";
import { money } from "../../../core/values/money.ts";
import { unreachable } from "../../../core/values/unreachable.ts";
import { verifications } from "../../../core/verification/state.ts";
import { attested } from "../story/mod.ts";
import { actor, pause, PLANS, start } from "./contents.ts";
import type { Context } from "../../../core/log/decision.ts";
import { type Domain, openDomain, type Saying } from "../domain.ts";
import { NEW } from "./command-parts.ts";
import { command } from "./commands.ts";

/** The next due work is done, when it is due, with this outcome. */
type Due = {
  readonly type: "Due";
  readonly payment: "paid" | "declined";
  readonly order: "confirmed" | "failed" | "lost";
};

/** A command to one of the organizations, and the time that passes before it. */
export type ScenarioStep = {
  readonly organization: string;
  readonly said: Command | Due;
  readonly actor: Actor;
  readonly pause: number;
  /** What its caller sees, where the sandbox is beside a live carrier. */
  readonly scope: Scope;
};

/** Organizations, their initial state, and the commands to them over months. */
export type Scenario = {
  readonly start: Instant;
  /** The world of the ledger's own carrier. */
  readonly own: Context["own"];
  /** Whether the subscription covers every number. */
  readonly isIncluded: boolean;
  readonly plans: Readonly<Record<string, string>>;
  readonly steps: readonly ScenarioStep[];
};

/** The organizations of a scenario. */
export const ORGANIZATIONS = ["acme", "umbrella"] as const;
const plan = fc.constantFrom(...PLANS);

const due: fc.Arbitrary<Due> = fc.record({
  type: fc.constant("Due"),
  payment: fc.constantFrom("paid", "paid", "declined"),
  order: fc.constantFrom("confirmed", "confirmed", "confirmed", "failed", "lost"),
});

/**
 * A scenario of two organizations, `acme` and `umbrella`, with at most `maxLength` commands: give
 * it to `run`. One that fails a property shrinks to the few commands that it takes.
 */
export const scenario = (maxLength: number): fc.Arbitrary<Scenario> =>
  fc.record({
    start,
    own: fc.constantFrom("sandbox", "live"),
    isIncluded: fc.boolean(),
    plans: fc.record({ acme: plan, umbrella: plan }),
    steps: fc.array(
      fc.record({
        organization: fc.constantFrom(...ORGANIZATIONS),
        said: fc.oneof({ weight: 3, arbitrary: command }, { weight: 2, arbitrary: due }),
        actor,
        scope: fc.constantFrom("live", "sandbox", "all"),
        pause: fc.oneof(
          { withCrossShrink: true },
          { weight: 2, arbitrary: fc.constant(0) },
          pause,
        ),
      }),
      { maxLength, size: "max" },
    ),
  });

const SUBJECTS: Readonly<Record<string, Subject<{ readonly id: string }>>> = {
  holding: numbers,
  request: releaseRequests,
  verification: verifications,
  token: tokens,
  webhook: webhookEndpoints,
};
const PREFIXES = {
  holding: "pn",
  request: "rr",
  verification: "vs",
  token: "tk",
  webhook: "wh",
} as const;

const STANDS_FOR = /^(?:pn|rr|vs|tk|wh)_(\d)$/;

/** The id for a placeholder: a new one, or that of something the organization has. */
const aim = (state: State, field: keyof typeof PREFIXES, id: string, count: () => number) => {
  if (id === NEW) return `${PREFIXES[field]}_new_${count()}`;
  const index = STANDS_FOR.exec(id)?.[1];
  const subject = SUBJECTS[field];
  if (index === undefined || subject === undefined) return id;
  const known = state.all(subject);
  return known.length === 0 ? id : known[Number(index) % known.length]?.id ?? id;
};

/** The command with ids in place of its placeholders. */
const aimed = (state: State, command: Command, count: () => number): Command => {
  const changes: Record<string, unknown> = {};
  for (const field of ["holding", "request", "verification", "token", "webhook"] as const) {
    const id = (command as Partial<Record<typeof field, string>>)[field];
    if (id !== undefined) changes[field] = aim(state, field, id, count);
  }
  if (command.type === "AssignNumbers" && command.holdings !== undefined) {
    changes["holdings"] = command.holdings.map((id) => aim(state, "holding", id, count));
  }
  const number = state.get(numbers, String(changes["holding"]));
  if ("orderedAt" in command) {
    changes["orderedAt"] = isPurchasing(number) ? number.stage.orderedAt : 0;
  }
  if ("period" in command && command.period === 0) {
    changes["period"] = number?.source === "managed" ? nextPeriodOf(number) : 0;
  }
  if ("wish" in command && command.wish === 0) {
    changes["wish"] = state.get(routes, String(changes["holding"]))?.wish ?? 1;
  }
  return { ...command, ...changes } as Command;
};

/** The carrier's answer to a wish for a route; nothing is lost permanently. */
const routeCommand = (state: State, holding: string, { order }: Due): Command => {
  const wish = state.get(routes, holding)?.wish ?? 1;
  if (order === "lost") {
    const route = { connectionId: "14", messagingProfileId: null };
    return { type: "NoteRoute", holding, wish, route };
  }
  const as = order === "confirmed" ? "done" : "gone";
  return { type: "SettleRoute", holding, wish, as, askedAt: 0, settlingMs: 0 };
};

/** The answer of the outside world to an open charge; undefined when none is open. */
const settling = (charge: PendingCharge | undefined, { payment }: Due): Command | undefined => {
  if (charge === undefined) return undefined;
  const { holding, period, status } = charge;
  if (status === "refunding") return { type: "RecordRefund", holding, period };
  return status === "started" ? { type: "RecordCharge", holding, period, payment } : undefined;
};

/** The command by which an automation does what is due for a row. */
const commandFor = ({ work, kind, key }: Row, due: Due, state: State): Command | undefined => {
  const number = kind === numbers.kind ? state.get(numbers, key) : undefined;
  const charge = number?.source === "managed" ? nextChargeOf(state, number) : undefined;
  const first = settling(charge, due);
  if (first !== undefined) return first;
  const automation = work?.automation as Automation | undefined;
  switch (automation) {
    case "ordering":
      if (due.order === "lost") {
        return { type: "RepeatOrder", holding: key, lookedUpAt: 0, settlingMs: 0 };
      }
      if (due.order === "confirmed") {
        return { type: "ConfirmPurchase", holding: key, carrierId: `carrier_${key}` };
      }
      return aimed(state, {
        type: "FailPurchase",
        holding: key,
        orderedAt: 0,
        reason: "refused",
        message: "No.",
      }, () => 0);
    case "renewals":
      return aimed(state, { type: "RenewNumber", holding: key, period: 0 }, () => 0);
    case "charges":
    case "refunds":
      return settling(state.get(charges, key), due);
    case "routes":
      return routeCommand(state, key, due);
    case "trials":
      return { type: "ExpireTrial", holding: key };
    case "releasing":
      return { type: "CompleteRelease", holding: key };
    case "reviewers": {
      const outcome = { status: "enqueue_failed", error: "HTTP 500" } as const;
      return { type: "RecordNotice", verification: key, outcome };
    }
    case "dismissals":
      return { type: "StartRelease", holding: key, why: "byUser" };
    case "reconciling":
    case "closing":
    case undefined:
      return undefined;
    default:
      return unreachable(automation);
  }
};

/** The command, and the earliest time for it. */
const toCommand = (
  state: State,
  said: Command | Due,
  count: () => number,
): { readonly command: Command; readonly from: Instant } | undefined => {
  if (said.type !== "Due") return { command: aimed(state, said, count), from: 0 };
  const [next] = rowsOf(state).filter(({ work }) => work !== null)
    .toSorted((a, b) => (a.work?.due ?? 0) - (b.work?.due ?? 0));
  const command = next && commandFor(next, said, state);
  return command && { command, from: next?.work?.due ?? 0 };
};

/** It takes a moment to do what is due. */
const STEP_MS = 1;

/** One command of a scenario, as it is about to be given. */
export type Step = {
  readonly domain: Domain;
  readonly organization: string;
  readonly command: Command;
  readonly saying: Saying;
};

const begin = ({ plans, start, own, isIncluded }: Scenario): Domain => {
  const domain = openDomain(DEFAULT_PLANS, own, isIncluded);
  const saying = { at: start, actor: OPERATOR };
  for (const [name, plan] of Object.entries(plans)) {
    domain.give(name, { type: "OpenOrganization", name, plan }, saying);
    domain.give(name, { type: "AddCredits", amount: money(6_000_000) }, saying);
    const connection = { installation: "sip_1", providerName: "Twilio", trunk: "trunk_1" };
    domain.give(name, { type: "InstallSipConnection", ...connection, ready: true }, saying);
    const content = attested();
    const verification = `vs_${name}`;
    domain.give(
      name,
      { type: "SubmitVerification", verification, content, announce: false },
      saying,
    );
    domain.give(
      name,
      { type: "ReviewVerification", verification, review: { kind: "approve" } },
      saying,
    );
  }
  return domain;
};

const counter = (): () => number => {
  let next = 0;
  return () => next++;
};

/** The command as it is given now: what it asked the carrier was asked just now. */
const asOf = (command: Command, now: Instant): Command => {
  if (command.type === "RepeatOrder") return { ...command, lookedUpAt: now };
  return command.type === "SettleRoute" ? { ...command, askedAt: now } : command;
};

/**
 * Lets a scenario happen; `onStep` sees each command before it is given. Gives the domain after it.
 */
export const run = (scenario: Scenario, onStep: (step: Step) => void = () => {}): Domain => {
  const domain = begin(scenario);
  const count = counter();
  let now = scenario.start;
  for (const { organization, said, actor, pause, scope: seen } of scenario.steps) {
    const next = toCommand(domain.book(organization).state, said, count);
    if (next === undefined) continue;
    const { from } = next;
    now = Math.max(now + (said.type === "Due" ? STEP_MS : pause), from);
    const command = asOf(next.command, now);
    const isDue = said.type === "Due";
    const scope = isDue || scenario.own === "sandbox" ? "all" : seen;
    const saying = { at: now, actor, scope };
    onStep({ domain, organization, command, saying });
    domain.give(organization, command, saying);
  }
  return domain;
};

/**
 * All that happens to one organization in a scenario of at most `maxLength` commands, in order, as
 * it is read back from a log: what follows from commands, and so is valid.
 */
export const facts = (maxLength: number): fc.Arbitrary<readonly Fact[]> =>
  scenario(maxLength).map((past) => run(past).book(ORGANIZATIONS[0]).facts);
