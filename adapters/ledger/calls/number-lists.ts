/** The lists of an organization's numbers, by the log's index. */
import * as Effect from "effect/Effect";
import { State } from "../../../core/log/state.ts";
import { type Holding, numbers } from "../../../core/number/state.ts";
import type { RowFilter, RowPage } from "../../../core/ports/mod.ts";
import type {
  AssistantView,
  Caller,
  NumberListOptions,
  NumberPage,
  NumberPageOptions,
} from "../api/mod.ts";
import { read } from "../engine/reading.ts";
import { scopeOf } from "../engine/scope.ts";
import { ask, Ports } from "../engine/services.ts";
import { readNumbers } from "./number-pages.ts";
import { placeOf, rowFilterOf } from "./number-filter.ts";
import { nameNeeds, viewsIn } from "./views.ts";

/** The views of numbers that were read, in their order. */
export const viewsNow = Effect.fnUntraced(
  function* (organization: string, holdings: readonly Holding[]) {
    const { clock } = yield* Ports;
    const needs = nameNeeds(holdings);
    const { rows = [], kinds = [] } = needs;
    const isKnown = rows.length + kinds.length === 0;
    const state = isKnown ? State.empty() : (yield* read(organization, needs)).state;
    return viewsIn(state, holdings, clock.now());
  },
);

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
    const begin = after === undefined ? undefined : placeOf(after);
    return (yield* ask(() => readNumbers(ports, caller, filter, begin))).views;
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
