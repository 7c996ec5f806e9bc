/** Statements of what is kept of deliveries, each with the indexes that it is made for. */
import assert from "node:assert/strict";
import type { Database, Statement } from "../../../adapters/log/sql/database.ts";
import { openDeliveries } from "../../../adapters/log/sql/deliveries.ts";
import type { Deliveries } from "../../../core/ports/mod.ts";

/** The statement that a call asks. */
const askedBy = (call: (deliveries: Deliveries) => Promise<unknown>): Statement => {
  const asked: Statement[] = [];
  const query: Database["query"] = (sql, parameters) => {
    asked.push({ sql, parameters });
    return Promise.resolve([]);
  };
  void call(openDeliveries({ query }));
  return asked[0] ?? assert.fail("it asks nothing");
};

const [ENDPOINT, EVENT] = ["wh_7", "ev_7"];
const PLACE = { at: 30_000, id: "da_30000" };
const ITEM = { due: 10, endpoint: "wh_0", organization: "org_10" };

const PROGRESS = {
  endpoint: ENDPOINT,
  organization: "org_7",
  position: 7,
  hash: "h",
  pending: [],
  blockedUntil: null,
  failures: 0,
  version: 1,
};
const ATTEMPT = {
  id: "da_1",
  endpoint: ENDPOINT,
  organization: "org_7",
  position: 7,
  event: EVENT,
  attempt: 1,
  at: 7,
  status: 200,
  failure: null,
  ms: 1,
  answer: "",
};

/** As `STATEMENTS` in `planned-statements.ts`. */
export const DELIVERY_STATEMENTS: Readonly<Record<string, readonly [Statement, ...string[]]>> = {
  "the progress of endpoints": [
    askedBy(({ load }) => load([PROGRESS, { ...PROGRESS, organization: "org_27" }])),
    "delivery_pkey",
  ],
  "a page of an endpoint's progress": [
    askedBy(({ progress }) => progress(ENDPOINT, "org_7", 20)),
    "delivery_pkey",
  ],
  "deliveries that are due": [askedBy(({ due }) => due(500, 20)), "delivery_due"],
  "deliveries that are due behind one": [askedBy(({ due }) => due(500, 20, ITEM)), "delivery_due"],
  "when a delivery is due next": [askedBy(({ nextDue }) => nextDue(500)), "delivery_due"],
  "progress that is written": [
    askedBy(({ record }) => record([{ progress: PROGRESS, attempts: [ATTEMPT] }])),
    "delivery_pkey",
  ],
  "the attempts of an endpoint": [
    askedBy(({ attempts }) => attempts(ENDPOINT, {}, 20, PLACE)),
    "delivery_attempt_pkey",
  ],
  "attempts that delivered": [
    askedBy(({ attempts }) => attempts(ENDPOINT, { isDelivered: true }, 20, PLACE)),
    "delivery_attempt_made",
  ],
  "attempts that failed": [
    askedBy(({ attempts }) => attempts(ENDPOINT, { isDelivered: false }, 20, PLACE)),
    "delivery_attempt_failed",
  ],
  "the attempts of an event": [
    askedBy(({ attempts }) => attempts(ENDPOINT, { event: EVENT }, 20, PLACE)),
    "delivery_attempt_event",
  ],
  "progress of an endpoint that is removed": [
    askedBy(({ remove }) => remove(ENDPOINT, 20)),
    "delivery_pkey",
  ],
  "attempts that are forgotten": [askedBy(({ forget }) => forget(100, 20)), "delivery_attempt_at"],
};
