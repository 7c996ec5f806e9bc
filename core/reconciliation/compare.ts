/**
 * The class of one number, compared as the carrier keeps it and as we hold it; `comparison.ts`
 * compares them all.
 */
import type { CarrierNumber } from "../ports/mod.ts";
import { HOUR_MS, type Instant, isoTime, type Milliseconds } from "../values/calendar.ts";
import type { Drift, OrphanPolicy, Remedy } from "../events/drift.ts";
import type { OurNumber } from "./our-number.ts";
import { hasMoved, routeClassOf, type RouteTerms } from "./route-drift.ts";
import { unreachable } from "../values/unreachable.ts";

/** How long a purchase or release may be under way, here or at the carrier, before it is stuck. */
const STUCK_MS: Milliseconds = HOUR_MS;

/** What is known of one number on both sides. */
export type Seen = {
  /** Ours, before the carrier was asked; null where we did not hold the number. */
  readonly before: OurNumber | null;
  /** Ours, after the carrier had answered. */
  readonly after: OurNumber | null;
  /** The carrier's; null where it does not keep the number for us. */
  readonly theirs: CarrierNumber | null;
};

/** Whose purchase an order was for. */
export type OrderOrigin = { readonly organization: string; readonly holding: string };

/** The inputs of a comparison besides the two sides. */
export type Circumstances = Pick<RouteTerms, "suspends"> & {
  readonly now: Instant;
  /** A number may be missing at the carrier for this long after it was bought. */
  readonly settlingMs: Milliseconds;
  readonly orphans: OrphanPolicy;
  /** Those of the carrier's order keys that are ours. */
  readonly origins: ReadonlyMap<string, OrderOrigin>;
  /** Those that are this installation's, and that are missing in its log, which lost its end. */
  readonly lost?: ReadonlySet<string>;
  /** Whether another server is at work on a copy of the log, so that those may be its own. */
  readonly isCopied?: boolean;
};

/**
 * The class of a number. `inFlight`: it is being bought or released, or was while the sides were
 * read. `foreign`: the carrier keeps it for another installation or system, which orders under its
 * own keys.
 */
export type Verdict =
  | { readonly class: "agreed" | "inFlight" | "foreign" }
  | { readonly class: "drift"; readonly drift: Drift };

const AGREED: Verdict = { class: "agreed" };
const IN_FLIGHT: Verdict = { class: "inFlight" };
const FOREIGN: Verdict = { class: "foreign" };

const isLost = ({ orderKey }: CarrierNumber, { lost }: Circumstances): boolean =>
  orderKey !== null && lost?.has(orderKey) === true;

const isForeign = (theirs: CarrierNumber, circumstances: Circumstances): boolean =>
  theirs.orderKey !== null && !circumstances.origins.has(theirs.orderKey) &&
  !isLost(theirs, circumstances);

/** A drift of a number that we hold, are buying or are releasing. */
const driftOf = (
  kind: Drift["kind"],
  ours: OurNumber,
  remedy: Remedy,
  message: string,
): Verdict => {
  const { e164, organization, holding, carrierId } = ours;
  return {
    class: "drift",
    drift: { kind, e164, organization, holding, carrierId, remedy, message },
  };
};

const orphanRemedy = (theirs: CarrierNumber, circumstances: Circumstances): Remedy => {
  const { orphans, isCopied = false } = circumstances;
  // A number that is still pending cannot be released.
  if (theirs.status === "pending") return "report";
  if (isLost(theirs, circumstances) && isCopied) return "report";
  const isOurs = theirs.orderKey !== null && !isForeign(theirs, circumstances);
  switch (orphans.kind) {
    case "report":
      return "report";
    case "release":
      return isOurs ? "releaseThere" : "report";
    case "adopt":
      return theirs.status === "active" ? "adopt" : "report";
    default:
      return unreachable(orphans);
  }
};

/** How a number became an orphan, as the end of a sentence. */
const causeOf = (
  theirs: CarrierNumber,
  origin: OrderOrigin | undefined,
  circumstances: Circumstances,
): string => {
  if (origin !== undefined) {
    return `it came of the order for ${origin.holding} of ${origin.organization}`;
  }
  if (!isLost(theirs, circumstances)) return "it was ordered without a key";
  const lost = "it came of an order of this installation that its log does not know";
  return circumstances.isCopied === true
    ? `${lost}: another server orders from a copy of this log, so it is left alone. Stop the one ` +
      "that should not run, or give the copy an id of its own (ledgerline installation --new)"
    : `${lost}: the log lost its end, as when a backup is restored`;
};

const orphanOf = (theirs: CarrierNumber, circumstances: Circumstances): Verdict => {
  const { e164, carrierId, orderKey } = theirs;
  const origin = orderKey === null ? undefined : circumstances.origins.get(orderKey);
  const cause = causeOf(theirs, origin, circumstances);
  return {
    class: "drift",
    drift: {
      kind: "orphan",
      e164,
      organization: origin?.organization ?? null,
      holding: origin?.holding ?? null,
      carrierId,
      remedy: orphanRemedy(theirs, circumstances),
      message: `The carrier keeps ${e164} and nobody holds it; ${cause}.`,
    },
  };
};

const underWay = (ours: OurNumber, { now }: Circumstances): Verdict => {
  if (ours.isWaiting === true || now - ours.since <= STUCK_MS) return IN_FLIGHT;
  const what = ours.stage === "purchasing" ? "bought" : "released";
  const message = `${ours.e164} has been being ${what} since ${isoTime(ours.since)}.`;
  return driftOf("stuck", ours, "continue", message);
};

const ghostOf = (ours: OurNumber, { now, settlingMs }: Circumstances): Verdict => {
  if (now - ours.since < settlingMs) return IN_FLIGHT;
  const { e164, organization } = ours;
  const message = `${organization} holds ${e164}, which the carrier no longer keeps.`;
  return driftOf("ghost", ours, "releaseHere", message);
};

/** What a ghost is when the carrier, asked by its id, still keeps it: no list shows it. */
export const unlistedOf = (ghost: Drift): Drift => ({
  ...ghost,
  kind: "mismatch",
  remedy: "report",
  message: `The carrier keeps ${ghost.e164} under its id, and lists it nowhere.`,
});

const mismatchOf = (
  ours: OurNumber,
  what: string,
  here: string,
  there: string,
  remedy: Remedy,
): Verdict => {
  const message = `The ${what} of ${ours.e164} is ${here} here and ${there} at the carrier.`;
  return driftOf("mismatch", ours, remedy, message);
};

/** A wish for a route that the carrier has not confirmed for long. */
const settlesLate = (ours: OurNumber, { now }: Circumstances): Verdict => {
  const { e164, route } = ours;
  if (route === null || route.settled !== null || now - route.since <= STUCK_MS) return IN_FLIGHT;
  const message = `The route of ${e164} is to be ${route.wanted} since ${isoTime(route.since)}.`;
  return driftOf("stuck", ours, "continue", message);
};

const heldOnBothSides = (
  ours: OurNumber,
  theirs: CarrierNumber,
  circumstances: Circumstances,
): Verdict => {
  const { connection, carrierId, since, e164 } = ours;
  if (theirs.carrierId !== carrierId) {
    return mismatchOf(ours, "carrier's id", `${carrierId}`, theirs.carrierId, "report");
  }
  if (theirs.status === "pending") {
    if (circumstances.now - since <= STUCK_MS) return IN_FLIGHT;
    const message = `${e164} is held since ${isoTime(since)}, and still pending at the carrier.`;
    return driftOf("stuck", ours, "report", message);
  }
  if (theirs.status === "other") {
    return mismatchOf(ours, "status", "active", "another", "report");
  }
  // Under a foreign key it may belong to another customer by now, whatever its id.
  const unlessForeign = (remedy: Remedy) => isForeign(theirs, circumstances) ? "report" : remedy;
  const route = routeClassOf(ours, theirs, circumstances);
  if (route === "agreed") return AGREED;
  if (route === "inFlight") return settlesLate(ours, circumstances);
  if (route !== "connection") {
    const [here, there] = route === "detach" ? ["detached", "attached"] : ["attached", "detached"];
    return mismatchOf(ours, "route", here, there, unlessForeign(route));
  }
  if (connection !== null && theirs.connectionId !== connection) {
    const there = theirs.connectionId ?? "none";
    return mismatchOf(ours, "connection", connection, there, unlessForeign("connect"));
  }
  return AGREED;
};

const ofOurs = (
  ours: OurNumber,
  before: OurNumber | null,
  theirs: CarrierNumber | null,
  circumstances: Circumstances,
): Verdict => {
  if (ours.stage !== "held") return underWay(ours, circumstances);
  // Bought while the sides were read: the carrier may have answered before or after.
  if (before?.holding !== ours.holding || before.stage !== ours.stage) return IN_FLIGHT;
  if (hasMoved(before, ours)) return IN_FLIGHT;
  const kept = theirs !== null &&
    (theirs.carrierId === ours.carrierId || !isForeign(theirs, circumstances));
  return kept ? heldOnBothSides(ours, theirs, circumstances) : ghostOf(ours, circumstances);
};

/**
 * The class of one number, and for a drift what is to be done about it. Ours is read before and
 * after the carrier's side, so that a number that came or went meanwhile does not count as drift.
 */
export const classify = (
  { before, after, theirs }: Seen,
  circumstances: Circumstances,
): Verdict => {
  if (after !== null) return ofOurs(after, before, theirs, circumstances);
  if (theirs === null) return IN_FLIGHT;
  if (isForeign(theirs, circumstances)) return FOREIGN;
  return before === null ? orphanOf(theirs, circumstances) : IN_FLIGHT;
};
