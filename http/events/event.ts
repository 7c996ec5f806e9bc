/** An event as it leaves the ledger, whichever way it is sent. */
import * as v from "valibot";
import { PUBLISHED, type PublishedName } from "../../core/published/types.ts";
import { Id, Time } from "../answer.ts";

/** A schema for a place in a feed. */
export const Cursor: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.regex(/^(?:0|[1-9]\d{0,15}-[0-9a-f]{64})$/, "must be a cursor"),
);

/** What an event of a type has wherever it is sent. */
export const eventEntries = (type: PublishedName) => ({
  id: v.pipe(v.string(), v.regex(/^ev_[0-9a-f]{32}$/)),
  type: v.pipe(v.literal(type), v.description(PUBLISHED[type].says)),
  at: Time,
  organization: Id,
  subject: v.string(),
  data: PUBLISHED[type].data as v.GenericSchema,
});
