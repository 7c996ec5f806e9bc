/** Decides the adoption of a number that the carrier keeps for us already. */
import type { Context, Decision, Handler } from "../../log/decision.ts";
import type { DomainEvent } from "../../events/vocabulary.ts";
import type { State } from "../../log/state.ts";
import {
  hasCapacity,
  mustRest,
  type PlanLimitReached,
  planLimitReached,
} from "../../organization/eligibility.ts";
import { monthlyOf } from "../../organization/payment.ts";
import { planOf } from "../../organization/plans.ts";
import {
  type OrganizationUnknown,
  self,
  unknownOrganization,
} from "../../organization/refusals.ts";
import type { CarrierNumber, Offer } from "../../ports/mod.ts";
import { monthsAfter } from "../../values/calendar.ts";
import {
  carrierClaim,
  placeData,
  placeIn,
  worldOfCarrier,
  worldsOf,
} from "../../values/claim-key.ts";
import { ok } from "../../values/result.ts";
import type { CarrierName } from "../../ports/carrier.ts";
import { claimant, type NumberTaken, numberTaken } from "../refusals.ts";
import {
  importedElsewhere,
  importInTheWay,
  lineClaims,
  type NumberImportedElsewhere,
} from "./imports.ts";
import { repriced } from "../prices.ts";
import { needsNumber } from "./needs.ts";
import { noticeBefore } from "./notices.ts";

/** Adopts a number that the carrier keeps for us and that no organization holds. */
export type AdoptNumber = {
  readonly type: "AdoptNumber";
  readonly holding: string;
  readonly carrier: CarrierName;
  readonly number: Pick<CarrierNumber, "e164" | "carrierId" | "connectionId">;
  /** What kind of number it is, and what the carrier asks for a month. */
  readonly terms: Pick<Offer, "type" | "country" | "monthly" | "features">;
};

/** Why a number cannot be adopted. */
export type AdoptionRefusal =
  | OrganizationUnknown
  | NumberTaken
  | PlanLimitReached
  | NumberImportedElsewhere;

const decideAdoption = (
  state: State,
  { holding, carrier, number, terms }: AdoptNumber,
  { now, plans, own }: Context,
): Decision<AdoptionRefusal> => {
  const organization = self(state);
  if (organization === undefined) return unknownOrganization;
  const world = worldOfCarrier(carrier);
  const claim = state.claimOn(carrierClaim(world, number.e164));
  if (claim !== null) return numberTaken(state, number.e164, [claim]);
  const plan = planOf(plans, organization);
  const place = placeIn(own, world);
  if (!hasCapacity(organization, plan, place)) return planLimitReached(organization, plan, place);
  const { e164, carrierId, connectionId: connection } = number;
  // Where there is one world, an import that is older than the worlds may be in the other one.
  const imported = importInTheWay(state, own === "sandbox" ? worldsOf("all") : [world], e164);
  if (imported !== undefined) return importedElsewhere(imported);
  const { type, country, monthly: carrierMonthly, features } = terms;
  const to = monthsAfter(now, 1);
  const adopted: DomainEvent = {
    type: "NumberAdopted",
    data: {
      holding,
      e164,
      carrier,
      carrierId,
      connection,
      type,
      country,
      monthly: monthlyOf(carrierMonthly, plan),
      features: [...features],
      ...placeData(place),
      from: now,
      to,
      ...noticeBefore(to, plan.renewalNoticeDays, now),
    },
  };
  const events = [adopted, ...repriced({ id: holding, carrierMonthly }, plan)];
  return ok(
    mustRest(organization, plan)
      ? [...events, { type: "Suspended", data: { holding, why: "compliance" } }]
      : events,
  );
};

/**
 * Adopts a number as one by the month. Its first month was paid when it was ordered, so the first
 * charge is for the month after. It claims what a confirmed purchase claims. Refused for an unknown
 * organization, a number that already has a holder, beyond the plan's limit, and while an import of
 * it exists, which must end first. No verification is required, since the operator decides here.
 */
export const adoptNumber: Handler<AdoptNumber, AdoptionRefusal> = {
  needs: ({ holding, number }) => ({
    rows: needsNumber({ holding }).rows,
    claims: lineClaims(worldsOf("all"), number.e164),
  }),
  more: claimant,
  decide: decideAdoption,
};
