/** The model proves itself: each planted fault of a client is found, in few commands. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NO_LIMITS } from "../../core/values/plan.ts";
import { LIMITED, look, type MakeClient, overLibrary, QUOTA } from "../support/model-runs.ts";
import type { ClientAnswer, NumberClient, SeenNumber } from "./model/client.ts";

/** Some faults show only after five commands of the right kinds. */
const RUNS_PLANTED = 100;
/** The same histories each time, since a fault must be found in them. */
const SEED = 1;

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
