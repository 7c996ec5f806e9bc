/** All numbers of an organization, a page at a time, as they were at one moment. */
import * as Effect from "effect/Effect";
import { State } from "../../../core/log/state.ts";
import { type Holding, numbers } from "../../../core/number/state.ts";
import { type NumberView, viewsWith } from "../../../core/number/view.ts";
import { assistants, sipConnections } from "../../../core/organization/state.ts";
import type {
  Head,
  ListPlace,
  Needs,
  RecordedEvent,
  RowFilter,
  RowList,
} from "../../../core/ports/mod.ts";
import { isJsonObject } from "../../../core/values/text.ts";
import { unlessClosed } from "../engine/close-signal.ts";
import { scopeOf } from "../engine/scope.ts";
import { Ports } from "../engine/services.ts";
import { eventsInSlices, openPace } from "../engine/slices.ts";
import type { Caller, NumberFilter } from "../api/mod.ts";
import { isAfter, isListed, placeOf, rowFilterOf } from "./number-filter.ts";
import { holdingThen } from "./views.ts";

/** So few are read at a time that others have their turn soon. */
const PAGE = 50;

type Sources = Pick<Ports["Service"], "log" | "clock" | "closing" | "paces">;

/** What the views of numbers read besides: of one assistant's, no other assistant. */
const momentNeeds = ({ assistant }: NumberFilter): Needs =>
  assistant === undefined
    ? { kinds: [assistants.kind, sipConnections.kind] }
    : { rows: [{ kind: assistants.kind, key: assistant }], kinds: [sipConnections.kind] };

/** A number as it was at the moment, and its place in lists; null where there was none. */
type Then = { readonly holding: Holding; readonly place: ListPlace } | null;

/** Numbers of which something was appended since the moment, as they were then. */
const openChanged = (sources: Sources, organization: string, moment: Head) => {
  const changed = new Map<string, Then>();
  let known = moment.position;

  const thenOf = async (id: string): Promise<Then> => {
    const isThen = ({ position }: RecordedEvent) => position <= moment.position;
    const holding = await holdingThen(sources, organization, id, isThen);
    return holding === undefined ? null : { holding, place: placeOf(holding) };
  };

  return {
    /** Notes what was appended up to a head. */
    note: async ({ position }: Head): Promise<void> => {
      if (known >= position) return;
      for await (const page of eventsInSlices(sources, organization, known)) {
        for (const event of page) {
          known = event.position;
          const { holding } = isJsonObject(event.data) ? event.data : {};
          if (typeof holding === "string" && !changed.has(holding)) {
            changed.set(holding, await thenOf(holding));
          }
          if (known === position) return;
        }
      }
    },
    has: (id: string): boolean => changed.has(id),
    /** Those that were between two places, the first excluded. */
    between: (from: ListPlace | undefined, to: ListPlace | undefined): readonly Holding[] =>
      [...changed.values()].flatMap((then) => {
        if (then === null || (from !== undefined && !isAfter(then.place, from))) return [];
        return to !== undefined && isAfter(then.place, to) ? [] : [then.holding];
      }),
  };
};

type Changed = ReturnType<typeof openChanged>;

/** A page of a list as it was at the moment, and where it ends: what changed since is undone. */
const pageThen = async (
  { head, rows }: RowList,
  filter: RowFilter,
  after: ListPlace | undefined,
  changed: Changed,
) => {
  await changed.note(head);
  const last = rows.at(-1);
  const to = rows.length < PAGE || last === undefined
    ? undefined
    : { sort: last.sort, key: last.key };
  // The subject of a kind is the only writer of its rows, so they have its type.
  const same = rows.filter(({ key }) => !changed.has(key)).map(({ data }) => data as Holding);
  const undone = changed.between(after, to).filter((holding) => isListed(holding, filter));
  if (undone.length === 0) return { holdings: same, to };
  const holdings = [...same, ...undone]
    .toSorted((a, b) => isAfter(placeOf(a), placeOf(b)) ? 1 : -1);
  return { holdings, to };
};

/** An organization's numbers at one moment: the name that an assistant has, and pages of views. */
type Moment = {
  readonly nameOf: (assistant: string) => string | null;
  readonly pages: () => AsyncGenerator<readonly NumberView[], void, undefined>;
};

/** Begins to read the numbers that fit and that a caller sees after a place, as they are now. */
const openMoment = async (
  ports: Ports["Service"],
  caller: Caller,
  wanted: NumberFilter,
  begin?: ListPlace,
): Promise<Moment> => {
  const { log, clock, closing, paces } = ports;
  const { organization } = caller;
  const scope = Effect.runSync(Effect.provideService(scopeOf(caller), Ports, ports));
  const filter = rowFilterOf(wanted, scope);
  const pageAfter = (after?: ListPlace) =>
    unlessClosed(ports, () => log.list(organization, numbers.kind, filter, { limit: PAGE, after }));
  const needs = momentNeeds(wanted);
  const [{ head, rows }, first] = await Promise.all([
    unlessClosed(ports, () => log.load(organization, needs)),
    pageAfter(begin),
  ]);
  const state = State.of({ head, rows, claims: [] }, needs);
  const named = wanted.assistant === undefined
    ? state.all(assistants)
    : [state.get(assistants, wanted.assistant)].flatMap((one) => one ?? []);
  const [connections, now] = [state.all(sipConnections), clock.now()];
  const changed = openChanged(ports, organization, head);
  const viewsOf = async (list: RowList, after?: ListPlace) => {
    const { holdings, to } = await pageThen(list, filter, after, changed);
    return { views: viewsWith(holdings, named, connections, now), to };
  };
  return {
    nameOf: (assistant) => named.find(({ id }) => id === assistant)?.name ?? null,
    pages: async function* () {
      // What was read before the moment would be older than the names.
      const isOlder = first.head.position < head.position;
      let page = await viewsOf(isOlder ? await pageAfter(begin) : first, begin);
      const pace = openPace({ closing, paces });
      for (;;) {
        yield page.views;
        const { to } = page;
        if (to === undefined) return;
        pace.given();
        await pace.rest();
        page = await pace.during(async () => await viewsOf(await pageAfter(to), to));
      }
    },
  };
};

/**
 * The views of an organization's numbers that fit, the oldest first, as all of them were when the
 * first were asked for. They are read a page at a time, as far as they are taken; what is appended
 * meanwhile is undone by the history of the numbers that it is about.
 */
export async function* numberPages(
  ports: Ports["Service"],
  caller: Caller,
  wanted: NumberFilter = {},
): AsyncGenerator<readonly NumberView[], void, undefined> {
  const { pages } = await openMoment(ports, caller, wanted);
  yield* pages();
}

/** All of them, or those after a place, and the name that an assistant has, of the same moment. */
export const readNumbers = async (
  ports: Ports["Service"],
  caller: Caller,
  wanted: NumberFilter = {},
  begin?: ListPlace,
) => {
  const { nameOf, pages } = await openMoment(ports, caller, wanted, begin);
  const views: NumberView[] = [];
  for await (const page of pages()) views.push(...page);
  return { views, nameOf };
};
