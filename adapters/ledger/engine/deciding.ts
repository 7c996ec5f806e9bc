/** Deciding commands of an organization, one after the other, each on the state before it. */
import * as Effect from "effect/Effect";
import { decide, isHeadless } from "../../../core/registry/commands.ts";
import { claimsOf } from "../../../core/registry/claims.ts";
import { type DomainEvent, toDraft } from "../../../core/events/vocabulary.ts";
import { chain } from "../../../core/log/chain.ts";
import type { State } from "../../../core/log/state.ts";
import type { Append, Head } from "../../../core/ports/mod.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import { worldOfCarrier } from "../../../core/values/claim-key.ts";
import { sha256 } from "../../hash/sha256.ts";
import { type Each, type Failure, isEnough } from "./basis.ts";
import type { Decided, Done, Given } from "./command.ts";
import { forget } from "./reading.ts";
import { refuse } from "./refusals.ts";
import { salted } from "./salted.ts";
import type { Ports } from "./services.ts";
import { openWrittenRows } from "./written-rows.ts";

type Services = Ports["Service"];

/** A command of more events goes alone: the others need not wait for it. */
const MAX_EVENTS = 32;

/** The same state once more, for one of the two is changed. */
export const copyOf = (state: State): State => state.after(state.head, [], []);

/** A command that was decided. */
export type Step = {
  readonly part: Each;
  /** What is to be appended, and the state that this was folded into; null where nothing is. */
  readonly change: { readonly append: Append; readonly state: State } | null;
  /** What came of it, where nothing is to be appended. */
  readonly result: Effect.Effect<Done, Failure>;
};

/** The head that an append leads to where it is at this one. */
const headAfter = (head: Head, { command, ...append }: Append): Head => {
  const events = chain(head, { ...append, command: command?.id ?? null }, sha256);
  const last = events.at(-1)?.event;
  return last === undefined ? head : { position: last.position, hash: last.hash };
};

/** Folds the events into the state, and says what to append. */
const toAppend = (
  { envelope: { organization, actor }, id }: Given,
  state: State,
  events: readonly DomainEvent[],
  { at, expected }: Pick<Append, "at" | "expected">,
): Append => {
  const claims = claimsOf(events, state);
  const { fold, changes } = openWrittenRows(state);
  const first = state.head.position + 1;
  for (const [index, event] of events.entries()) fold({ ...event, at, actor }, first + index);
  return {
    organization,
    expected,
    at,
    actor,
    command: id,
    events: events.map((event) => toDraft(salted(event))),
    rows: changes(),
    ...claims,
  };
};

/** The state once what was folded into it is appended. */
export const leftBy = ({ organization, claims, free }: Append, state: State, head: Head): State =>
  state.after(
    head,
    claims.map((claim) => ({ ...claim, organization })),
    free.map(({ key }) => key),
  );

/** The domain gives events, or a refusal. */
const decisionOn = (
  { plans, carrier, payments }: Services,
  { envelope: { organization, actor, command, scope = "all", instead } }: Given,
  state: State,
  now: Instant,
): Decided => {
  const decided = decide(state, command, {
    organization,
    now,
    actor,
    plans,
    scope,
    own: worldOfCarrier(carrier),
    isIncluded: payments.charge.isIncluded,
  });
  return instead === undefined ? decided : instead(decided, state);
};

/** Where a command is in its round. */
type Place = { readonly isFirst: boolean; readonly isLast: boolean };

/** Decides a command. Null where it has to wait: the state is not enough, or it is large. */
const stepOf = (
  ports: Services,
  part: Each,
  state: State,
  { isFirst, isLast }: Place,
): Step | null => {
  const { given } = part;
  const { envelope: { carried, command }, tried } = given;
  const now = ports.clock.now();
  if (!isEnough(state, given, now)) return null;
  const decision = decisionOn(ports, given, state, now);
  if (!decision.ok) return { part, change: null, result: refuse(decision.error) };
  const events = decision.value;
  if (events.length === 0) {
    const done = { events: [], state: isLast ? state : copyOf(state), repeated: false };
    return { part, change: null, result: Effect.succeed(done) };
  }
  if (!isFirst && events.length > MAX_EVENTS) return null;
  // What others follow is at a head, and so is what follows others.
  const isAnywhere = isHeadless(command) && isFirst && (isLast || tried > 0);
  const expected = isAnywhere ? "any" : state.head;
  const append = toAppend(given, state, events, { at: now, expected });
  // What was folded into it holds only once it is appended.
  forget(carried);
  return { part, change: { append, state }, result: Effect.never };
};

/** Decides commands, each on the state that the one before leaves, as far as they go together. */
export const decideAll = (
  ports: Services,
  parts: readonly Each[],
  first: State,
): readonly Step[] => {
  const steps: Step[] = [];
  let state = first;
  for (const part of parts) {
    const isLast = part === parts.at(-1);
    try {
      const step = stepOf(ports, part, state, { isFirst: steps.length === 0, isLast });
      if (step === null) break;
      const append = step.change?.append;
      const isAlone = append !== undefined && append.events.length > MAX_EVENTS;
      if (append !== undefined && !isLast && !isAlone) {
        state = leftBy(append, state, headAfter(state.head, append));
      }
      steps.push(step);
      if (isAlone) break;
    } catch (error) {
      // The state may have a part of its events: no other is decided on it.
      steps.push({ part, change: null, result: Effect.die(error) });
      break;
    }
  }
  return steps;
};
