/** Records what the carrier reported of a number's route; the automation `routes` asks for it. */
import type { CarrierRoute } from "../../ports/carrier.ts";
import { type Handler, NOTHING } from "../../log/decision.ts";
import type { Instant, Milliseconds } from "../../values/calendar.ts";
import { ok } from "../../values/result.ts";
import { pendingRoute, type Route, routeRow, routes, type Settled } from "../routes.ts";

const needsRoute = ({ holding }: { readonly holding: string }) => ({ rows: [routeRow(holding)] });

/** Records what the carrier has attached to a number that is to be suspended there. */
export type NoteRoute = {
  readonly type: "NoteRoute";
  readonly holding: string;
  readonly wish: number;
  readonly route: CarrierRoute;
};

/** What the carrier no longer shows may be what we detached: it is kept. */
const together = (shown: CarrierRoute, kept: CarrierRoute | null): CarrierRoute => ({
  connectionId: shown.connectionId ?? kept?.connectionId ?? null,
  messagingProfileId: shown.messagingProfileId ?? kept?.messagingProfileId ?? null,
});

const isSame = (a: CarrierRoute, b: CarrierRoute | null): boolean =>
  a.connectionId === b?.connectionId && a.messagingProfileId === b.messagingProfileId;

/**
 * Changes nothing for what is already recorded, and for a wish that is no longer the number's.
 * Nothing is to be detached unless the wish is still open after it.
 */
export const noteRoute: Handler<NoteRoute, never> = {
  needs: needsRoute,
  decide: (state, { holding, wish, route: shown }) => {
    const route = pendingRoute(state, holding, wish);
    if (route?.wanted !== "detached") return ok(NOTHING);
    const noted = together(shown, route.kept);
    if (isSame(noted, route.kept)) return ok(NOTHING);
    const { connectionId: connection, messagingProfileId: messagingProfile } = noted;
    return ok([{ type: "RouteNoted", data: { holding, wish, connection, messagingProfile } }]);
  },
};

/** Records the carrier's answer to a wish. */
export type SettleRoute = {
  readonly type: "SettleRoute";
  readonly holding: string;
  readonly wish: number;
  readonly as: Settled["as"];
  /** When the carrier was asked, measured as `contraryAt` was. */
  readonly askedAt: Instant;
  /** How long after the contrary wish the carrier may still carry it out. */
  readonly settlingMs: Milliseconds;
};

/**
 * Whether the carrier may carry out, or have carried out, an earlier contrary wish after it was
 * asked.
 */
const mayBeUndone = (
  { contraryAt }: Route,
  { askedAt, settlingMs }: Pick<SettleRoute, "askedAt" | "settlingMs">,
): boolean => contraryAt !== null && askedAt < contraryAt + settlingMs;

/**
 * Ends the wish. It changes nothing for one that is no longer the number's, and while a call for
 * the contrary may be under way: the carrier is asked again after that, since the last call counts.
 */
export const settleRoute: Handler<SettleRoute, never> = {
  needs: needsRoute,
  decide: (state, command) => {
    const { holding, wish, as } = command;
    const route = pendingRoute(state, holding, wish);
    if (route === undefined) return ok(NOTHING);
    if (as !== "done") return ok([{ type: "RouteLeft", data: { holding, wish, why: as } }]);
    if (mayBeUndone(route, command)) return ok(NOTHING);
    const type = route.wanted === "detached" ? "RouteDetached" : "RouteAttached";
    return ok([{ type, data: { holding, wish } }]);
  },
};

/** The carrier was found to have another route than it had confirmed. */
export type RedoRoute = {
  readonly type: "RedoRoute";
  readonly holding: string;
  /** The wish that was confirmed. */
  readonly wish: number;
};

/**
 * Lets the carrier be asked once more; changes nothing while it is being asked, or for another
 * wish.
 */
export const redoRoute: Handler<RedoRoute, never> = {
  needs: needsRoute,
  decide: (state, { holding, wish }) => {
    const route = state.get(routes, holding);
    return ok(
      route?.wish === wish && route.settled !== null
        ? [{ type: "RouteDrifted", data: { holding, wish } }]
        : NOTHING,
    );
  },
};
