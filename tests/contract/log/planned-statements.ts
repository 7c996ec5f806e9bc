/** Statements over tables that grow, each with the indexes that it is made for. */
import assert from "node:assert/strict";
import {
  BEGIN,
  FREE,
  KEEP,
  PAST,
  RENEW,
  TOO_FAR,
  TRIM,
} from "../../../adapters/log/sql/answer-statements.ts";
import { prepare, toStatement } from "../../../adapters/log/sql/batch.ts";
import type { Database, Parameter, Statement } from "../../../adapters/log/sql/database.ts";
import { listStatement } from "../../../adapters/log/sql/listing.ts";
import { loadStatement } from "../../../adapters/log/sql/load.ts";
import { LAGS } from "../../../adapters/log/sql/rebuild-tables.ts";
import {
  ABOUT,
  BEGINNINGS,
  CLAIMS,
  CLAIMS_AFTER,
  COMMAND,
  DUE,
  DUE_AFTER,
  EVENTS,
  FIND_BY_INDEX,
  HEADS,
  HEADS_AFTER,
  NEXT_DUE,
  ROWS_BY_INDEX,
  ROWS_WITHIN,
  SCAN,
} from "../../../adapters/log/sql/statements.ts";
import { openTokenUses } from "../../../adapters/log/sql/token-uses.ts";
import type { Append, TokenUses } from "../../../core/ports/mod.ts";
import { appendTo, drafts, rowOf } from "../../harness/contract/log/support.ts";
import { DELIVERY_STATEMENTS } from "./planned-deliveries.ts";

const PLACE = { sort: 100, key: "pn_300" };
const TAGGED = { tags: ["t"], without: ["u1"] };

const HEAD = { position: 4, hash: "4" };
const CLAIM = { key: "+15550000001", holder: "pn_1" } as const;

/** The statement that a call of token uses asks. */
const askedBy = (call: (uses: TokenUses) => Promise<unknown>): Statement => {
  const asked: Statement[] = [];
  const query: Database["query"] = (sql, parameters) => {
    asked.push({ sql, parameters });
    return Promise.resolve([]);
  };
  void call(openTokenUses({ query }));
  return asked[0] ?? assert.fail("it asks nothing");
};

const planOfAppends = (...appends: readonly Append[]): Statement =>
  toStatement(appends.map((append) => prepare(append, HEAD)), true);

const writing = (organization: string): Append =>
  appendTo(organization, {
    events: drafts(2),
    command: { id: "command-9", fingerprint: "f" },
    claims: [CLAIM, { ...CLAIM, key: "+15550000002" }],
    free: [CLAIM],
    rows: [rowOf("number_7", 1), rowOf("number_8", 1)],
    removed: [rowOf("number_9", 1)],
    below: [rowOf("number_2", 1)],
  });

const planned = (sql: string, ...parameters: readonly Parameter[]): Statement => ({
  sql,
  parameters,
});

/** A page of what is due. */
export const BEHIND_ITEM = planned(DUE_AFTER, 1000, 100, 5, "org_5", "plan", "plan_5");

/** The statements, each with the indexes that it is made for. */
export const STATEMENTS: Readonly<Record<string, readonly [Statement, ...string[]]>> = {
  "logs that a rebuild has not put": [
    planned(LAGS, "org_1", 100),
    "event_first",
    "put_pkey",
    "event_pkey",
  ],
  "the events of an organization": [planned(EVENTS, "org_7", 1, 100), "event_pkey"],
  "the events about a holding": [
    planned(ABOUT, "org_7", 1, 100, "pn_1"),
    "event_holding",
  ],
  "the events with which a number begins": [
    planned(BEGINNINGS, "+15557", "org_1", 1, 100),
    "event_beginning",
  ],
  "the events of all": [planned(SCAN, "org_1", 1, 100), "event_pkey"],
  "the events of a command": [
    planned(COMMAND, "org_7", "command-2"),
    "event_command",
    "event_pkey",
  ],
  "the heads of some organizations": [planned(HEADS, ["org_7", "org_8"]), "event_pkey"],
  "the heads of all": [planned(HEADS_AFTER, "org_1", 100), "event_first", "event_pkey"],
  "the row of a key": [planned(FIND_BY_INDEX, "number", "number_7"), "state_found"],
  "rows of a range of keys": [
    planned(ROWS_BY_INDEX, "number", "number_", "number`", 100),
    "state_found",
  ],
  "rows of a range of keys of one organization": [
    planned(ROWS_WITHIN, "number", "number_", "number`", 100, "org_7"),
    "state_pkey",
  ],
  "claims on some keys": [
    planned(CLAIMS, ["number", "order"], ["+15557", "+15558"]),
    "claim_pkey",
    "state_pkey",
  ],
  "claims of a range of keys": [
    planned(CLAIMS_AFTER, ["number", "order"], "+1", ",", 100),
    "claim_pkey",
    "state_pkey",
  ],
  "a page of a list, and how long it is": [
    listStatement("org_listed", "number", {}, { limit: 20, after: PLACE, isCounted: true }),
    "state_order",
    "listed_pkey",
    "state_pkey",
  ],
  "a page of a list that is not the first": [
    listStatement("org_listed", "number", {}, { limit: 20, skip: 4_000 }),
    "state_order",
    "listed_pkey",
    "state_pkey",
  ],
  "a page of what has tags, and how long it is": [
    listStatement("org_listed", "number", TAGGED, { limit: 20, after: PLACE, isCounted: true }),
    "state_tags",
    "listed_pkey",
    "state_pkey",
  ],
  "a page of what has tags that is not the first": [
    listStatement("org_listed", "number", TAGGED, { limit: 20, skip: 4_000, isCounted: true }),
    "state_tags",
    "listed_pkey",
    "state_pkey",
  ],
  "a page of a search": [
    listStatement("org_listed", "number", { parts: [{ text: 1, part: "xt 42" }] }, { limit: 20 }),
    "state_tags",
    "state_pkey",
  ],
  "a page of a group": [
    listStatement("org_listed", "number", { group: "assistant_1", tags: ["t"] }, {
      limit: 20,
      after: PLACE,
    }),
    "state_group",
    "state_pkey",
  ],
  "a page of a group, and how long it is": [
    listStatement("org_listed", "number", { group: "assistant_1" }, { limit: 20, isCounted: true }),
    "state_group",
    "state_pkey",
  ],
  "the rows of a group": [
    loadStatement("org_listed", { groups: [{ kind: "number", group: "assistant_1" }] }),
    "state_group",
  ],
  "an answer under a key": [
    planned(BEGIN, "caller_7", "key_7", "f", "lease", 10_000, 90_000_000),
    "answer_pkey",
  ],
  "the lease of a key": [planned(RENEW, "caller_7", "key_7", "lease", 10_000), "answer_pkey"],
  "where an answer is kept, and what expired": [
    planned(KEEP, "caller_7", "key_7", "lease", 200, null, "{}"),
    "answer_pkey",
    "answer_until",
  ],
  "a key that is freed": [planned(FREE, "caller_7", "key_7", "lease"), "answer_pkey"],
  "answers of a caller beyond the bounds": [
    planned(TRIM, "caller_7", 1_000, 1_000_000, 400),
    "answer_pkey",
  ],
  "answers that expired": [planned(PAST), "answer_until"],
  "answers of a wrong clock": [planned(TOO_FAR, 90_000_000), "answer_until"],
  "tokens whose uses are noted": [
    askedBy((uses) => uses.note([{ token: "token_7", at: 1 }, { token: "token_8", at: 2 }])),
    "state_found",
  ],
  "when tokens were used": [
    askedBy((uses) => uses.last(["token_7", "token_8"])),
    "token_use_pkey",
  ],
  "uses that are forgotten": [askedBy((uses) => uses.forget(["token_7"])), "token_use_pkey"],
  ...DELIVERY_STATEMENTS,
  "what is due": [planned(DUE, 1000, 100), "state_due"],
  "what is due behind an item": [BEHIND_ITEM, "state_due"],
  "when something is due next": [planned(NEXT_DUE, 500), "state_due"],
  "what a command needs": [
    loadStatement("org_7", {
      rows: [rowOf("number_7", 1), rowOf("plan_7", 1, "plan")],
      kinds: ["number", "plan"],
      claims: [CLAIM.key, "+15550000002"],
      commands: ["command-2", "command-3"],
    }),
    "event_pkey",
    "state_pkey",
    "claim_pkey",
    "event_command",
  ],
  "what an append of one event is compared with": [
    planOfAppends(appendTo("org_5")),
    "event_pkey",
  ],
  "what an append is compared with": [
    planOfAppends(writing("org_5")),
    "event_pkey",
    "event_command",
  ],
  "what several appends are compared with": [
    planOfAppends(writing("org_5"), writing("org_6")),
    "event_pkey",
    "event_command",
  ],
};
