/** The messages of refusals, word for word: the conflicting state, and what to do next. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { counted } from "../../core/values/counted.ts";
import { openTestApp, SIP, type TestApp } from "../support/app.ts";
import { buy, purchase, type Talk, userOf } from "./talk-support.ts";

let app: TestApp;
let scale: Talk;
let free: Talk;

before(async () => {
  app = openTestApp();
  scale = userOf(app, await app.organization("team_1", "Scale"));
  free = userOf(app, await app.organization("team_2", "Free"));
});

after(() => app.close());

const renew = async (call: Talk, id: string): Promise<string> => {
  const body = { autoRenewal: false };
  const { status, json } = await call("PATCH", `/ledger/numbers/${id}`, { body });
  assert.deepEqual([status, json.code], [409, "NUMBER_NOT_RENTED"], JSON.stringify(json));
  return json.detail;
};

test("a refusal says why a number has no renewal", async () => {
  const e164 = "+4922812345678";
  const imported = await scale("POST", "/v1/phone-numbers/import", {
    body: { e164, sipConnectionInstallationId: SIP.id },
  });
  assert.equal(imported.status, 200, JSON.stringify(imported.json));
  assert.equal(
    await renew(scale, imported.json.id),
    `The phone number ${e164} has no renewal: imported numbers are never charged.`,
  );
  const trial = await buy(free, "+14155550102", "team_2");
  assert.equal(
    await renew(free, trial),
    "The phone number +14155550102 has no renewal: it ends with its trial; move to a paid plan to " +
      "keep it.",
  );
});

test("a refusal of a taken number says by whom, and what to do", async () => {
  const id = await buy(scale, "+14155550103");
  const own = await purchase(scale, "+14155550103");
  assert.equal(
    own.json.error,
    `You already have the phone number +14155550103, with the id ${id}; use it by that id.`,
  );
  const other = userOf(app, await app.organization("team_3", "Scale"));
  const another = await purchase(other, "+14155550103", "team_3");
  assert.equal(
    another.json.error,
    "The phone number +14155550103 is held, or being bought, by another organization; choose " +
      "another number.",
  );
});

test("a refusal of an unknown id says where the ids are", async () => {
  const { json } = await scale("GET", "/v1/phone-numbers/pn_nobody");
  assert.equal(json.error, "No phone number has this id; list the phone numbers to see their ids.");
  const admin = await app.request("GET", "/admin/organizations/nobody", {
    token: "admin-secret-of-tests",
  });
  assert.equal(admin.json.detail, "No organization has this id; the operator must open it first.");
});

test("singular and plural differ", () => {
  assert.deepEqual([0, 1, 2].map((count) => counted(count, "number")), [
    "0 numbers",
    "1 number",
    "2 numbers",
  ]);
});
