/** A number of ours as its carrier can know it: one side of the comparison (`compare.ts`). */
import type { CarrierName } from "../ports/carrier.ts";
import type { Stage } from "../number/stage.ts";
import type { Route } from "../number/routes.ts";
import type { Holding, Managed } from "../number/state.ts";
import type { Instant } from "../values/calendar.ts";
import type { E164 } from "../values/e164.ts";
import { unreachable } from "../values/unreachable.ts";

/** A number of ours, as far as its carrier can know it. */
export type OurNumber = {
  readonly organization: string;
  readonly holding: string;
  readonly e164: E164;
  /** `held`: the carrier must have it, whether it serves or is suspended. */
  readonly stage: "purchasing" | "held" | "releasing";
  /** Since when it is in this stage. */
  readonly since: Instant;
  /** Whether its order waits for documents at the carrier, as was noted: that may take weeks. */
  readonly isWaiting?: boolean;
  /** The carrier's id of it; null while it is being bought. */
  readonly carrierId: string | null;
  /** The connection that its calls are to go to; null where any will do. */
  readonly connection: string | null;
  /** What is wished of its route; null where the number was never suspended. */
  readonly route: Route | null;
};

type Placed = Exclude<Stage, { status: "failed" }>;

const stageOf = (
  number: Managed,
  stage: Placed,
): Pick<OurNumber, "stage" | "since" | "isWaiting"> => {
  switch (stage.status) {
    case "purchasing":
      return {
        stage: "purchasing",
        since: number.createdAt,
        // One that is to be cancelled waits for nothing: what does not end is reported.
        ...(stage.waitsFor !== undefined && stage.cancelling !== true && { isWaiting: true }),
      };
    case "releasing":
      return { stage: "releasing", since: stage.since };
    case "active":
    case "suspended":
      // A trial that was converted counts from there, which is later: the rules only wait longer.
      return { stage: "held", since: stage.term.anchor };
    default:
      return unreachable(stage);
  }
};

/**
 * The number that a holding is to this carrier, with its route if it was ever suspended; null for
 * one that was imported, that another carrier has, or whose purchase failed.
 */
export const ourNumberOf = (
  organization: string,
  holding: Holding,
  route: Route | undefined,
  carrier: CarrierName,
): OurNumber | null => {
  if (holding.source === "imported" || holding.carrier !== carrier) return null;
  const { id, e164, connection, stage } = holding;
  if (stage.status === "failed") return null;
  const carrierId = stage.status === "purchasing" ? null : stage.carrierId;
  const place = stageOf(holding, stage);
  return {
    organization,
    holding: id,
    e164,
    ...place,
    carrierId,
    connection,
    route: route ?? null,
  };
};
