/** The route of a number that was suspended once: is the carrier's as it was confirmed to be? */
import type { CarrierNumber } from "../ports/mod.ts";
import { routeToAttach } from "../number/routes.ts";
import type { Instant, Milliseconds } from "../values/calendar.ts";
import type { OurNumber } from "./our-number.ts";

/** What routes are compared with besides both sides. */
export type RouteTerms = {
  readonly now: Instant;
  /** The carrier may show a route as it was for this long after it was changed. */
  readonly settlingMs: Milliseconds;
  /** Whether the carrier can detach and attach routes. */
  readonly suspends?: boolean;
};

/**
 * `agreed`: it is detached, as it is to be. `inFlight`: the carrier is being asked, or was just
 * now. `connection`: nothing is known against it, so what it is connected to decides.
 */
export type RouteClass = "agreed" | "inFlight" | "connection" | "detach" | "attach";

const hasRoute = ({ connection, route }: OurNumber): boolean => {
  const { connectionId, messagingProfileId } = routeToAttach({ connection }, route?.kept ?? null);
  return connectionId !== null || messagingProfileId !== null;
};

/** What is to be done about a number's route; an open wish is carried out automatically. */
export const routeClassOf = (
  ours: OurNumber,
  { attached }: Pick<CarrierNumber, "attached">,
  { now, settlingMs, suspends = false }: RouteTerms,
): RouteClass => {
  const { route } = ours;
  if (route === null) return "connection";
  const { settled, wanted } = route;
  if (settled === null || now - settled.at < settlingMs) return "inFlight";
  if (settled.as === "unsupported" && !suspends) return "connection";
  if (wanted === "detached") return attached === true ? "detach" : "agreed";
  return attached === false && hasRoute(ours) ? "attach" : "connection";
};

/** Whether the carrier's route may be as it is to be, so that nothing need be asked about it. */
export const mayAgree = (ours: OurNumber, theirs: CarrierNumber): boolean => {
  const { route, connection } = ours;
  const isConnected = connection === null || connection === theirs.connectionId;
  if (route === null) return isConnected;
  if (route.wanted === "detached") return theirs.attached !== true;
  return theirs.attached !== false && isConnected;
};

/** Whether the wish changed, or was settled, while the sides were read. */
export const hasMoved = (before: OurNumber, after: OurNumber): boolean =>
  before.route?.wish !== after.route?.wish ||
  before.route?.settled?.at !== after.route?.settled?.at;
