/** A number is imported once, in however many ways its plan lets it be written. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { callingCodeOf } from "../../core/values/calling-code.ts";
import type { E164 } from "../../core/values/e164.ts";
import { openTestApp, SIP, type TestApp } from "../support/app.ts";
import { buy, numbersOf } from "./imports-support.ts";

/** Two spellings of one line's number that both look like numbers. */
const PAIRS: readonly (readonly [E164, E164])[] = [
  ["+5491123456789", "+541123456789"],
  ["+541123456789", "+5491123456789"],
  ["+390612345678", "+39612345678"],
  ["+39612345678", "+390612345678"],
  // As Mexico's mobile numbers were written until 2019.
  ["+5215512345678", "+525512345678"],
];

/** Runs a test with an application that is closed after it. */
const withApp = async (use: (app: TestApp) => Promise<void>): Promise<void> => {
  const app = openTestApp();
  try {
    await use(app);
  } finally {
    await app.close();
  }
};

const OPERATOR = { kind: "operator" } as const;

const bringIn = (app: TestApp, token: string, e164: string) =>
  app.request("POST", "/v1/phone-numbers/import", {
    token,
    body: { e164, sipConnectionInstallationId: SIP.id },
  });

test("an imported number is free in no other spelling, and is named as it was written", async () => {
  for (const [held, asked] of PAIRS) {
    await withApp(async (app) => {
      const [acme, umbrella] = [await app.organization("acme"), await app.organization("umbrella")];
      const first = await bringIn(app, acme, held);
      assert.deepEqual([first.status, first.json.e164], [200, held]);
      for (
        const [token, code] of [
          [umbrella, "NUMBER_ALREADY_OWNED"],
          [acme, "NUMBER_ALREADY_YOURS"],
        ] as const
      ) {
        const { status, json } = await bringIn(app, token, asked);
        assert.deepEqual([status, json.code], [409, code], JSON.stringify(json));
        assert.ok(json.error.includes(asked) && !json.error.includes(`${held} `), json.error);
      }
      const did = await app.request("POST", `/api/v1/sip-trunks/${SIP.id}/dids`, {
        token: umbrella,
        body: { country_code: callingCodeOf(asked)?.countries[0], number: asked },
      });
      assert.deepEqual([did.status, did.json.code], [409, "DID_ALREADY_EXISTS"]);
      // Once it is released, it is free in every spelling.
      const path = `/v1/phone-numbers/${first.json.id}`;
      assert.equal((await app.request("DELETE", path, { token: acme })).status, 200);
      assert.equal((await bringIn(app, umbrella, asked)).status, 200);
    });
  }
});

test("an area's number in Italy and a mobile or service number without its 0 have a holder each", () =>
  withApp(async (app) => {
    const [acme, umbrella] = [await app.organization("acme"), await app.organization("umbrella")];
    for (
      const [one, other] of [
        ["+393311613025", "+3903311613025"],
        ["+390371141433", "+39371141433"],
        ["+39800123456", "+390800123456"],
      ] as const
    ) {
      assert.equal((await bringIn(app, acme, one)).status, 200, one);
      assert.equal((await bringIn(app, umbrella, other)).status, 200, other);
    }
  }));

test("a program's import is checked against every spelling, also of a trunk prefix", () =>
  withApp(async (app) => {
    await app.organization("acme");
    const caller = { organization: "acme", actor: OPERATOR };
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
  }));

test("a number that is bought is not imported in another spelling", () =>
  withApp(async (app) => {
    const [acme, umbrella] = [await app.organization("acme"), await app.organization("umbrella")];
    const bought = await app.request("POST", "/v1/phone-numbers", {
      token: acme,
      body: { e164: "+14155550101" },
    });
    assert.equal(bought.status, 200);
    const imported = await bringIn(app, umbrella, "+114155550101");
    assert.deepEqual([imported.status, imported.json.code], [409, "NUMBER_ALREADY_OWNED"]);
  }));

test("a purchase ends another organization's import, however that is written", async () => {
  for (
    const [imported, bought] of [
      ["+14155550101", "+14155550101"],
      ["+114155550101", "+14155550101"],
    ] as const
  ) {
    await withApp(async (app) => {
      const [acme, umbrella] = [await app.organization("acme"), await app.organization("umbrella")];
      const { status, json } = await bringIn(app, umbrella, imported);
      assert.equal(status, 200, imported);
      // Its importer cannot buy it beside the import.
      const own = await buy(app, umbrella, bought);
      assert.deepEqual([own.status, own.json.code], [409, "NUMBER_ALREADY_YOURS"]);
      const { json: number } = await buy(app, acme, bought);
      assert.equal(number.setupStatus?.status, "ready", JSON.stringify(number));
      assert.deepEqual(await numbersOf(app, umbrella), [], imported);
      assert.deepEqual(await numbersOf(app, acme), [bought]);
      const caller = { organization: "umbrella", actor: OPERATOR };
      const past = await app.ledger.numbers.history(caller, json.id);
      assert.deepEqual(past.map(({ type, data }) => [type, Object(data).why ?? null]), [
        ["NumberImported", null],
        ["Released", "boughtFromCarrier"],
      ]);
    });
  }
});

test("Talkover reads a number as its country writes it", () =>
  withApp(async (app) => {
    const token = await app.organization("acme", "Scale");
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
  }));
