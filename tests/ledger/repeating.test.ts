/** Commands that come again with their id, through an application that keeps no answers. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openTestApp, type TestApp, type TestRequest } from "../support/app.ts";

let app: TestApp;
let token: string;

before(async () => {
  app = openTestApp({ waitMs: 1_000, answers: null });
  token = await app.organization("acme", "Scale");
});
after(() => app.close());

const post = (path: string, key: string, body: TestRequest["body"]) =>
  app.request("POST", path, { token, body, headers: { "idempotency-key": key } });

const buy = (key: string, phoneNumber: string) =>
  post("/api/phone-numbers/purchase", key, { phoneNumber, teamId: "acme" });

const release = (id: string) => app.request("DELETE", `/v1/phone-numbers/${id}`, { token });

test("a purchase that is repeated immediately waits for the carrier like the first", async () => {
  // Its answer is lost, so that the first is not done in one step.
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => buy("at-once", "+14155550114")),
  );
  assert.deepEqual(answers.map(({ status }) => status), answers.map(() => 200));
  const ids = new Set(answers.map(({ json }) => json.phoneNumber.id));
  assert.equal(ids.size, 1);
});

test("a repeated purchase is refused as the first when it failed, also once dismissed", async () => {
  const path = "/v1/phone-numbers";
  const first = await post(path, "refused", { e164: "+14155550112" });
  assert.deepEqual([first.status, first.json.code], [502, "CARRIER_ERROR"]);
  const { json } = await app.request("GET", path, { token });
  const failed = json.find(({ e164 }: { e164: string }) => e164 === "+14155550112");
  await release(failed.id);
  const again = await post(path, "refused", { e164: "+14155550112" });
  assert.deepEqual([again.status, again.json], [first.status, first.json]);
});
