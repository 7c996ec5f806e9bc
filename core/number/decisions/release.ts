/** Decides releases, and users' requests for one (`release-requests.ts`). */
import type { CarrierName } from "../../ports/carrier.ts";
import { type Context, type Decision, type Handler, NOTHING } from "../../log/decision.ts";
import type { Refused } from "../../log/decision.ts";
import type { DomainEvent } from "../../events/vocabulary.ts";
import type { State } from "../../log/state.ts";
import { dailyLimit, type DailyLimitReached, dailyRow } from "../../organization/daily.ts";
import { SELF_ROW } from "../../organization/refusals.ts";
import { isWithin, placeData } from "../../values/claim-key.ts";
import { failed, ok } from "../../values/result.ts";
import type { ReleaseReason } from "../../events/number.ts";
import { nextChargeOf } from "../charges.ts";
import {
  type ChargeUnsettled,
  chargeUnsettled,
  type NumberUnknown,
  type PurchaseInProgress,
  purchaseInProgress,
  unknownNumber,
} from "../refusals.ts";
import { type ReleaseRequest, releaseRequests } from "../release-requests.ts";
import { routeRow } from "../routes.ts";
import {
  type Holding,
  isPurchasing,
  numbers,
  type Purchasing,
  seenNumber,
  worldOf,
} from "../state.ts";
import { isFailed, isLeaving } from "../status.ts";
import { leaving, needsNumber, nextCharge } from "./needs.ts";
import { reassign } from "./routing.ts";
import { unreachable } from "../../values/unreachable.ts";

/**
 * Releases a number, for any reason: it loses its assistant, a pending request is granted, and the
 * release of a bought number starts. An imported one is released immediately, and a failed purchase
 * is dismissed: no carrier has either of them.
 */
export const beginRelease = (number: Holding, why: ReleaseReason): readonly DomainEvent[] => {
  const { id: holding, releaseRequest, e164 } = number;
  const place = placeData(number.place);
  const events = [...reassign(number, null)];
  if (releaseRequest !== null) {
    events.push({ type: "ReleaseRequestApproved", data: { request: releaseRequest, holding } });
  }
  if (number.source === "imported") {
    events.push({ type: "Released", data: { holding, e164, source: "imported", why, ...place } });
  } else if (number.stage.status === "failed") {
    events.push({ type: "PurchaseDismissed", data: { holding } });
  } else {
    events.push({ type: "ReleaseStarted", data: { holding, why, ...place } });
  }
  return events;
};

/** Starts a release. It ends automatically once the carrier has released the number. */
export type StartRelease = {
  readonly type: "StartRelease";
  readonly holding: string;
  readonly why: ReleaseReason;
  /**
   * The carriers that can be asked to cancel an order; a purchase in progress at one is cancelled.
   */
  readonly cancelling?: readonly CarrierName[] | undefined;
};

/** Whether the order of a purchase in progress can be cancelled at its carrier. */
const isCancellable = (number: Purchasing, cancelling: readonly CarrierName[]): boolean =>
  cancelling.includes(number.carrier);

/** The first events of cancelling a purchase in progress; it loses its assistant immediately. */
const cancel = (number: Holding): readonly DomainEvent[] => [
  { type: "CancellationRequested", data: { holding: number.id } },
  ...reassign(number, null),
];

/**
 * Refused while the purchase is in progress, unless its order can be cancelled: then that is asked
 * for, and the purchase ends, with `PurchaseFailed`, or where the carrier has confirmed it first,
 * with a release. Starting twice changes nothing.
 */
export const startRelease: Handler<StartRelease, NumberUnknown | PurchaseInProgress> = {
  needs: needsNumber,
  more: leaving,
  decide: (state, { holding, why, cancelling = [] }, context) => {
    const number = seenNumber(state, holding, context);
    if (number === undefined) return unknownNumber;
    if (isLeaving(number)) return ok(NOTHING);
    if (!isPurchasing(number)) return ok(beginRelease(number, why));
    return isCancellable(number, cancelling) ? ok(cancel(number)) : purchaseInProgress(number);
  },
};

/** The carrier has released the number, or no longer had it. */
export type CompleteRelease = { readonly type: "CompleteRelease"; readonly holding: string };

/** Frees the claim. Completing twice changes nothing. Refused while a charge is not settled. */
export const completeRelease: Handler<CompleteRelease, ChargeUnsettled> = {
  needs: needsNumber,
  more: nextCharge,
  decide: (state, { holding }) => {
    const number = state.get(numbers, holding);
    if (number?.source !== "managed" || number.stage.status !== "releasing") return ok(NOTHING);
    if (nextChargeOf(state, number) !== undefined) return chargeUnsettled;
    const { e164, place, stage: { why } } = number;
    const data = { holding, e164, source: "managed", why, ...placeData(place) } as const;
    return ok([{ type: "Released", data }]);
  },
};

/** A user asks the operator to release a number. */
export type RequestRelease = {
  readonly type: "RequestRelease";
  readonly request: string;
  readonly holding: string;
  readonly reason: string;
  /**
   * The carriers that can be asked to cancel an order; a purchase in progress at one is cancelled.
   */
  readonly cancelling?: readonly CarrierName[] | undefined;
};

/** Why a release cannot be asked for. */
export type RequestReleaseRefusal =
  | NumberUnknown
  | PurchaseInProgress
  | ReleasePending
  | NumberInUse
  | DailyLimitReached;

/** `request`: what can still be cancelled; null where the number already leaves. */
type ReleasePending = Refused<"RELEASE_ALREADY_PENDING"> & { readonly request: string | null };

const releasePending = (request: string | null) =>
  failed<ReleasePending>({
    code: "RELEASE_ALREADY_PENDING",
    message: request === null
      ? "This phone number is being released already; it leaves the list automatically."
      : "A release of this phone number is pending already; wait for it, or cancel its request.",
    request,
  });

/** An assistant has the number. */
export type NumberInUse = Refused<"NUMBER_IN_USE">;

/** The refusal of giving up a number that an assistant has. */
export const numberInUse = failed<NumberInUse>({
  code: "NUMBER_IN_USE",
  message: "The phone number is assigned to an agent; unassign it first.",
});

/**
 * Refused while a request or a release is pending, or the number is in use (http/README.md,
 * Talkover). For a failed purchase it is granted immediately, and dismisses it. For one in progress
 * whose order can be cancelled it is granted too, and asks for that; refused while it cannot be.
 */
export const requestRelease: Handler<RequestRelease, RequestReleaseRefusal> = {
  needs: (command) => ({
    rows: [
      SELF_ROW,
      { kind: numbers.kind, key: command.holding },
      { kind: releaseRequests.kind, key: command.request },
      dailyRow("releaseRequests"),
    ],
  }),
  more: leaving,
  decide: (state, { request, holding, reason, cancelling = [] }, context) => {
    const number = seenNumber(state, holding, context);
    if (number === undefined) return unknownNumber;
    if (number.releaseRequest !== null || isLeaving(number)) {
      return releasePending(number.releaseRequest);
    }
    if (isPurchasing(number) && !isCancellable(number, cancelling)) {
      return purchaseInProgress(number);
    }
    if (number.assistant !== null) return numberInUse;
    const tooMany = dailyLimit(state, "releaseRequests", context.now);
    if (tooMany !== null) return tooMany;
    const data = { request, holding, e164: number.e164, world: worldOf(number), reason };
    const requested: DomainEvent = { type: "ReleaseRequested", data };
    if (isPurchasing(number)) {
      const granted: DomainEvent = { type: "ReleaseRequestApproved", data: { request, holding } };
      return ok([requested, granted, ...cancel(number)]);
    }
    // No carrier has it and no decision is needed: the owner's request removes it from the list.
    return ok(
      isFailed(number)
        ? [requested, ...beginRelease({ ...number, releaseRequest: request }, "byUser")]
        : [requested],
    );
  },
};

type RequestResolved = Refused<"RELEASE_REQUEST_RESOLVED"> & {
  readonly outcome: Exclude<ReleaseRequest["outcome"]["status"], "pending">;
};

type RequestRefusal = Refused<"RELEASE_REQUEST_UNKNOWN"> | RequestResolved;

/** Cancels a request, or answers it. */
export type ResolveReleaseRequest = {
  readonly type: "ResolveReleaseRequest";
  readonly request: string;
  readonly resolution:
    | { readonly kind: "cancel" | "approve" }
    | { readonly kind: "reject"; readonly reason: string };
};

/** The refusal of a release request that does not exist. */
export const unknownRequest = failed<Refused<"RELEASE_REQUEST_UNKNOWN">>({
  code: "RELEASE_REQUEST_UNKNOWN",
  message: "No release request has this id; list the release requests to see their ids.",
});

/** The number of an approved request is being released, or gone: there is nothing to ask for. */
const resolvedAlready = (outcome: RequestResolved["outcome"]) =>
  failed<RequestResolved>({
    code: "RELEASE_REQUEST_RESOLVED",
    message: outcome === "approved"
      ? "The release request is approved already and cannot be changed; its phone number is being " +
        "released, or has been."
      : `The release request is ${outcome} already; make another one if the phone number is still ` +
        "to be released.",
    outcome,
  });

const STATUS = { cancel: "cancelled", approve: "approved", reject: "rejected" } as const;

const decideResolution = (
  state: State,
  { request: id, resolution }: ResolveReleaseRequest,
  { actor, scope }: Context,
): Decision<RequestRefusal> => {
  const request = state.get(releaseRequests, id);
  if (request === undefined || !isWithin(scope, request.world)) return unknownRequest;
  const { holding, outcome: { status } } = request;
  if (status !== "pending") {
    // The operator may repeat the command; a user who cancels twice gets a refusal.
    const repeated = actor.kind === "operator" && status === STATUS[resolution.kind];
    return repeated ? ok(NOTHING) : resolvedAlready(status);
  }
  switch (resolution.kind) {
    case "cancel":
      return ok([{ type: "ReleaseRequestCancelled", data: { request: id, holding } }]);
    case "reject":
      return ok([{
        type: "ReleaseRequestRejected",
        data: { request: id, holding, reason: resolution.reason },
      }]);
    case "approve": {
      const number = state.get(numbers, holding);
      return number === undefined ? unknownRequest : ok(beginRelease(number, "byUser"));
    }
    default:
      return unreachable(resolution);
  }
};

/** Cancels, approves or rejects a pending request; a resolved one is refused. */
export const resolveReleaseRequest: Handler<ResolveReleaseRequest, RequestRefusal> = {
  needs: ({ request }) => ({
    rows: [SELF_ROW, { kind: releaseRequests.kind, key: request }],
  }),
  more: (state, { request }) => {
    const holding = state.get(releaseRequests, request)?.holding;
    if (holding === undefined) return {};
    const number = { rows: [{ kind: numbers.kind, key: holding }, routeRow(holding)] };
    if (!state.covers(number)) return number;
    return { rows: [...number.rows, ...leaving(state, { holding }).rows ?? []] };
  },
  decide: decideResolution,
};
