/** Does something about a drift, after having looked at it once more. */
import * as Effect from "effect/Effect";
import type { CarrierName } from "../../../../core/ports/carrier.ts";
import type { AnySubject } from "../../../../core/log/state.ts";
import { needsNumber } from "../../../../core/number/decisions/needs.ts";
import { routes } from "../../../../core/number/routes.ts";
import { numbers } from "../../../../core/number/state.ts";
import type { CarrierNumber } from "../../../../core/ports/mod.ts";
import {
  type Circumstances,
  classify,
  unlistedOf,
} from "../../../../core/reconciliation/compare.ts";
import type { Drift } from "../../../../core/events/drift.ts";
import type { ReportedDrift } from "../../../../core/events/reconciliation.ts";
import { type OurNumber, ourNumberOf } from "../../../../core/reconciliation/our-number.ts";
import { RECONCILIATIONS } from "../../../../core/reconciliation/state.ts";
import { carrierClaim, worldOfCarrier } from "../../../../core/values/claim-key.ts";
import type { Actor } from "../../../../core/values/identity.ts";
import { callCarrier, type CarrierFailure, OPERATOR_PARTY } from "../../engine/carrier-calls.ts";
import { execute } from "../../engine/execute.ts";
import { read } from "../../engine/reading.ts";
import { despiteImports } from "../../engine/import-conflicts.ts";
import { resumeOrder } from "../orders.ts";
import { releaseStep } from "../releases.ts";
import { routeStep } from "../routes.ts";
import { carefully, itemKey, type Progress, type Step } from "../step.ts";
import { Ports } from "../../engine/services.ts";
import { originsOf } from "./inventories.ts";
import { termsOf } from "./adoption-offer.ts";
import { unreachable } from "../../../../core/values/unreachable.ts";

/** What a run uses, from the comparison to the last repair. */
export type Run = {
  readonly carrier: CarrierName;
  readonly actor: Actor;
  readonly terms: Pick<Circumstances, "settlingMs" | "suspends" | "orphans" | "isCopied">;
};

/** A drift with what was done about it, or null where there is none left. */
type Repaired = ReportedDrift | null;

const reportOf = (
  drift: Drift,
  outcome: ReportedDrift["outcome"],
  why: string | null = null,
): Repaired => ({ ...drift, outcome, why });

/**
 * The number that a holding is at this carrier now; null where it is not a number of the carrier.
 */
const readOur = Effect.fnUntraced(function* (
  carrier: CarrierName,
  organization: string,
  holding: string,
) {
  const { state } = yield* read(organization, needsNumber({ holding }));
  const number = state.get(numbers, holding);
  if (number === undefined) return null;
  return ourNumberOf(organization, number, state.get(routes, holding), carrier);
});

/**
 * Both sides of a number as they are now; ours is read last. `claimed`: an organization here has
 * it.
 */
const lookAgain = Effect.fnUntraced(function* ({ carrier }: Run, { e164 }: Drift) {
  const theirs = yield* callCarrier(
    carrier,
    OPERATOR_PARTY,
    "findNumber",
    (port) => port.findNumber(e164),
  );
  // The carrier's inventory is proof against an import, which is ignored here.
  const sold = carrierClaim(worldOfCarrier(carrier), e164);
  const [claim] = (yield* read(RECONCILIATIONS, { claims: [sold] })).snapshot.claims;
  if (claim === undefined) return { theirs, ours: null, claimed: false };
  const { organization, holder } = claim;
  const ours = yield* readOur(carrier, organization, holder);
  return { theirs, ours, claimed: true };
});

/** One step of a number's own automation, or its route's, when it is its turn. */
const inTurn = Effect.fnUntraced(function* (
  { organization, holding: key, e164 }: OurNumber,
  { kind }: Pick<AnySubject, "kind">,
  step: Step,
) {
  const { items } = yield* Ports;
  const item = itemKey({ organization, kind, key });
  return yield* items.inTurn(item, carefully(`reconciling ${e164}`, step));
});

const progressed = (drift: Drift, progress: Progress): Repaired =>
  reportOf(drift, progress === "done" ? "done" : "open");

/**
 * Gives up a number that the carrier no longer has. Both earlier looks read lists, so the carrier
 * is also asked by id, and never to release: a wrong list loses no number.
 */
const releaseHere = Effect.fnUntraced(function* (
  run: Run,
  drift: Drift,
  ours: OurNumber,
): Effect.fn.Return<Repaired, CarrierFailure, Ports> {
  const { organization, holding, carrierId, e164 } = ours;
  if (carrierId === null) return null;
  const kept = yield* callCarrier(
    run.carrier,
    OPERATOR_PARTY,
    "has",
    (port) => port.has({ carrierId, e164 }),
  );
  if (kept) return reportOf(unlistedOf(drift), "reported");
  const command = { type: "StartRelease", holding, why: "carrierLostIt" } as const;
  return yield* Effect.matchEffect(execute({ organization, actor: run.actor, command }), {
    onSuccess: () =>
      Effect.map(
        inTurn(ours, numbers, releaseStep(organization, holding)),
        (progress) => progressed(drift, progress),
      ),
    onFailure: ({ message }) => Effect.succeed(reportOf(drift, "failed", message)),
  });
});

/** Gives a number back that nobody holds: noted first, in the log of the reconciliations. */
const releaseThere = Effect.fnUntraced(function* (
  { carrier, actor }: Run,
  drift: Drift,
  { carrierId, e164 }: CarrierNumber,
) {
  const command = { type: "StartOrphanRelease", carrier, e164, carrierId } as const;
  yield* execute({ organization: RECONCILIATIONS, actor, command });
  yield* callCarrier(
    carrier,
    OPERATOR_PARTY,
    "release",
    (port) => port.release({ carrierId, e164 }),
  );
  return reportOf(drift, "done");
});

const connectNow = Effect.fnUntraced(function* (
  { carrier }: Run,
  drift: Drift,
  { organization, holding }: OurNumber,
  number: CarrierNumber,
): Effect.fn.Return<Repaired, CarrierFailure, Ports> {
  const ours = yield* readOur(carrier, organization, holding);
  const route = ours?.route ?? null;
  const isDetached = route?.wanted === "detached" && route.settled?.as !== "unsupported";
  if (route?.settled === null || isDetached) return null;
  const connection = ours?.connection ?? null;
  if (connection === null) return null;
  const connected = yield* callCarrier(
    carrier,
    OPERATOR_PARTY,
    "connect",
    (port) => port.connect(number, connection),
  );
  return connected === "connected" ? reportOf(drift, "done") : reportOf(
    drift,
    "failed",
    "The carrier had the number no longer when its connection was to be set.",
  );
});

/**
 * Sets a connection in the turn of the number's route, so that none that was detached comes back.
 */
const connect = Effect.fnUntraced(function* (
  run: Run,
  drift: Drift,
  ours: OurNumber,
  number: CarrierNumber,
) {
  const { items } = yield* Ports;
  const { organization, holding: key } = ours;
  const item = itemKey({ organization, kind: routes.kind, key });
  return yield* items.inTurn(item, connectNow(run, drift, ours, number));
});

/**
 * Has the carrier asked once more for the route that it had confirmed. That is noted first, so the
 * automation goes on where this breaks off.
 */
const reroute = Effect.fnUntraced(function* (run: Run, drift: Drift, ours: OurNumber) {
  const { organization, holding, route } = ours;
  if (route === null) return null;
  const command = { type: "RedoRoute", holding, wish: route.wish } as const;
  yield* execute({ organization, actor: run.actor, command });
  const step = routeStep(organization, holding);
  return progressed(drift, yield* inTurn(ours, routes, step));
});

/** Gives a number that nobody holds to the organization that is to have such numbers. */
const adopt = Effect.fnUntraced(function* (
  { carrier, actor, terms: { orphans } }: Run,
  drift: Drift,
  number: CarrierNumber,
) {
  if (orphans.kind !== "adopt") return reportOf(drift, "reported");
  const { ids } = yield* Ports;
  const { organization, holding } = drift;
  const origin = organization === null || holding === null ? null : { organization, holding };
  const terms = yield* termsOf(carrier, number, origin);
  if (terms === null) {
    return reportOf(drift, "failed", "Nobody knows what the number is to cost by the month.");
  }
  const command = {
    type: "AdoptNumber",
    holding: ids.next("pn"),
    carrier,
    number,
    terms,
  } as const;
  const adopting = execute({ organization: orphans.into, actor, command });
  return yield* Effect.match(despiteImports(adopting), {
    onSuccess: () => reportOf(drift, "done"),
    onFailure: ({ message }) => reportOf(drift, "failed", message),
  });
});

/** One more step of a purchase, a release or a change of a route that takes too long. */
const goOn = Effect.fnUntraced(function* (drift: Drift, ours: OurNumber) {
  const { organization, holding, stage } = ours;
  if (stage === "held") {
    return progressed(drift, yield* inTurn(ours, routes, routeStep(organization, holding)));
  }
  const step = stage === "purchasing"
    ? resumeOrder(organization, holding)
    : releaseStep(organization, holding);
  return progressed(drift, yield* inTurn(ours, numbers, step));
});

/**
 * Looks at a drift of our number `before` once more, on both sides, and does what is to be done
 * about it if it is the same drift still: a page of the inventory may have hidden the number, or
 * another writer was faster.
 */
export const repair = Effect.fnUntraced(function* (
  run: Run,
  drift: Drift,
  before: OurNumber | null,
): Effect.fn.Return<Repaired, CarrierFailure, Ports> {
  const { clock } = yield* Ports;
  if (drift.remedy === "report") return reportOf(drift, "reported");
  // An operation under way knows what to ask the carrier.
  if (drift.remedy === "continue") return before === null ? null : yield* goOn(drift, before);
  const { theirs, ours, claimed } = yield* lookAgain(run, drift);
  const key = theirs?.orderKey ?? null;
  const known = yield* originsOf(run.carrier, key === null ? [] : [key]);
  const circumstances = { ...run.terms, ...known, now: clock.now() };
  const verdict = classify({ before, after: ours, theirs }, circumstances);
  if (verdict.class !== "drift" || verdict.drift.kind !== drift.kind) return null;
  const now = verdict.drift;
  if (ours === null && claimed) {
    return reportOf(now, "failed", "An organization here holds the number by other means.");
  }
  switch (now.remedy) {
    case "releaseHere":
      return ours === null ? null : yield* releaseHere(run, now, ours);
    case "releaseThere":
      return theirs === null ? null : yield* releaseThere(run, now, theirs);
    case "connect":
      return theirs === null || ours === null ? null : yield* connect(run, now, ours, theirs);
    case "detach":
    case "attach":
      return ours === null ? null : yield* reroute(run, now, ours);
    case "adopt":
      return theirs === null ? null : yield* adopt(run, now, theirs);
    case "continue":
    case "report":
      return reportOf(now, "reported");
    default:
      return unreachable(now.remedy);
  }
});
