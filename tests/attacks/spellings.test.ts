/** A number is imported once, in however many ways its plan lets it be written. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { E164 } from "../../core/values/e164.ts";
import { openTestApp, SIP, type TestApp } from "../support/app.ts";

/** Two spellings of one line's number that both look like numbers. */
const PAIRS: readonly (readonly [E164, E164])[] = [
  ["+5491123456789", "+541123456789"],
  ["+541123456789", "+5491123456789"],
  ["+390612345678", "+39612345678"],
  ["+39612345678", "+390612345678"],
];

const bringIn = (app: TestApp, token: string, e164: string) =>
  app.request("POST", "/v1/phone-numbers/import", {
    token,
    body: { e164, sipConnectionInstallationId: SIP.id },
  });

test("an imported number is free in no other spelling, and is named as it was written", async () => {
  for (const [held, asked] of PAIRS) {
    const app = openTestApp();
    const [acme, umbrella] = [await app.organization("acme"), await app.organization("umbrella")];
    const first = await bringIn(app, acme, held);
    assert.deepEqual([first.status, first.json.e164], [200, held]);
    for (
      const [token, code] of [[umbrella, "NUMBER_ALREADY_OWNED"], [
        acme,
        "NUMBER_ALREADY_YOURS",
      ]] as const
    ) {
      const { status, json } = await bringIn(app, token, asked);
      assert.deepEqual([status, json.code], [409, code], JSON.stringify(json));
      assert.ok(json.error.includes(asked) && !json.error.includes(`${held} `), json.error);
    }
    const did = await app.request("POST", `/api/v1/sip-trunks/${SIP.id}/dids`, {
      token: umbrella,
      body: { country_code: asked.startsWith("+54") ? "AR" : "IT", number: asked },
    });
    assert.deepEqual([did.status, did.json.code], [409, "DID_ALREADY_EXISTS"]);
    // Once it is released, it is free in every spelling.
    assert.equal(
      (await app.request("DELETE", `/v1/phone-numbers/${first.json.id}`, { token: acme })).status,
      200,
    );
    assert.equal((await bringIn(app, umbrella, asked)).status, 200);
    await app.close();
  }
});

test("a program's import is checked against every spelling, also of a trunk prefix", async () => {
  const app = openTestApp();
  await app.organization("acme");
  const caller = { organization: "acme", actor: { kind: "operator" } } as const;
  const via = { sipConnection: SIP.id };
  for (
    const [held, asked] of [
      ["+525512345678", "+5215512345678"],
      ["+49030901820", "+4930901820"],
      ["+541123456789", "+54111523456789"],
    ] as const
  ) {
    assert.ok((await app.ledger.import(caller, { e164: held, via })).ok, held);
    const again = await app.ledger.import(caller, { e164: asked, via });
    assert.ok(!again.ok && again.error.code === "NUMBER_ALREADY_YOURS", asked);
    assert.ok(again.error.message.includes(asked), again.error.message);
  }
  await app.close();
});

test("a number that is bought is not imported in another spelling", async () => {
  const app = openTestApp();
  const [acme, umbrella] = [await app.organization("acme"), await app.organization("umbrella")];
  const body = { e164: "+14155550101" };
  assert.equal((await app.request("POST", "/v1/phone-numbers", { token: acme, body })).status, 200);
  const caller = { organization: "umbrella", actor: { kind: "operator" } } as const;
  const imported = await app.ledger.import(caller, {
    e164: "+114155550101",
    via: { sipConnection: SIP.id },
  });
  assert.ok(!imported.ok && imported.error.code === "NUMBER_ALREADY_OWNED");
  assert.equal((await bringIn(app, umbrella, "+14155550102")).status, 200);
  // Nor can the organization buy its own import beside it.
  const bought = await app.request("POST", "/v1/phone-numbers", {
    token: umbrella,
    body: { e164: "+14155550102" },
  });
  assert.equal(bought.status, 409);
  await app.close();
});

test("spellings other than E.164 are read as the number, or named in it", async () => {
  const app = openTestApp();
  const token = await app.organization("acme", "Scale");
  for (
    const [written, e164] of [
      ["+5215512345678", "+525512345678"],
      ["+54111523456789", "+5491123456789"],
    ] as const
  ) {
    const refused = await bringIn(app, token, written);
    assert.equal(refused.status, 400);
    assert.ok(refused.json.error.includes(written) && refused.json.error.includes(e164));
  }
  for (
    const [country, number, e164] of [
      ["MX", "+52 1 55 1234 5678", "+525512345678"],
      ["AR", "011 15 2345-6789", "+5491123456789"],
      ["US", "1 (415) 555-0188", "+14155550188"],
    ] as const
  ) {
    const { status, json } = await app.request("POST", `/api/v1/sip-trunks/${SIP.id}/dids`, {
      token,
      body: { country_code: country, number },
    });
    assert.deepEqual([status, json.data?.number], [201, e164], JSON.stringify(json));
  }
  await app.close();
});
