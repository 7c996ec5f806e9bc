/** Ids that an organization names itself: `values/identity.ts` says what they look like. */
import type { Refused } from "../log/decision.ts";
import { isNewId, NEW_ID_RULE } from "../values/identity.ts";
import { failed } from "../values/result.ts";

/** An id that is new to the organization may be taken for another one. */
export type IdUnfit = Refused<"ID_UNFIT">;

/**
 * The refusal of an id that `NEW_ID_RULE` does not allow, unless `isKnown` says that it was stored
 * before that rule; otherwise null. `what` names it at the beginning of the sentence.
 */
export const unfitNewId = (what: string, id: string, isKnown: () => boolean) =>
  isNewId(id) || isKnown()
    ? null
    : failed<IdUnfit>({ code: "ID_UNFIT", message: `${what} ${NEW_ID_RULE}.` });
