import * as Effect from "effect/Effect";
import { toFact } from "../../../core/events/vocabulary.ts";
import { replay } from "../../../core/registry/replay.ts";
import { State } from "../../../core/log/state.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { type Holding, numbers, worldOf, worldOfFact } from "../../../core/number/state.ts";
import { type NumberView, viewsWith } from "../../../core/number/view.ts";
import { type Eligibility, eligibilityOf } from "../../../core/organization/eligibility.ts";
import { planOf } from "../../../core/organization/plans.ts";
import { self, SELF_ROW } from "../../../core/organization/refusals.ts";
import { assistants, sipConnections } from "../../../core/organization/state.ts";
import type { EventLog, Needs, RecordedEvent } from "../../../core/ports/mod.ts";
import { noSuchPage } from "../../validation/argument.ts";
import { type Instant, type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import { isWithin } from "../../../core/values/claim-key.ts";
import type { Caller, HistoryOptions, OrganizationView } from "../api/mod.ts";
import type { Carried, Done } from "../engine/command.ts";
import { read, readCarried } from "../engine/reading.ts";
import { scopeOf } from "../engine/scope.ts";
import { ask, Ports } from "../engine/services.ts";
import { eventsInSlices, type SlicedLog } from "../engine/slices.ts";

/** What the views of these numbers read besides. */
export const nameNeeds = (holdings: readonly Holding[]): Needs => ({
  rows: [...new Set(holdings.flatMap(({ assistant }) => assistant ?? []))]
    .map((key) => ({ kind: assistants.kind, key })),
  kinds: holdings.some(({ source }) => source === "imported") ? [sipConnections.kind] : [],
});

/** Their views at a time, in their order, from a state in which that was read. */
export const viewsIn = (
  state: State,
  holdings: readonly Holding[],
  now: Instant,
): readonly NumberView[] => {
  const { rows = [], kinds = [] } = nameNeeds(holdings);
  const named = rows.flatMap(({ key }) => state.get(assistants, key) ?? []);
  return viewsWith(holdings, named, kinds.length > 0 ? state.all(sipConnections) : [], now);
};

/** One of a state, which may not have it. */
const holdingsIn = (state: State, id: string): readonly Holding[] => {
  const holding = state.get(numbers, id);
  return holding === undefined ? [] : [holding];
};

/** The view of one number at a time, from a state in which it and what it points to were read. */
export const numberIn = (state: State, id: string, now: Instant): NumberView | null =>
  viewsIn(state, holdingsIn(state, id), now)[0] ?? null;

/**
 * A number and its organization's place within its plan, read together; the number may have been
 * released.
 */
export const numberAndEligibility = Effect.fnUntraced(function* (
  organization: string,
  id: string,
  carried?: Carried,
) {
  const { plans, clock } = yield* Ports;
  const row = { kind: numbers.kind, key: id };
  const needs = { rows: [SELF_ROW, row] };
  const names = (state: State) => nameNeeds(holdingsIn(state, id));
  const state = yield* readCarried(organization, carried, [row], needs, names);
  const owner = self(state);
  const number = numberIn(state, id, clock.now());
  const eligibility: Eligibility | null = owner === undefined
    ? null
    : eligibilityOf(owner, planOf(plans, owner), number?.holding.place);
  return { number, eligibility };
});

/** The state that a command's own events give, with nothing else known. */
export const stateAfter = (done: Done): State => replay(done.events);

/** The view of one number; null when the organization does not hold it in the caller's world. */
export const getNumber = Effect.fnUntraced(function* (caller: Caller, id: string) {
  const { number } = yield* numberAndEligibility(caller.organization, id);
  const scope = yield* scopeOf(caller);
  return number !== null && isWithin(scope, worldOf(number.holding)) ? number : null;
});

/** The SIP connections of an organization, by id. */
export const listSipConnections = Effect.fnUntraced(function* (organization: string) {
  const { state } = yield* read(organization, { kinds: [sipConnections.kind] });
  return [...state.all(sipConnections)].sort((a, b) => a.installation < b.installation ? -1 : 1);
});

/** Reads the past of an organization after its earlier questions of this kind are answered. */
export const inPastTurn = <A>(
  organization: string,
  reading: Effect.Effect<A, never, Ports>,
  sort: "as of" | "history" | "credits" = "as of",
): Effect.Effect<A, never, Ports> =>
  Effect.flatMap(Ports, ({ items }) => items.inTurn(JSON.stringify([sort, organization]), reading));

/**
 * The events of one holding after a position, the oldest first; read as far as they are asked for.
 */
export async function* holdingEvents(
  ports: Omit<SlicedLog, "log"> & { readonly log: Pick<EventLog, "eventsAbout"> },
  organization: string,
  id: string,
  after: number,
) {
  const events: EventLog["events"] = (of, from, limit) =>
    ports.log.eventsAbout(of, id, from, limit);
  for await (const page of eventsInSlices({ ...ports, log: { events } }, organization, after)) {
    yield* page;
  }
}

/**
 * One holding as its own events after a position give it, those that count; undefined where it is
 * not there.
 */
export const holdingThen = async (
  ports: Parameters<typeof holdingEvents>[0],
  organization: string,
  id: string,
  counts: (event: RecordedEvent) => boolean,
  after = 0,
): Promise<Holding | undefined> => {
  const state = State.empty();
  for await (const event of holdingEvents(ports, organization, id, after)) {
    if (counts(event)) state.apply([numbers], toFact(event));
  }
  return state.get(numbers, id);
};

/**
 * Events of one holding after a position, the oldest first, at most `limit`; read in the turn of
 * the organization, or another one.
 */
export const historyOf = Effect.fnUntraced(function* (
  organization: string,
  id: string,
  { after = 0, limit = Number.POSITIVE_INFINITY }: HistoryOptions,
  turn = organization,
) {
  const ports = yield* Ports;
  if (after > 0 && after > (yield* ask(() => ports.log.load(organization, {}))).head.position) {
    throw noSuchPage("options.after");
  }
  const reading = ask(async () => {
    const history: RecordedEvent[] = [];
    for await (const event of holdingEvents(ports, organization, id, after)) {
      history.push(event);
      if (history.length >= limit) break;
    }
    return history;
  });
  return yield* inPastTurn(turn, reading, "history");
});

/** The world in which a holding began, also of one that has ended; null where there was none. */
const worldOfHolding = Effect.fnUntraced(function* (organization: string, id: string) {
  const ports = yield* Ports;
  const { state } = yield* read(organization, { rows: [{ kind: numbers.kind, key: id }] });
  const holding = state.get(numbers, id);
  if (holding !== undefined) return worldOf(holding);
  const reading = ask(async () => {
    for await (const event of holdingEvents(ports, organization, id, 0)) {
      const world = worldOfFact(toFact(event));
      if (world !== null) return world;
    }
    return null;
  });
  return yield* inPastTurn(organization, reading, "history");
});

/**
 * The same for a caller, which sees nothing of a number of the other world, also once it is
 * released.
 */
export const historySeen = Effect.fnUntraced(function* (
  caller: Caller,
  id: string,
  options: HistoryOptions,
) {
  const { organization } = caller;
  const scope = yield* scopeOf(caller);
  if (scope !== "all") {
    const world = yield* worldOfHolding(organization, id);
    if (world === null || !isWithin(scope, world)) return [];
  }
  return yield* historyOf(organization, id, options);
});

/** The organization as the operator sees it; null when it was never opened. */
export const getOrganization = Effect.fnUntraced(function* (id: string) {
  const { state } = yield* read(id, { rows: [SELF_ROW] });
  const row = self(state);
  const view: OrganizationView | null = row === undefined ? null : { ...row, id };
  return view;
});

/** What the organization's plan allows; the smallest limits when there is no such organization. */
export const getLimits = Effect.fnUntraced(function* (id: string) {
  const { plans } = yield* Ports;
  const organization = yield* getOrganization(id);
  return planOf(plans, organization ?? undefined).limits;
});

/** The organization's place within its plan. */
export const getEligibility = Effect.fnUntraced(function* (caller: Caller) {
  const { plans } = yield* Ports;
  const scope = yield* scopeOf(caller);
  const place = scope === "sandbox" ? "sandbox" : "own";
  const organization = yield* getOrganization(caller.organization);
  return organization === null
    ? null
    : eligibilityOf(organization, planOf(plans, organization), place);
});

/** A log that takes longer to answer counts as unavailable; callers will ask again. */
const READY_MS: Milliseconds = 3 * SECOND_MS;

/**
 * Succeeds when the log can be read, and written as far as it knows; dies with its error, or
 * `Unavailable`, when it cannot.
 */
export const ready = Effect.gen(function* () {
  const { log } = yield* Ports;
  const why = `the log gave no answer within ${READY_MS / SECOND_MS} s`;
  const look = async (): Promise<void> => {
    await log.writable?.();
    await log.heads("", 1);
  };
  yield* Effect.timeoutOrElse(ask(look), {
    duration: READY_MS,
    orElse: () => Effect.die(new Unavailable(why)),
  });
});
