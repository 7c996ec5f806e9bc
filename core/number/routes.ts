/**
 * The route of a number at its carrier: what its calls and messages go to there. While a number is
 * suspended nothing is attached to it; when it is reinstated, the previous route is attached again.
 */
import type { CarrierRoute } from "../ports/carrier.ts";
import type { Fact, FactOf } from "../events/vocabulary.ts";
import type { State, Subject } from "../log/state.ts";
import { type Instant, type Milliseconds, MINUTE_MS } from "../values/calendar.ts";
import { unreachable } from "../values/unreachable.ts";
import { byHolding, type WishType } from "./facts.ts";
import type { Managed } from "./state.ts";

/** How a wish for a route was settled. */
export type Settled = {
  /** `done`: the carrier confirmed it. `unsupported`, `gone`: it cannot, or has no such number. */
  readonly as: "done" | "unsupported" | "gone";
  readonly at: Instant;
};

/**
 * What is wished of a number's route, and how far that is. A number has one from its first
 * suspension on, until it is released; one that was never suspended has what it was bought with.
 */
export type Route = {
  readonly holding: string;
  /** Counts the wishes, so that a late answer to an earlier one is not taken for one to this. */
  readonly wish: number;
  readonly wanted: "detached" | "attached";
  /** When it was wished. */
  readonly since: Instant;
  /** Null while the carrier is asked. */
  readonly settled: Settled | null;
  /** What the carrier had attached, and has to attach again; null before anything was detached. */
  readonly kept: CarrierRoute | null;
  /** When the carrier may last have been asked for the contrary; null where it never was. */
  readonly contraryAt: Instant | null;
};

const begun = (holding: string, { at }: Fact): Route => ({
  holding,
  wish: 1,
  wanted: "detached",
  since: at,
  settled: null,
  kept: null,
  contraryAt: null,
});

/** By then a carrier shows what was attached; what it still shows was attached deliberately. */
const SHOWN_MS: Milliseconds = 15 * MINUTE_MS;

const isShown = ({ settled }: Route, at: Instant): boolean =>
  settled?.as === "done" && at - settled.at >= SHOWN_MS;

/** The contrary is wished from now on. */
const turned = (row: Route, wanted: Route["wanted"], { at }: Fact): Route => ({
  ...row,
  wish: row.wish + 1,
  wanted,
  since: at,
  settled: null,
  // Before, the carrier may show as detached what we attached just now: it is to come back.
  kept: wanted === "detached" && isShown(row, at) ? null : row.kept,
  contraryAt: row.settled === null ? at : row.settled.at,
});

const detach = (row: Route | undefined, holding: string, event: Fact): Route => {
  if (row === undefined) return begun(holding, event);
  return row.wanted === "detached" ? row : turned(row, "detached", event);
};

/** A route of which nothing was noted was never touched: it is as it was before its first wish. */
const attach = (row: Route | undefined, event: Fact): Route | undefined => {
  if (row === undefined || (row.wish === 1 && row.kept === null)) return undefined;
  return row.wanted === "attached" ? row : turned(row, "attached", event);
};

/** What is said of the wish that is open; of an earlier wish nothing is taken. */
const evolveOpen = (row: Route | undefined, event: FactOf<WishType>): Route | undefined => {
  if (event.data.wish !== row?.wish) return row;
  switch (event.type) {
    case "RouteNoted": {
      const { connection: connectionId, messagingProfile: messagingProfileId } = event.data;
      return { ...row, kept: { connectionId, messagingProfileId } };
    }
    case "RouteDetached":
    case "RouteAttached":
      return { ...row, settled: { as: "done", at: event.at } };
    case "RouteLeft":
      return { ...row, settled: { as: event.data.why, at: event.at } };
    case "RouteDrifted":
      return { ...row, wish: row.wish + 1, since: event.at, settled: null };
    default:
      return unreachable(event);
  }
};

type RouteEventType = WishType | "RenewalFailed" | "Suspended" | "Reinstated" | "ReleaseStarted";

/** Routes by holding: the list of the automation `routes` is those that are not settled. */
export const routes: Subject<Route, RouteEventType> = {
  kind: "route",
  keys: {
    RenewalFailed: byHolding,
    Suspended: byHolding,
    Reinstated: byHolding,
    ReleaseStarted: byHolding,
    RouteNoted: byHolding,
    RouteDetached: byHolding,
    RouteAttached: byHolding,
    RouteLeft: byHolding,
    RouteDrifted: byHolding,
  },
  evolve: (row, event, key) => {
    switch (event.type) {
      case "RenewalFailed":
      case "Suspended":
        return detach(row, key, event);
      case "Reinstated":
        return attach(row, event);
      // It is released to the carrier, with anything that is attached.
      case "ReleaseStarted":
        return undefined;
      case "RouteNoted":
      case "RouteDetached":
      case "RouteAttached":
      case "RouteLeft":
      case "RouteDrifted":
        return evolveOpen(row, event);
      default:
        return unreachable(event);
    }
  },
  work: ({ settled, since }) => settled === null ? { automation: "routes", due: since } : null,
};

/** The route's row, for `needs`. */
export const routeRow = (holding: string) => ({ kind: routes.kind, key: holding });

/** What is to be attached: the connection that the number was bought for, else what was there. */
export const routeToAttach = (
  { connection }: Pick<Managed, "connection">,
  kept: CarrierRoute | null,
): CarrierRoute => ({
  connectionId: connection ?? kept?.connectionId ?? null,
  messagingProfileId: kept?.messagingProfileId ?? null,
});

/** The open wish of this number for its route; undefined where none or another is open. */
export const pendingRoute = (state: State, holding: string, wish: number): Route | undefined => {
  const route = state.get(routes, holding);
  return route?.wish === wish && route.settled === null ? route : undefined;
};
