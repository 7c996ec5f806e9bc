import * as v from "valibot";
import { type Instant, parseTime } from "../../core/values/calendar.ts";

/**
 * A moment in ISO 8601: a day (its first moment in UTC), or a time with `Z` or an offset. The `+`
 * of an offset may have become a space, as it does in a query that was not encoded.
 */
const Time = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): Instant => {
    const text = dataset.value.replace(/ (?=\d{2}:\d{2}$)/, "+");
    const at = parseTime(text);
    if (at !== null) return at;
    addIssue({ message: "must be an ISO 8601 time such as 2026-03-01T00:00:00Z" });
    return NEVER;
  }),
);

/** As many events of a history as one answer has. */
export const MAX_EVENTS = 100;

const Whole = v.pipe(
  v.string(),
  v.regex(/^\d{1,15}$/, "must be a whole number"),
  v.transform(Number),
);

/** `after` is the `next` of an earlier page. */
export const HistoryQuery = v.object({
  after: v.optional(Whole, "0"),
  limit: v.optional(
    v.pipe(
      Whole,
      v.minValue(1, "must be at least 1"),
      v.maxValue(MAX_EVENTS, `must be at most ${MAX_EVENTS}`),
    ),
    String(MAX_EVENTS),
  ),
});

export const ListQuery = v.object({ asOf: v.optional(Time) });
