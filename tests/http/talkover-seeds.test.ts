import assert from "node:assert/strict";
import { test } from "node:test";
import { createApp } from "../../http/app.ts";
import { openTestApp, requester, type TestApp } from "../support/app.ts";
import { differences, type Json, readSeeds } from "../support/seeds.ts";
import {
  DOCUMENTED_TALKOVER_NUMBER,
  TALKOVER_BROKEN,
  TALKOVER_INVALID_TYPE,
  TALKOVER_LIST,
  TALKOVER_UNAUTHORIZED,
} from "./seed-fields.ts";
import { misfits } from "./seed-fields-speko.ts";

const BASE = "/api/v1/phone-numbers";
/** Both numbers of the documentation. No carrier sells them, so their owner imports them. */
const DOCUMENTED = ["+1234567890", "+1987654321"];

const open = async (): Promise<{ readonly app: TestApp; readonly token: string }> => {
  const app = openTestApp();
  const token = await app.organization("env_1");
  for (const e164 of DOCUMENTED) {
    const body = { e164, sipTrunkId: "trunk_1", agentId: "agent_1" };
    const { status } = await app.request("POST", "/v1/phone-numbers/import", { token, body });
    assert.equal(status, 200);
  }
  const body = { phoneNumber: "+14155550101", teamId: "env_1" };
  const bought = await app.request("POST", "/api/phone-numbers/purchase", { token, body });
  assert.equal(bought.status, 200);
  return { app, token };
};

test("Talkover answers with the documented fields, and no others, when numbers are listed", async () => {
  const { app, token } = await open();
  try {
    for (const query of ["", "?has_voice=true"]) {
      const { status, json } = await app.request("GET", `${BASE}${query}`, { token });
      assert.equal(status, 200);
      assert.deepEqual(misfits(json, TALKOVER_LIST), []);
      assert.equal(json.data.length, 3);
    }
    const found = await app.request("GET", `${BASE}?search=+1234567890`, { token });
    assert.deepEqual(found.json.data.map((row: { number: string }) => row.number), [DOCUMENTED[0]]);
  } finally {
    await app.close();
  }
});

test("Talkover fails word for word as documented when it must", async () => {
  const { app, token } = await open();
  try {
    assert.deepEqual((await app.request("GET", BASE)).json, TALKOVER_UNAUTHORIZED);
    const invalid = await app.request("GET", `${BASE}?type=landline`, { token });
    assert.deepEqual([invalid.status, invalid.json], [422, TALKOVER_INVALID_TYPE]);
    const broken = createApp({
      ledger: { ...app.ledger, now: () => assert.fail("a bug") },
      adminToken: null,
    });
    const answer = await requester((asked) => broken.fetch(asked))("GET", BASE, { token });
    assert.deepEqual([answer.status, answer.json], [500, TALKOVER_BROKEN]);
  } finally {
    await app.close();
  }
});

const isNumbers = (json: Json): boolean =>
  json !== null && typeof json === "object" && "data" in json;

test("every call of Talkover's documentation answers as its example does when it is sent unchanged", async () => {
  const seeds = readSeeds("002", "003");
  assert.equal(seeds.length, 2);
  const { app, token } = await open();
  try {
    for (const { calls, examples } of seeds) {
      assert.equal(calls.length, 4);
      for (const call of calls) {
        assert.match(call.headers["authorization"] ?? "", /^Bearer talq_/);
        const { status, json } = await app.request(call.method, call.path, { token });
        assert.equal(status, 200);
        assert.notEqual(json.data.length, 0);
        for (const example of examples.filter((example) => isNumbers(example.json))) {
          assert.deepEqual(differences(json, example.json), [], call.path);
        }
      }
    }
  } finally {
    await app.close();
  }
});

test("the fields and failures of Talkover are those that its documentation shows", () => {
  const failures = [TALKOVER_UNAUTHORIZED, TALKOVER_INVALID_TYPE, TALKOVER_BROKEN];
  for (const { examples, name } of readSeeds("002", "003")) {
    assert.deepEqual(
      examples.map(({ json }) => json).filter((json) => !isNumbers(json)),
      failures,
    );
    for (const { json } of examples.filter((example) => isNumbers(example.json))) {
      const rows = Object.entries(json ?? {}).find(([key]) => key === "data")?.[1];
      for (const row of rows as readonly Record<string, Json>[]) {
        const names = Object.keys(DOCUMENTED_TALKOVER_NUMBER);
        assert.deepEqual(Object.keys(row), name.startsWith("003") ? names : names.slice(0, -2));
        const full = { ...row, environment: null, agents: null };
        assert.deepEqual(misfits(full, DOCUMENTED_TALKOVER_NUMBER), []);
      }
    }
  }
});
