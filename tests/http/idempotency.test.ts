/** Calls that write are done once under a key, and answered again as they were. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { openMemoryAnswers } from "../../adapters/answers/memory.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { createApp } from "../../adapters/runtimes/library/http.ts";
import type { KeptAnswers, KeyState } from "../../core/ports/mod.ts";
import { DIALECTS } from "../../http/dialects.ts";
import { APIS } from "../../http/openapi/apis.ts";
import { operationKey } from "../../http/openapi/document.ts";
import { isWriting } from "../../http/writing.ts";
import {
  ADMIN_TOKEN,
  openTestApp,
  requester,
  type TestApp,
  type TestResponse,
} from "../support/app.ts";
import { gate } from "../support/gate.ts";
import { runs } from "../support/runs.ts";
import { ACCEPTING, requestLineOf, WRITING_CALLS } from "./idempotency-calls.ts";

const KEY = { "idempotency-key": "key-1" };
const SPEKO = "/v1/phone-numbers";

const isReplayed = ({ headers }: TestResponse): boolean =>
  headers.get("idempotency-replayed") === "true";

const open = async (options: Parameters<typeof openTestApp>[0] = {}) => {
  const app = openTestApp({ waitMs: 60_000, webhooks: { sender: ACCEPTING }, ...options });
  const token = await app.organization("acme", "Growth");
  return { app, token };
};

test("each call that writes is among those below", () => {
  const writing = Object.values(APIS).flatMap(({ routes }) => routes.filter(isWriting));
  assert.deepEqual(Object.keys(WRITING_CALLS).toSorted(), writing.map(operationKey).toSorted());
});

/** Answers that are kept once they may be. */
const openHeld = () => {
  const [taken, may] = [gate(), gate()];
  const answers = openMemoryAnswers();
  const begin: KeptAnswers["begin"] = async (request) => {
    const state = await answers.begin(request);
    taken.open();
    return state;
  };
  const keep: KeptAnswers["keep"] = async (...asked) => {
    await may.opened;
    await answers.keep(...asked);
  };
  return { answers: { ...answers, begin, keep }, taken, may };
};

/** Members that are shown once, by the calls that show them. */
const SECRETS: Readonly<Record<string, string>> = {
  "POST /admin/organizations/{id}/tokens": "token",
  "POST /ledger/webhooks": "secret",
  "POST /ledger/webhooks/{id}/rotate": "secret",
};

for (const [key, prepare] of Object.entries(WRITING_CALLS)) {
  test(`${key} is done once under a key, and answered again`, async () => {
    const log = openMemoryLog();
    const { answers, taken, may } = openHeld();
    const { app, token } = await open({ log, answers, runsAutomations: false });
    const bought = await app.request("POST", SPEKO, { token, body: { e164: "+14155550101" } });
    const call = await prepare({ app, log, token, number: bought.json.id });
    const [method, path] = requestLineOf(key, call);
    const by = path.startsWith("/admin") ? ADMIN_TOKEN : token;
    const ask = (body: unknown, query = "") =>
      app.request(method, path + query, { token: by, body, headers: KEY });
    const assertReused = async () => {
      const isOther = call.other !== undefined;
      const other = await (isOther ? ask(call.other) : ask(call.body, "?other=1"));
      assert.deepEqual([other.status, isReplayed(other)], [422, false]);
      assert.match(other.json.code, /^(?:IDEMPOTENCY_KEY|COMMAND_ID)_REUSED$/);
    };
    const answering = ask(call.body);
    await taken.opened;
    const underway = await ask(call.body);
    assert.deepEqual([underway.status, underway.json.code], [409, "IDEMPOTENCY_KEY_IN_USE"]);
    assert.equal(underway.headers.get("retry-after"), "1");
    assert.equal(underway.headers.get("idempotency-replayed"), null);
    await assertReused();
    may.open();
    const first = await answering;
    assert.ok(first.status < 300, JSON.stringify(first.json));
    assert.equal(isReplayed(first), false);
    const { head } = await log.load("acme", {});
    const now = app.ledger.now();
    for (const time of [1, 2]) {
      const again = await ask(call.body);
      assert.deepEqual([again.status, isReplayed(again)], [first.status, true], `time ${time}`);
      const secret = SECRETS[key] === undefined ? {} : { [SECRETS[key]]: null };
      assert.deepEqual(again.json, first.json && { ...first.json, ...secret });
      for (const header of ["content-type", "location"]) {
        assert.equal(again.headers.get(header), first.headers.get(header), header);
      }
      assert.notEqual(again.headers.get("x-request-id"), first.headers.get("x-request-id"));
    }
    await assertReused();
    assert.deepEqual((await log.load("acme", {})).head, head);
    assert.equal(app.ledger.now(), now);
    await app.close();
  });
}

/** A store that says this of every key, and how often it was asked. */
const saying = (state: KeyState): { answers: KeptAnswers; asked: () => number } => {
  let asked = 0;
  const nothing = () => Promise.resolve();
  const begin = () => {
    asked += 1;
    return Promise.resolve(state);
  };
  return { answers: { begin, renew: nothing, keep: nothing, free: nothing }, asked: () => asked };
};

/** Each route that writes, with ids for its parameters, and the token that it takes. */
const routesOf = (writes: boolean) =>
  DIALECTS.flatMap(({ routes, auth }) =>
    routes.filter((route) => isWriting(route) === writes).map(({ method, path }) => ({
      method: method as string,
      auth,
      path: path.replaceAll(/:\w+/g, "id-1"),
    }))
  );

/** Asks each of these routes under a key, as it may: the answers, by their routes. */
const askEach = async (
  state: KeyState,
  routes: ReturnType<typeof routesOf>,
): Promise<{ readonly answers: ReadonlyMap<string, TestResponse>; readonly asked: number }> => {
  const { answers, asked } = saying(state);
  const { app, token } = await open({ answers });
  // What is answered under these keys is in no document.
  const plain = state.state === "answered" ? requester(app.fetch, () => {}) : app.request;
  const given = new Map<string, TestResponse>();
  for (const { method, path, auth } of routes) {
    const by = auth === "admin" ? ADMIN_TOKEN : token;
    const body = ["GET", "HEAD"].includes(method) ? undefined : {};
    given.set(`${method} ${path}`, await plain(method, path, { token: by, body, headers: KEY }));
  }
  await app.close();
  return { answers: given, asked: asked() };
};

describe("on each route that writes", () => {
  const ask = async (state: KeyState) => {
    const { answers } = await askEach(state, routesOf(true));
    assert.ok(answers.size >= 40);
    return answers;
  };

  test("what was answered under the key is answered again", async () => {
    const answer = { status: 202, headers: { location: "/there" }, body: '{"as":"it was"}' };
    for (const [route, { status, json, headers }] of await ask({ state: "answered", answer })) {
      assert.deepEqual([status, json], [202, { as: "it was" }], route);
      assert.equal(headers.get("location"), "/there");
      assert.equal(headers.get("idempotency-replayed"), "true");
    }
  });

  test("an answer without a body is answered again without one", async () => {
    const answer = { status: 204, headers: null, body: null };
    for (const [route, { status, json }] of await ask({ state: "answered", answer })) {
      assert.deepEqual([status, json], [204, null], route);
    }
  });
});

test("no other route asks for the key", async () => {
  const routes = routesOf(false);
  const heads = routes.filter(({ method }) => method === "GET")
    .map((route) => ({ ...route, method: "HEAD" }));
  const { answers, asked } = await askEach({ state: "other" }, [...routes, ...heads]);
  assert.ok(answers.size >= 50);
  assert.equal(asked, 0);
});

test("a request without a key asks for none", async () => {
  const { answers, asked } = saying({ state: "other" });
  const { app, token } = await open({ answers });
  for (const { method, path, auth } of routesOf(true)) {
    await app.request(method, path, { token: auth === "admin" ? ADMIN_TOKEN : token, body: {} });
  }
  assert.equal(asked(), 0);
  await app.close();
});

type Charge = { readonly key: string; readonly cents: number };

const charges: fc.Arbitrary<readonly Charge[]> = fc.array(
  fc.record({
    key: fc.constantFrom("a", "b", "c"),
    cents: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 1, maxLength: 12 },
);

const add = (app: TestApp, { key, cents }: Charge) =>
  app.request("POST", "/admin/organizations/acme/credits", {
    token: ADMIN_TOKEN,
    body: { amount: `0.0${cents}` },
    headers: { "idempotency-key": key },
  });

test("each key has one effect and one answer, however many requests are concurrent", async () => {
  await fc.assert(
    fc.asyncProperty(charges, async (asked) => {
      const answers = openMemoryAnswers();
      const log = openMemoryLog();
      const { app } = await open({ answers, log });
      const other = openTestApp({ answers, log });
      const given = await Promise.all(
        asked.map((charge, place) => add(place % 2 === 0 ? app : other, charge)),
      );
      const first = new Map<string, { readonly cents: number; readonly body: string }>();
      for (const [place, { status, json }] of given.entries()) {
        assert.ok([200, 409, 422].includes(status), JSON.stringify(json));
        const { key, cents } = asked[place] ?? assert.fail();
        if (status !== 200) continue;
        const known = first.get(key) ?? { cents, body: JSON.stringify(json) };
        first.set(key, known);
        assert.deepEqual({ cents, body: JSON.stringify(json) }, known);
      }
      assert.equal(first.size, new Set(asked.map(({ key }) => key)).size);
      for (const [key, { cents, body }] of first) {
        const again = await add(other, { key, cents });
        assert.deepEqual([again.status, JSON.stringify(again.json)], [200, body]);
        assert.equal((await add(app, { key, cents: cents + 1 })).status, 422);
      }
      const sum = [...first.values()].reduce((total, { cents }) => total + cents, 0);
      const { credits } = await app.admin("GET", "/admin/organizations/acme");
      assert.equal(Math.round(Number(credits) * 100), sum);
      await app.close();
      await other.close();
    }),
    { numRuns: runs(100) },
  );
});

test("a key is free for a repeat where the answer to its first request could not be written", async () => {
  const { app } = await open();
  const answers = openMemoryAnswers();
  const path = "/admin/organizations/acme/assistants/asst_1";
  const name = (ledger: typeof app.ledger) => {
    const made = createApp({ ledger, adminToken: ADMIN_TOKEN, answers });
    const request = requester((asked) => made.fetch(asked));
    return request("PUT", path, { token: ADMIN_TOKEN, body: { name: "Ada" }, headers: KEY });
  };
  const nameAssistant = (() =>
    // JSON has no such value.
    Promise.resolve({ ok: true, value: { id: "asst_1", name: 1n } })) as never;
  const { operator } = app.ledger;
  assert.equal(
    (await name({ ...app.ledger, operator: { ...operator, nameAssistant } })).status,
    500,
  );
  const again = await name(app.ledger);
  assert.deepEqual([again.status, again.json, isReplayed(again)], [
    200,
    { id: "asst_1", name: "Ada" },
    false,
  ]);
  await app.close();
});
