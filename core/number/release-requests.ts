/** The state of requests to release a number; `decisions/release.ts` decides them. */
import type { FactOf, TypeWith } from "../events/vocabulary.ts";
import type { Subject } from "../log/state.ts";
import type { Instant } from "../values/calendar.ts";
import type { World } from "../values/claim-key.ts";
import type { E164 } from "../values/e164.ts";
import { unreachable } from "../values/unreachable.ts";

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

type RequestType = TypeWith<{ readonly request: string }>;

const idOf = ({ data }: FactOf<RequestType>): readonly string[] => [data.request];

const resolved = (
  row: ReleaseRequest | undefined,
  outcome: ReleaseRequest["outcome"],
): ReleaseRequest | undefined => row && { ...row, outcome };

/** Release requests; they are kept, whatever their outcome. */
export const releaseRequests: Subject<ReleaseRequest, RequestType> = {
  kind: "releaseRequest",
  keys: {
    ReleaseRequested: idOf,
    ReleaseRequestCancelled: idOf,
    ReleaseRequestRejected: idOf,
    ReleaseRequestApproved: idOf,
  },
  evolve: (row, event) => {
    switch (event.type) {
      case "ReleaseRequested": {
        const { request: id, holding, e164, world, reason } = event.data;
        const outcome = { status: "pending" } as const;
        return { id, holding, e164, world, reason, requestedAt: event.at, outcome };
      }
      case "ReleaseRequestCancelled":
        return resolved(row, { status: "cancelled", at: event.at });
      case "ReleaseRequestApproved":
        return resolved(row, { status: "approved", at: event.at });
      case "ReleaseRequestRejected":
        return resolved(row, { status: "rejected", at: event.at, reason: event.data.reason });
      default:
        return unreachable(event);
    }
  },
};
