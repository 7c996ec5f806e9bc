/** Decides which numbers rest, and which serve again, when a verification changes. */
import type { DomainEvent } from "../../events/vocabulary.ts";
import { mustRest } from "../../organization/eligibility.ts";
import { CLOSED_PLAN, type Plan } from "../../values/plan.ts";
import type { Organization } from "../../organization/state.ts";
import type { Holding } from "../state.ts";

/**
 * What a change of plan or of verification does to the numbers: while a verification that the plan
 * requires is revoked they rest, and afterwards they return. A number that rests still costs the
 * carrier's rent, so the monthly charges continue; a customer who does not want that releases it.
 * `organization` and `plan` are those after the change. Of a closed organization none returns.
 */
export const restOrResume = (
  organization: Organization,
  plan: Plan,
  holdings: readonly Holding[],
): readonly DomainEvent[] => {
  const rests = mustRest(organization, plan);
  const events: DomainEvent[] = [];
  for (const number of holdings) {
    if (number.source !== "managed") continue;
    const { id: holding, stage } = number;
    if (rests && stage.status === "active") {
      events.push({ type: "Suspended", data: { holding, why: "compliance" } });
    } else if (
      !rests && plan.name !== CLOSED_PLAN && stage.status === "suspended" &&
      stage.why === "compliance"
    ) {
      events.push({ type: "Reinstated", data: { holding } });
    }
  }
  return events;
};
