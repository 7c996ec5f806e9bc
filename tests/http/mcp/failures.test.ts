/** What a tool says where the ledger throws: what the ledger's own call says, and no more. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Busy } from "../../../adapters/ledger/engine/errors.ts";
import { createApp } from "../../../adapters/runtimes/library/http.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { openMcp } from "../../../http/mcp/mod.ts";
import { requester } from "../../support/app.ts";
import { agentOf, withAgent } from "./agent.ts";

const SECRET = "postgres://ledgerline:hunter2@db.internal/ledger";

test("an exception's own words reach no agent, and a bug is reported once", () =>
  withAgent(async ({ app: { ledger }, token }) => {
    let thrown: unknown = null;
    const reported: unknown[] = [];
    const app = createApp({
      ledger: {
        ...ledger,
        numbers: { ...ledger.numbers, get: () => Promise.reject(thrown) },
        numberPages: () => {
          throw thrown;
        },
        dryRun: () => Promise.reject(thrown),
      },
      adminToken: null,
      mcp: openMcp(),
      onError: (error) => reported.push(error),
    });
    const fetch = async (asked: Request): Promise<Response> => await app.fetch(asked);
    const agent = await agentOf(fetch, token);
    const ask = requester(fetch);
    const bug = new Error(`cannot connect to ${SECRET}`);
    for (
      const [error, isBug] of [
        [bug, true],
        ["a text", true],
        [new Busy(`The log at ${SECRET}`), false],
        [new Unavailable(SECRET, bug), false],
      ] as const
    ) {
      thrown = error;
      const own = await ask("GET", "/ledger/numbers/pn_1", { token });
      const sentence = `${own.json.detail} (${own.json.code})`;
      reported.length = 0;
      assert.equal(await agent.refused("get_number", { id: "pn_1" }), sentence);
      const other = await agent.refused("buy_number", { e164: "+14155550101" });
      assert.equal(other, sentence);
      assert.deepEqual(reported, isBug ? [error, error] : []);
    }
  }));

test("a cursor that is of no page is refused with its field and code", () =>
  withAgent(async ({ agent, app, token }) => {
    for (const after of ["pn_none", "", "\u00e9"]) {
      const query = new URLSearchParams({ after, limit: "20" });
      const own = await app.request("GET", `/ledger/numbers?${query}`, { token });
      assert.equal(own.status, 400, JSON.stringify(own.json));
      const text = await agent.refused("list_numbers", { after });
      assert.equal(text, `${own.json.detail} (${own.json.code})`);
    }
  }));
