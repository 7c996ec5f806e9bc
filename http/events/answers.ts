/** What the feed answers. */
import * as v from "valibot";
import { PUBLISHED, PUBLISHED_NAMES, type PublishedName } from "../../core/published/types.ts";
import { Id, Time } from "../answer.ts";

/** A place in a feed. */
const Cursor = v.pipe(v.string(), v.regex(/^(?:0|[1-9]\d{0,15}-[0-9a-f]{64})$/));

const eventOf = (type: PublishedName) =>
  v.strictObject({
    id: v.pipe(v.string(), v.regex(/^ev_[0-9a-f]{32}$/)),
    type: v.pipe(v.literal(type), v.description(PUBLISHED[type].says)),
    at: Time,
    organization: Id,
    subject: v.string(),
    data: PUBLISHED[type].data as v.GenericSchema,
    cursor: Cursor,
  });

/** An event that left the ledger. */
export const Event = v.variant("type", PUBLISHED_NAMES.map(eventOf));

/** Events in order; `next` is what to ask for `after`. */
export const Events = v.strictObject({ events: v.array(Event), next: Cursor });
