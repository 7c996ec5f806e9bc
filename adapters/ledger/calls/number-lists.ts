/** The lists of an organization's numbers: now by the log's index, and as they were. */
import * as Effect from "effect/Effect";
import { toFact } from "../../../core/events/vocabulary.ts";
import { State } from "../../../core/log/state.ts";
import { type Holding, numbers } from "../../../core/number/state.ts";
import { viewsOf, viewsWith } from "../../../core/number/view.ts";
import { assistants, sipConnections } from "../../../core/organization/state.ts";
import type { Needs, RowFilter, RowPage } from "../../../core/ports/mod.ts";
import { fold } from "../../../core/registry/replay.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import { inFuture } from "../../validation/argument.ts";
import type {
  AssistantView,
  Caller,
  NumberListOptions,
  NumberPage,
  NumberPageOptions,
} from "../api/mod.ts";
import { read } from "../engine/execute.ts";
import { scopeOf } from "../engine/scope.ts";
import { ask, Ports } from "../engine/services.ts";
import { eventsInSlices, type SlicedLog } from "../engine/slices.ts";
import { readNumbers } from "./number-pages.ts";
import { isAfter, isListed, placeOf, rowFilterOf } from "./number-filter.ts";
import { inPastTurn } from "./views.ts";

/** What the views of these numbers read besides. */
const nameNeeds = (holdings: readonly Holding[]): Needs => ({
  rows: [...new Set(holdings.flatMap(({ assistant }) => assistant ?? []))]
    .map((key) => ({ kind: assistants.kind, key })),
  kinds: holdings.some(({ source }) => source === "imported") ? [sipConnections.kind] : [],
});

/** The views of numbers that were read, in their order. */
const viewsNow = Effect.fnUntraced(function* (organization: string, holdings: readonly Holding[]) {
  const { clock } = yield* Ports;
  const needs = nameNeeds(holdings);
  const { rows = [], kinds = [] } = needs;
  if (rows.length + kinds.length === 0) return viewsWith(holdings, [], [], clock.now());
  const { state } = yield* read(organization, needs);
  const names = holdings.flatMap(({ assistant }) =>
    assistant === null ? [] : state.get(assistants, assistant) ?? []
  );
  const connections = kinds.length > 0 ? state.all(sipConnections) : [];
  return viewsWith(holdings, names, connections, clock.now());
});

/** A page of an organization's numbers, and how many it has of them in all where that is asked. */
const pageIn = Effect.fnUntraced(function* (
  organization: string,
  filter: RowFilter,
  page: RowPage,
) {
  const { log } = yield* Ports;
  const { rows, total } = yield* ask(() => log.list(organization, numbers.kind, filter, page));
  // The subject of a kind is the only writer of its rows, so they have its type.
  const views = yield* viewsNow(organization, rows.map(({ data }) => data as Holding));
  return { views, total };
});

/** The views of the numbers that the caller sees and that fit, the oldest first. */
export const listNumbers = Effect.fnUntraced(function* (
  caller: Caller,
  { after, limit, filter = {} }: Omit<NumberListOptions, "asOf">,
) {
  const ports = yield* Ports;
  if (limit === undefined) {
    const { views } = yield* ask(() => readNumbers(ports, caller, filter));
    return after === undefined
      ? views
      : views.filter(({ holding }) => isAfter(placeOf(holding), placeOf(after)));
  }
  const { views } = yield* pageIn(
    caller.organization,
    rowFilterOf(filter, yield* scopeOf(caller)),
    { limit, ...(after !== undefined && { after: placeOf(after) }) },
  );
  return views;
});

/** The same of one page by its place, with how many there are. */
export const pageOfNumbers = Effect.fnUntraced(function* (
  caller: Caller,
  { skip, limit, filter = {} }: NumberPageOptions,
) {
  const { views, total } = yield* pageIn(
    caller.organization,
    rowFilterOf(filter, yield* scopeOf(caller)),
    { limit, skip, isCounted: true },
  );
  return { numbers: views, total: total ?? 0 } satisfies NumberPage;
});

/** An assistant with those of its numbers that the caller sees, the oldest first. */
export const getAssistant = Effect.fnUntraced(function* (caller: Caller, id: string) {
  const ports = yield* Ports;
  const { views, nameOf } = yield* ask(() => readNumbers(ports, caller, { assistant: id }));
  const view: AssistantView = { id, name: nameOf(id), numbers: views };
  return view;
});

const stateAsOf = async (
  ports: SlicedLog,
  organization: string,
  asOf: Instant,
): Promise<State> => {
  const state = State.empty();
  for await (const page of eventsInSlices(ports, organization)) {
    for (const event of page) if (event.at <= asOf) fold(state, toFact(event));
  }
  return state;
};

/**
 * The views as they were at a time: folded from the events up to then, in slices. It takes time in
 * proportion to the organization's log, so those of one organization take turns. Dies with an
 * `InvalidArgument` for a time in the future.
 */
export const listNumbersAsOf = Effect.fnUntraced(function* (
  caller: Caller,
  asOf: Instant,
  { after, limit, filter }: Omit<NumberListOptions, "asOf">,
) {
  const ports = yield* Ports;
  const { organization } = caller;
  if (asOf > ports.clock.now()) return yield* Effect.die(inFuture("options.asOf"));
  const folding = ask(() => stateAsOf(ports, organization, asOf));
  const state = yield* inPastTurn(organization, folding);
  const wanted = rowFilterOf(filter ?? {}, yield* scopeOf(caller));
  return viewsOf(state, asOf)
    .filter(({ holding }) => isListed(holding, wanted))
    .filter(({ holding }) => after === undefined || isAfter(placeOf(holding), placeOf(after)))
    .slice(0, limit);
});
