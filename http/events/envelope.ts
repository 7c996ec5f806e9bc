/** The forms in which an event is sent: as it is, or as CloudEvents 1.0 has it. */
import type { FeedEvent } from "../../adapters/ledger/api/mod.ts";

/** The names of the forms; `plain` where none is asked for. */
export const ENVELOPES = ["plain", "cloudevents"] as const;

/** A form in which events are sent. */
export type Envelope = typeof ENVELOPES[number];

/**
 * A CloudEvent in structured JSON. `source` and `id` together name one event for ever, as
 * CloudEvents asks for; the organization and the cursor are extensions.
 */
const cloudEventOf = ({ id, type, at, organization, subject, data, cursor }: FeedEvent) => ({
  specversion: "1.0",
  id,
  source: `/organizations/${encodeURIComponent(organization.toWellFormed())}`,
  type,
  subject,
  time: at,
  datacontenttype: "application/json",
  data,
  organization,
  cursor,
});

/** The event in this form, to be written as JSON. */
export const enveloped = (event: FeedEvent, envelope: Envelope): object =>
  envelope === "plain" ? event : cloudEventOf(event);
