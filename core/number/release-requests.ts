import type { Fact } from "../events/vocabulary.ts";
import type { Subject } from "../log/state.ts";
import type { Instant } from "../values/calendar.ts";
import type { World } from "../values/claim-key.ts";
import type { E164 } from "../values/e164.ts";

/** The statuses of a release request. */
export const REQUEST_STATUSES = ["pending", "approved", "rejected", "cancelled"] as const;

/** A user's request that the operator release a number, and its outcome. */
export type ReleaseRequest = {
  readonly id: string;
  readonly holding: string;
  readonly e164: E164;
  readonly world: World;
  readonly reason: string;
  readonly requestedAt: Instant;
  readonly outcome:
    | { readonly status: "pending" }
    | { readonly status: "cancelled" | "approved"; readonly at: Instant }
    | { readonly status: "rejected"; readonly at: Instant; readonly reason: string };
};

const evolve = (row: ReleaseRequest | undefined, event: Fact): ReleaseRequest | undefined => {
  if (event.type === "ReleaseRequested") {
    const { request, holding, e164, world, reason } = event.data;
    const outcome = { status: "pending" } as const;
    return { id: request, holding, e164, world, reason, requestedAt: event.at, outcome };
  }
  if (row === undefined) return undefined;
  switch (event.type) {
    case "ReleaseRequestCancelled":
      return { ...row, outcome: { status: "cancelled", at: event.at } };
    case "ReleaseRequestApproved":
      return { ...row, outcome: { status: "approved", at: event.at } };
    case "ReleaseRequestRejected":
      return {
        ...row,
        outcome: { status: "rejected", at: event.at, reason: event.data.reason },
      };
    default:
      return row;
  }
};

/** Release requests; they are kept, whatever their outcome. */
export const releaseRequests: Subject<ReleaseRequest> = {
  kind: "releaseRequest",
  keys: (event) => "request" in event.data ? [event.data.request] : [],
  evolve,
};
