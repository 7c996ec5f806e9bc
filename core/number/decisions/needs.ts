import type { State } from "../../log/state.ts";
import { SELF_ROW } from "../../organization/refusals.ts";
import type { Needs } from "../../ports.ts";
import { releaseRequests } from "../release-requests.ts";
import { numbers } from "../state.ts";

/** What a command to one number reads: the number, and its organization's own row. */
export const needsNumber = ({ holding }: { readonly holding: string }): Needs => ({
  rows: [SELF_ROW, { kind: numbers.kind, key: holding }],
});

/** The request that waits on a number: whatever sends the number away grants it. */
export const pendingRequest = (state: State, { holding }: { readonly holding: string }): Needs => {
  const request = state.get(numbers, holding)?.releaseRequest ?? null;
  return request === null ? {} : { rows: [{ kind: releaseRequests.kind, key: request }] };
};

/** All numbers of the organization, and its own row: for what concerns them together. */
export const ALL_NUMBERS = { rows: [SELF_ROW], kinds: [numbers.kind] };
