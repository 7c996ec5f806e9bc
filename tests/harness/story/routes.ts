/** The events of a number's route at its carrier, for specifications. */
import { type Optional, withoutUndefined } from "../../../adapters/validation/optional.ts";
import type { DomainEvent } from "../../../core/events/vocabulary.ts";
import { type DataOf, PN } from "./events.ts";

/** What the carrier has attached to the number was noted. */
export const routeNoted = (over: Optional<DataOf<"RouteNoted">> = {}): DomainEvent => ({
  type: "RouteNoted",
  data: {
    holding: PN,
    wish: 1,
    connection: "14",
    messagingProfile: null,
    ...withoutUndefined(over),
  },
});

/** The carrier confirmed what was wished of its route. */
export const routeSettled = (route: "detached" | "attached", wish = 1): DomainEvent => ({
  type: route === "detached" ? "RouteDetached" : "RouteAttached",
  data: { holding: PN, wish },
});

/** The carrier cannot do anything about it. */
export const routeLeft = (why: DataOf<"RouteLeft">["why"], wish = 1): DomainEvent => ({
  type: "RouteLeft",
  data: { holding: PN, wish, why },
});

/** A reconciliation found it otherwise. */
export const routeDrifted = (wish: number): DomainEvent => ({
  type: "RouteDrifted",
  data: { holding: PN, wish },
});
