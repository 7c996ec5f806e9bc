/** What may be asked of the feed. */
import * as v from "valibot";
import { wholeText } from "../../adapters/validation/shapes.ts";
import { IdSchema } from "../../adapters/validation/values.ts";
import { PUBLISHED_NAMES, type PublishedName } from "../../core/published/types.ts";
import { ENVELOPES } from "./envelope.ts";

/** As many events as one answer has. */
const MAX_EVENTS = 100;

/** As long as an answer may be waited for, in seconds: most proxies wait for a minute. */
const MAX_WAIT_S = 30;

/** As long as a cursor of ours, or `latest`, may be. */
const MAX_CURSOR = 100;

/** A cursor as it was given; whether it is one of ours, the ledger says. */
const CursorText = v.pipe(
  v.string(),
  v.maxLength(MAX_CURSOR, "must be the next or the cursor of an earlier page, or latest"),
);

const isName = (text: string): text is PublishedName =>
  (PUBLISHED_NAMES as readonly string[]).includes(text);

/** Types with commas between them. */
const Types = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): readonly PublishedName[] => {
    const names = dataset.value.split(",");
    const unknown = names.find((name) => !isName(name));
    if (unknown === undefined) return names.filter(isName);
    addIssue({ message: "must be types of events with commas between them" });
    return NEVER;
  }),
);

/** `after` is the `next` of an earlier page, or the `cursor` of an event. */
export const EventsQuery = v.object({
  after: v.exactOptional(CursorText),
  types: v.exactOptional(Types),
  limit: v.exactOptional(wholeText(1, MAX_EVENTS)),
  wait: v.optional(wholeText(0, MAX_WAIT_S), "0"),
  envelope: v.optional(v.picklist(ENVELOPES, "must be plain or cloudevents"), "plain"),
  organization: v.exactOptional(IdSchema),
});
