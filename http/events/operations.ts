/** The feed for those who write clients. */
import type { Operations } from "../openapi/operation.ts";
import { Events } from "./answers.ts";
import { EventsQuery } from "./schemas.ts";

const CURSOR = `7-${"5f".repeat(32)}`;

/** A month that was paid. */
const RENEWED = {
  id: `ev_${"5f".repeat(16)}`,
  type: "number.renewed",
  at: "2026-01-31T10:00:00Z",
  organization: "acme",
  subject: "/ledger/numbers/pn_01kg9qxg80k62fnz31851ccj7y",
  data: {
    number: "pn_01kg9qxg80k62fnz31851ccj7y",
    e164: "+14155550101",
    period: 2,
    from: "2026-01-31T10:00:00Z",
    to: "2026-02-28T10:00:00Z",
    amount: "1.15",
  },
  cursor: CURSOR,
};

/** The calls of the feed. */
export const operations: Operations = {
  "GET /ledger/events": {
    id: "listEvents",
    summary: "Read what happened, in order; with Accept: text/event-stream as it happens.",
    query: EventsQuery,
    answers: {
      200: {
        says: "A page of events, or a stream of server-sent events.",
        schema: Events,
        example: { events: [RENEWED], next: CURSOR },
        streams: true,
      },
    },
    refusals: [409],
  },
};
