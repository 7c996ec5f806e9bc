/** The refusals of commands to a number, with their sentences; `decisions/` says when. */
import type { Refused } from "../log/decision.ts";
import type { State } from "../log/state.ts";
import type { Claim, Needs } from "../ports/mod.ts";
import type { E164 } from "../values/e164.ts";
import { failed } from "../values/result.ts";
import { type Holding, isPurchasing, numbers } from "./state.ts";
import { isFailed, isLeaving } from "./status.ts";

/** The organization holds no such number. */
export type NumberUnknown = Refused<"NUMBER_UNKNOWN">;

/** A refusal that names one of the organization's own numbers; `holding` is its id. */
type OfOwn<Code extends string> = Refused<Code> & {
  readonly e164: E164;
  readonly holding: string;
};

/** The carrier has not confirmed the organization's own purchase yet. */
export type PurchaseInProgress = OfOwn<"PURCHASE_IN_PROGRESS">;
/** Another organization holds the number, or is buying it; which one is not disclosed. */
export type NumberAlreadyOwned = Refused<"NUMBER_ALREADY_OWNED"> & { readonly e164: E164 };
/** The organization itself holds the number. */
export type NumberAlreadyYours = OfOwn<"NUMBER_ALREADY_YOURS">;
/** The organization's own number is being released, or its purchase is cancelled. */
export type NumberBeingReleased = OfOwn<"NUMBER_BEING_RELEASED">;
/** The organization's own purchase of the number failed. */
export type NumberNotInService = OfOwn<"NUMBER_NOT_IN_SERVICE">;

/** Why a number that has a holder cannot be bought or imported. */
export type NumberTaken =
  | NumberAlreadyOwned
  | NumberAlreadyYours
  | NumberBeingReleased
  | PurchaseInProgress;

/** Why a number that no longer serves cannot be changed. */
export type NumberOutOfService = NumberBeingReleased | NumberNotInService;

/** The number is not paid for by the month, so there is no renewal. */
export type NumberNotRented = Refused<"NUMBER_NOT_RENTED">;

/** The refusal of a command to a number that this organization does not hold. */
export const unknownNumber = failed<NumberUnknown>({
  code: "NUMBER_UNKNOWN",
  message: "No phone number has this id; list the phone numbers to see their ids.",
});

/** The refusal of what must wait until the carrier has confirmed the purchase. */
export const purchaseInProgress = ({ id: holding, e164 }: Holding) =>
  failed<PurchaseInProgress>({
    code: "PURCHASE_IN_PROGRESS",
    message: `The purchase of the phone number ${e164}, with the id ${holding}, is in progress; ` +
      "read that id until it is active or has failed.",
    e164,
    holding,
  });

/** Whether a charge for the number was taken is not known yet, or it was and is not given back. */
export type ChargeUnsettled = Refused<"CHARGE_UNSETTLED">;

/** The refusal of what must wait until the number's open charge is settled. */
export const chargeUnsettled = failed<ChargeUnsettled>({
  code: "CHARGE_UNSETTLED",
  message: "A charge for this phone number is not settled yet.",
});

const alreadyOwned = (e164: E164) =>
  failed<NumberAlreadyOwned>({
    code: "NUMBER_ALREADY_OWNED",
    message: `The phone number ${e164} is held, or being bought, by another organization; ` +
      "choose another number.",
    e164,
  });

const alreadyYours = ({ id: holding, e164, source }: Holding) =>
  failed<NumberAlreadyYours>({
    code: "NUMBER_ALREADY_YOURS",
    message: source === "imported"
      ? `You already have the phone number ${e164}, imported with the id ${holding}; ` +
        "use it by that id, or release it first."
      : `You already have the phone number ${e164}, with the id ${holding}; use it by that id.`,
    e164,
    holding,
  });

const beingReleased = ({ id: holding, e164 }: Holding, what: string) =>
  failed<NumberBeingReleased>({
    code: "NUMBER_BEING_RELEASED",
    message: `The phone number ${e164}, with the id ${holding}, is being released; ${what}.`,
    e164,
    holding,
  });

/** Where to find who holds a claimed number: its row, if the organization itself holds it. */
export const claimant = ({ claims }: State): Needs =>
  claims.length === 0
    ? {}
    : { rows: claims.map(({ holder }) => ({ kind: numbers.kind, key: holder })) };

/**
 * The refusal of a number that is claimed, by one of `claims`. An organization learns the status of
 * its own number, by its id; of others only that the number is taken. The refusal spells the number
 * as the request did: the holder may have another spelling, which stays private. The rows of
 * `claimant` must have been asked for.
 */
export const numberTaken = (state: State, e164: E164, claims: readonly [Claim, ...Claim[]]) => {
  const own = claims.map(({ holder }) => state.get(numbers, holder))
    .find((number) => number !== undefined);
  if (own === undefined) return alreadyOwned(e164);
  const number: Holding = { ...own, e164 };
  if (isLeaving(number)) return beingReleased(number, "try again once that id is no longer listed");
  return isPurchasing(number) ? purchaseInProgress(number) : alreadyYours(number);
};

/** The refusal of a number that the carrier does not sell. */
export const notAvailable = (e164: E164) =>
  failed<Refused<"NUMBER_NOT_AVAILABLE">>({
    code: "NUMBER_NOT_AVAILABLE",
    message: `The carrier does not offer the phone number ${e164}; search for one that it offers.`,
  });

/**
 * The refusal of a change to a number that is being released, or was not bought; null where it
 * serves.
 */
export const outOfService = (number: Holding) => {
  const { id: holding, e164 } = number;
  if (isLeaving(number)) {
    return beingReleased(number, "it can no longer be changed; use another number");
  }
  if (!isFailed(number)) return null;
  return failed<NumberNotInService>({
    code: "NUMBER_NOT_IN_SERVICE",
    message:
      `The phone number ${e164}, with the id ${holding}, could not be bought, so it cannot be ` +
      "changed; release it to remove it from the list, or buy another number.",
    e164,
    holding,
  });
};

/** Why a number has no renewal. */
const whyNotRented = (number: Holding): string => {
  if (number.source === "imported") return "imported numbers are never charged";
  if (isLeaving(number)) return "it is being released";
  if (isPurchasing(number)) return "it is not bought yet; wait until it is active";
  if (isFailed(number)) return "it could not be bought; release it, or buy another";
  return "it ends with its trial; move to a paid plan to keep it";
};

/** The refusal of switching the renewal of a number that does not renew. */
export const notRented = (number: Holding) =>
  failed<NumberNotRented>({
    code: "NUMBER_NOT_RENTED",
    message: `The phone number ${number.e164} has no renewal: ${whyNotRented(number)}.`,
  });
