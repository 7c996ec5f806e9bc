import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openTestApp } from "../support/app.ts";
import {
  CALLER,
  DAYS_S,
  LIMITED,
  look,
  type MakeClient,
  MAX_NUMBERS,
  overLibrary,
  PLANS,
  QUOTA,
} from "../support/model-runs.ts";
import { runs } from "../support/runs.ts";
import { openFaultyCarrier } from "./faulty-carrier.ts";
import { numberCommands, runCommands } from "./model/commands.ts";
import { httpClient } from "./model/http.ts";
import { ledgerClient } from "./model/ledger.ts";

const RUNS = runs(15);

const CLIENTS: Readonly<Record<string, MakeClient>> = {
  "library calls": overLibrary,
  "Talkturo's dialect": ({ fetch }, token) =>
    httpClient({ baseUrl: "http://localhost", token, fetch, dialect: "talkturo", teamId: "acme" }),
  "Talkover's dialect": async ({ fetch, ledger }, token) => {
    for (const e164 of ["+14155550101", "+14155550102"] as const) {
      assert.ok((await ledger.purchase(CALLER, { e164 })).ok);
    }
    return httpClient({ baseUrl: "http://localhost", token, fetch, dialect: "talkover" });
  },
  "Speko's dialect": ({ fetch }, token) =>
    httpClient({ baseUrl: "http://localhost/", token, fetch, dialect: "speko" }),
  "the ledger's own dialect": ({ fetch }, token) =>
    httpClient({ baseUrl: "http://localhost", token, fetch, dialect: "ledger" }),
};

describe("a model run", () => {
  for (const [name, makeClient] of Object.entries(CLIENTS)) {
    test(`agrees with ${name}`, async () => {
      const finding = await look(makeClient, { numRuns: RUNS });
      assert.equal(finding, null, `${finding?.error}\n${finding?.commands}`);
    });
  }

  for (
    const name of [
      "library calls",
      "Talkturo's dialect",
      "Speko's dialect",
      "the ledger's own dialect",
    ]
  ) {
    test(`agrees with ${name} where purchases have a quota`, async () => {
      const makeClient = CLIENTS[name] ?? overLibrary;
      const parameters = { numRuns: RUNS };
      const finding = await look(makeClient, parameters, { limits: LIMITED, quota: QUOTA });
      assert.equal(finding, null, `${finding?.error}\n${finding?.commands}`);
    });
  }

  test("agrees with library calls over a carrier that fails", async () => {
    await fc.assert(
      fc.asyncProperty(numberCommands(), fc.integer(), async (commands, seed) => {
        const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
        const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
        const { carrier } = openFaultyCarrier(sandbox, { seed, slowMs: 1 });
        const app = openTestApp({ plans: PLANS, carrier, clock, setClock: clock.set, waitMs: 5 });
        await app.organization("acme", "Small");
        const pass = () => app.advance(DAYS_S);
        try {
          const client = ledgerClient(app.ledger, CALLER);
          await runCommands(client, commands, { maxNumbers: MAX_NUMBERS, pass });
        } finally {
          await app.close();
        }
      }),
      { numRuns: RUNS },
    );
  });
});
