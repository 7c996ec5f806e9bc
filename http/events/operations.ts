/** The feed for those who write clients. */
import type { Operations } from "../openapi/operation.ts";
import { EventsPage } from "./answers.ts";
import { CURSOR, EXAMPLES } from "./examples.ts";
import { EventsQuery } from "./schemas.ts";

/** The calls of the feed. */
export const operations: Operations = {
  "GET /ledger/events": {
    id: "listEvents",
    summary: "Read what happened, in order; with Accept: text/event-stream as it happens.",
    query: EventsQuery,
    answers: {
      200: {
        says: "A page of events, or a stream of server-sent events.",
        schema: EventsPage,
        example: { events: [{ ...EXAMPLES["number.renewed"], cursor: CURSOR }], next: CURSOR },
        streams: true,
      },
    },
    refusals: [409],
  },
};
