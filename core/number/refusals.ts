import type { Refused } from "../log/decision.ts";
import type { State } from "../log/state.ts";
import type { Claim, Needs } from "../ports.ts";
import { claimedNumber } from "../values/claim-key.ts";
import type { E164 } from "../values/e164.ts";
import { failed } from "../values/result.ts";
import { type Holding, isPurchasing, numbers } from "./state.ts";

/** The organization holds no such number. */
export type NumberUnknown = Refused<"NUMBER_UNKNOWN">;
/** The carrier has not confirmed the purchase yet. */
export type PurchaseInProgress = Refused<"PURCHASE_IN_PROGRESS">;
/** Anyone holds the number, or is buying it. */
export type NumberAlreadyOwned = Refused<"NUMBER_ALREADY_OWNED"> & {
  readonly e164: E164;
  readonly claim: Claim;
};
/** The number is on its way out, or was never got. */
export type NumberNotInService = Refused<"NUMBER_NOT_IN_SERVICE">;

/** The refusal of a command to a number that this organization does not hold. */
export const unknownNumber = failed<NumberUnknown>({
  code: "NUMBER_UNKNOWN",
  message: "There is no such phone number.",
});

/** The refusal of what must wait until the carrier has confirmed the purchase. */
export const purchaseInProgress = failed<PurchaseInProgress>({
  code: "PURCHASE_IN_PROGRESS",
  message: "The purchase of this phone number is still in progress.",
});

/** Whether a charge for the number was taken is not known yet, or it was and is not given back. */
export type ChargeUnsettled = Refused<"CHARGE_UNSETTLED">;

/** The refusal of what must wait until the number's open charge is settled. */
export const chargeUnsettled = failed<ChargeUnsettled>({
  code: "CHARGE_UNSETTLED",
  message: "A charge for this phone number is not settled yet.",
});

/** The refusal of a number that anyone holds or is buying. */
const alreadyOwned = (claim: Claim) =>
  failed<NumberAlreadyOwned>({
    code: "NUMBER_ALREADY_OWNED",
    message: `The phone number ${claimedNumber(claim.key)} is held already, or being bought.`,
    e164: claimedNumber(claim.key),
    claim,
  });

/** What tells who holds a claimed number: its row, where the holder is the organization itself. */
export const claimant = ({ claims }: State): Needs =>
  claims.length === 0
    ? {}
    : { rows: claims.map(({ holder }) => ({ kind: numbers.kind, key: holder })) };

/**
 * The refusal of a claimed number, told more exactly to an organization that is itself buying it:
 * `holding` is the claim's holder where that is the organization's own (contract, Speko).
 */
export const heldBy = (claim: Claim, holding: Holding | undefined) =>
  isPurchasing(holding) ? purchaseInProgress : alreadyOwned(claim);

/** The refusal of a number that the carrier does not sell. */
export const notAvailable = (e164: E164) =>
  failed<Refused<"NUMBER_NOT_AVAILABLE">>({
    code: "NUMBER_NOT_AVAILABLE",
    message: `The carrier does not offer the phone number ${e164}.`,
  });

/** The refusal of routing a number that is on its way out, or never came. */
export const notInService = (holding: Holding) =>
  failed<NumberNotInService>({
    code: "NUMBER_NOT_IN_SERVICE",
    message: `The phone number ${holding.e164} ${
      holding.source === "managed" && holding.stage.status === "failed"
        ? "could not be bought"
        : "is being released"
    } and takes no changes.`,
  });
