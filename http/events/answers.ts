/** What the feed answers. */
import * as v from "valibot";
import { PUBLISHED_NAMES, type PublishedName } from "../../core/published/types.ts";
import { Id, Time } from "../answer.ts";
import { Cursor, eventEntries } from "./event.ts";

const eventOf = (type: PublishedName) => v.strictObject({ ...eventEntries(type), cursor: Cursor });

/** An event that left the ledger. */
export const Event = v.variant("type", PUBLISHED_NAMES.map(eventOf));

/** Events in order; `next` is what to ask for `after`. */
export const Events = v.strictObject({ events: v.array(Event), next: Cursor });

/** An event as CloudEvents 1.0 has it, in structured JSON, with the cursor as an extension. */
export const CloudEvent = v.strictObject({
  specversion: v.literal("1.0"),
  id: v.pipe(v.string(), v.regex(/^ev_[0-9a-f]{32}$/)),
  source: v.string(),
  type: v.picklist(PUBLISHED_NAMES),
  subject: v.string(),
  time: Time,
  datacontenttype: v.literal("application/json"),
  data: v.record(v.string(), v.unknown()),
  organization: Id,
  cursor: Cursor,
});

/** The same page with `envelope=cloudevents`. */
export const CloudEvents = v.strictObject({ events: v.array(CloudEvent), next: Cursor });

/** What the feed answers, in the envelope that was asked for. */
export const EventsPage = v.union([Events, CloudEvents]);
