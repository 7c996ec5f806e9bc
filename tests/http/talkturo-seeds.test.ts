import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestApp, type TestApp, type TestResponse } from "../support/app.ts";
import { differences, type Json, readSeeds, type SeedCall } from "../support/seeds.ts";
import { SEED_000, TALKTURO_LIST, TALKTURO_PURCHASE, TALKTURO_SEARCH } from "./seed-fields.ts";
import { misfits } from "./seed-fields-speko.ts";

/** The seed's own team, so that its calls can be sent unchanged. */
const TEAM = "team_01j...";

const open = async (): Promise<{ readonly app: TestApp; readonly token: string }> => {
  const app = openTestApp();
  const token = await app.organization(TEAM);
  await app.admin("PUT", `/admin/organizations/${TEAM}/assistants/asst_01j`, {
    name: "Sales Agent",
  });
  return { app, token };
};

const replay = (app: TestApp, token: string, call: SeedCall): Promise<TestResponse> => {
  assert.equal(call.headers["authorization"], "Bearer <token>");
  return app.request(call.method, call.path, { token, body: call.body });
};

test("Talkturo answers with the documented fields, and no others, when they are asked for", async () => {
  const { app, token } = await open();
  try {
    const search = await app.request("POST", "/api/phone-numbers/search", {
      token,
      body: { filters: { countryCode: "US", areaCode: "415", numberType: "local", limit: 10 } },
    });
    assert.deepEqual([search.status, misfits(search.json, TALKTURO_SEARCH)], [200, []]);
    assert.equal(search.json.count, 10);
    const bought = await app.request("POST", "/api/phone-numbers/purchase", {
      token,
      body: { phoneNumber: "+14155550101", teamId: TEAM },
    });
    assert.deepEqual([bought.status, misfits(bought.json, TALKTURO_PURCHASE)], [200, []]);
    const list = await app.request("GET", `/api/phone-numbers/purchase?teamId=${TEAM}`, { token });
    assert.deepEqual([list.status, misfits(list.json, TALKTURO_LIST)], [200, []]);
    assert.equal(list.json.count, 1);
  } finally {
    await app.close();
  }
});

test("every call of Talkturo's documentation answers as its example does when it is sent unchanged", async () => {
  const seeds = readSeeds("000", "001");
  assert.equal(seeds.length, 2);
  for (const { calls, examples } of seeds) {
    const { app, token } = await open();
    try {
      for (const call of calls) {
        const answer = await replay(app, token, call);
        const example: Json = examples.find(({ at }) => at > call.at)?.json ?? null;
        assert.notEqual(example, null, call.path);
        assert.equal(answer.status, 200, call.path);
        assert.deepEqual(differences(answer.json, example), [], call.path);
      }
    } finally {
      await app.close();
    }
  }
});

test("the fields of Talkturo are those that its documentation shows", () => {
  for (const { examples } of readSeeds("000")) {
    assert.equal(examples.length, SEED_000.length);
    for (const [index, { json }] of examples.entries()) {
      assert.deepEqual(misfits(json, SEED_000[index] ?? {}), []);
    }
  }
});
