import * as v from "valibot";
import type { Instant } from "../../core/values/calendar.ts";

const ISO_TIME =
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/**
 * A moment in ISO 8601: a day (its first moment in UTC), or a time with `Z` or an offset. The `+`
 * of an offset may have become a space, as it does in a query that was not encoded.
 */
const Time = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): Instant => {
    const text = dataset.value.replace(/ (?=\d{2}:\d{2}$)/, "+");
    const at = ISO_TIME.test(text) ? Date.parse(text) : NaN;
    if (Number.isSafeInteger(at)) return at;
    addIssue({ message: "must be an ISO 8601 time such as 2026-03-01T00:00:00Z" });
    return NEVER;
  }),
);

export const ListQuery = v.object({ asOf: v.optional(Time) });
