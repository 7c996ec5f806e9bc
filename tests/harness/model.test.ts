import { NO_LIMITS, type PlanLimits } from "../../core/values/plan.ts";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openTestApp, type TestApp } from "../support/app.ts";
import { openFaultyCarrier } from "./faulty-carrier.ts";
import type { ClientAnswer, NumberClient, SeenNumber } from "./model/client.ts";
import { numberCommands, runCommands } from "./model/commands.ts";
import { httpClient } from "./model/http.ts";
import { ledgerClient } from "./model/ledger.ts";
import { runs } from "../support/runs.ts";

const RUNS = runs(15);
/** Some faults show only after five commands of the right kinds. */
const RUNS_PLANTED = 100;
/** The same histories each time, since a fault must be found in them. */
const SEED = 1;
/** So many days that a month is over. */
const DAYS_S = 40 * 86_400;
/** So few that runs reach the limit of the plan. */
const MAX_NUMBERS = 3;
const PLANS = {
  Small: {
    name: "Small",
    maxNumbers: MAX_NUMBERS,
    billing: "subscription",
    verification: "none",
    limits: NO_LIMITS,
  },
} as const;
/** So few that runs reach the quota before they reach the limit. */
const QUOTA = 2;
const LIMITED = { ...NO_LIMITS, purchasesPerDay: QUOTA, purchasesPer30Days: QUOTA };
const CALLER = {
  organization: "acme",
  actor: { kind: "user", tokenId: "tk_1", email: "alice@example.com", name: "Alice Johnson" },
} as const;

/** Makes a client of a whole application in memory, in which `acme` was opened. */
type MakeClient = (app: TestApp, token: string) => NumberClient | Promise<NumberClient>;

const overLibrary: MakeClient = ({ ledger }) => ledgerClient(ledger, CALLER);

/** What a model run found: what was wrong, and the commands that it took. */
type Finding = { readonly error: unknown; readonly commands: readonly string[] };

/** Gives commands to clients of fresh applications; null when all holds. */
const look = async (
  makeClient: MakeClient,
  parameters: { readonly numRuns: number; readonly seed?: number },
  { limits = NO_LIMITS, quota }: { readonly limits?: PlanLimits; readonly quota?: number } = {},
): Promise<Finding | null> => {
  const property = fc.asyncProperty(numberCommands(), async (commands) => {
    const app = openTestApp({ plans: { Small: { ...PLANS.Small, limits } } });
    const options = { maxNumbers: MAX_NUMBERS, ...(quota !== undefined && { quota }) };
    try {
      const client = await makeClient(app, await app.organization("acme", "Small"));
      const pass = () => app.advance(DAYS_S);
      await runCommands(client, commands, { ...options, pass });
    } finally {
      await app.close();
    }
  });
  const result = await fc.check(property, parameters);
  if (!result.failed) return null;
  const commands = String(result.counterexample?.[0]).replace(/\/\*.*\*\//, "").split(",");
  return { error: result.errorInstance, commands };
};

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
};

describe("a model run", () => {
  for (const [name, makeClient] of Object.entries(CLIENTS)) {
    test(`agrees with ${name}`, async () => {
      const finding = await look(makeClient, { numRuns: RUNS });
      assert.equal(finding, null, `${finding?.error}\n${finding?.commands}`);
    });
  }

  for (const name of ["library calls", "Talkturo's dialect", "Speko's dialect"]) {
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

const call = <Call>(optional: Call | null): Call => {
  assert.ok(optional !== null);
  return optional;
};

/** Clients of which something is wrong, and the most commands that it takes to show it. */
const PLANTED: Readonly<
  Record<string, { readonly most: number; readonly plant: (client: NumberClient) => NumberClient }>
> = {
  "lists a number twice": {
    most: 2,
    plant: (client) => ({
      ...client,
      list: async () => {
        const all = await client.list();
        return [...all, ...all];
      },
    }),
  },
  "forgets the third number": {
    most: 5,
    plant: (client) => ({ ...client, list: async () => (await client.list()).slice(0, 2) }),
  },
  "goes beyond the plan": {
    most: 6,
    plant: (client) => {
      let extra: SeenNumber[] = [];
      return {
        ...client,
        list: async () => [...await client.list(), ...extra],
        buy: async (e164, key) => {
          const bought = await call(client.buy)(e164, key);
          if (bought.ok || bought.why !== "limit") return bought;
          const value: SeenNumber = { id: `pn_${e164}`, e164, status: "active", assistant: null };
          extra = [value];
          return { ok: true, value };
        },
      };
    },
  },
  "sells what is held once more": {
    most: 4,
    plant: (client) => ({
      ...client,
      buy: async (e164, key) => {
        const bought = await call(client.buy)(e164, key);
        const held = (await client.list()).find((number) => number.e164 === e164);
        return bought.ok || held === undefined ? bought : { ok: true, value: held };
      },
    }),
  },
  "buys once more under the same key": {
    most: 3,
    plant: (client) => {
      let keys = 0;
      return { ...client, buy: (e164, key) => call(client.buy)(e164, `${key}/${++keys}`) };
    },
  },
  "answers a repeated purchase as the first time, though the number was released": {
    most: 5,
    plant: (client) => {
      const firsts = new Map<string, ClientAnswer<SeenNumber>>();
      return {
        ...client,
        buy: async (e164, key) => {
          const answer = firsts.get(key) ?? await call(client.buy)(e164, key);
          firsts.set(key, answer);
          return answer;
        },
      };
    },
  },
  "keeps what it says is released": {
    most: 4,
    plant: (client) => ({
      ...client,
      release: () => Promise.resolve({ ok: true, value: { released: true } }),
    }),
  },
  "loses the assistant": {
    most: 4,
    plant: (client) => ({
      ...client,
      assign: () => Promise.resolve({ ok: true, value: null }),
    }),
  },
  "finds a number that was released": {
    most: 5,
    plant: (client) => {
      const seen = new Map<string, SeenNumber>();
      return {
        ...client,
        list: async () => {
          const all = await client.list();
          for (const number of all) seen.set(number.id, number);
          return all;
        },
        get: (id) => Promise.resolve(seen.get(id) ?? null),
      };
    },
  },
  "cancels a request twice": {
    most: 6,
    plant: (client) => ({
      ...client,
      cancelRequest: async (request) => {
        await call(client.cancelRequest)(request);
        return { ok: true, value: null };
      },
    }),
  },
  "buys another number than was asked for": {
    most: 3,
    plant: (client) => ({
      ...client,
      buy: async (e164, key) => {
        const [, other = e164] = await call(client.search)();
        return call(client.buy)(other === e164 ? e164 : other, key);
      },
    }),
  },
};

describe("a model run finds a client that", () => {
  for (const [fault, { plant, most }] of Object.entries(PLANTED)) {
    test(fault, async () => {
      const makeClient: MakeClient = async (...app) => plant(await overLibrary(...app));
      const finding = await look(makeClient, { numRuns: RUNS_PLANTED, seed: SEED });
      assert.ok(finding !== null);
      assert.ok(finding.error instanceof assert.AssertionError, String(finding.error));
      assert.ok(finding.commands.length <= most, finding.commands.join(", "));
    });
  }

  for (
    const [fault, limits, quota] of [
      ["forgets purchases that were given back", NO_LIMITS, QUOTA],
      ["refuses before the quota is used up", LIMITED, QUOTA + 1],
    ] as const
  ) {
    test(fault, async () => {
      const finding = await look(overLibrary, { numRuns: RUNS_PLANTED, seed: SEED }, {
        limits,
        quota,
      });
      assert.ok(finding !== null);
      assert.match(String(finding.error), /quota/);
    });
  }
});
