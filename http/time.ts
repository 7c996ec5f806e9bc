/** Times that callers choose. */
import * as v from "valibot";
import { type Instant, parseTime } from "../core/values/calendar.ts";

/** A moment in ISO 8601: a day (its first moment in UTC), or a time with `Z` or an offset. */
export const MomentText = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): Instant => {
    const at = parseTime(dataset.value);
    if (at !== null) return at;
    addIssue({ message: "must be an ISO 8601 time such as 2026-03-01T00:00:00Z" });
    return NEVER;
  }),
);

/**
 * The same in a query. The `+` of an offset may have become a space, as it does where it was not
 * encoded.
 */
export const TimeSchema = v.pipe(
  v.string(),
  v.transform((text) => text.replace(/ (?=\d{2}:\d{2}$)/, "+")),
  MomentText,
);
