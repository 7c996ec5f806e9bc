/** What the feed answers. */
import * as v from "valibot";
import { PUBLISHED_NAMES, type PublishedName } from "../../core/published/types.ts";
import { Cursor, eventEntries } from "./event.ts";

const eventOf = (type: PublishedName) => v.strictObject({ ...eventEntries(type), cursor: Cursor });

/** An event that left the ledger. */
export const Event = v.variant("type", PUBLISHED_NAMES.map(eventOf));

/** Events in order; `next` is what to ask for `after`. */
export const Events = v.strictObject({ events: v.array(Event), next: Cursor });
