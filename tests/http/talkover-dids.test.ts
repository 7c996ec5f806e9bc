/** DIDs of SIP trunks: numbers that are imported over them (http/README.md). */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { character } from "../harness/arbitraries/contents.ts";
import { SIP, type TestApp, type TestResponse } from "../support/app.ts";
import { TALKOVER_DIDS, TALKOVER_NEW_DID, TALKOVER_NUMBER } from "./seed-fields.ts";
import { misfits } from "./seed-fields-speko.ts";
import { buy, purchase, type Talk, userOf, withTeam } from "./talk-support.ts";
import { runs } from "../support/runs.ts";
import { KEPT, openKeepingSandbox } from "../support/keeping-sandbox.ts";

const dids = (trunk: string) => `/api/v1/sip-trunks/${trunk}/dids`;

const create = (
  call: Talk,
  body: unknown,
  { trunk = SIP.id, headers = {} }: {
    readonly trunk?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
) => call("POST", dids(trunk), { body, headers });

const BERLIN = { country_code: "DE", number: "030 901820" } as const;

const made = async (call: Talk, body: unknown = BERLIN, trunk?: string): Promise<string> => {
  const { status, json } = await create(call, body, trunk === undefined ? {} : { trunk });
  assert.equal(status, 201, JSON.stringify(json));
  return json.data.id;
};

const list = async (call: Talk, trunk: string = SIP.id) => {
  const { status, json } = await call("GET", dids(trunk));
  assert.equal(status, 200, JSON.stringify(json));
  assert.deepEqual(misfits(json, TALKOVER_DIDS), []);
  return json.data;
};

const numbersOf = async (call: Talk, trunk?: string) =>
  (await list(call, trunk)).map(({ number }: { number: string }) => number);

const assertFailure = ({ status, json }: TestResponse, expected: number, code: string) => {
  assert.deepEqual([status, json.success, json.code], [expected, false, code]);
};

const install = (app: TestApp, id: string, trunkId: string, organization = "team_1") =>
  app.admin("PUT", `/admin/organizations/${organization}/sip-connections/${id}`, {
    providerName: "Trunkline",
    trunkId,
    ready: true,
  });

test("a DID is created, listed with its trunk and with all numbers, and deleted", () =>
  withTeam(async ({ call }) => {
    const { status, json } = await create(call, BERLIN);
    assert.equal(status, 201);
    assert.deepEqual(misfits(json, TALKOVER_NEW_DID), []);
    const { trunk_id: trunk, ...did } = json.data;
    assert.equal(trunk, SIP.id);
    assert.deepEqual(did, {
      id: did.id,
      number: "+4930901820",
      country_code: "DE",
      formatted_number: "030 901820",
    });
    assert.deepEqual(await list(call), [did]);
    const [row] = (await call("GET", "/api/v1/phone-numbers")).json.data;
    assert.deepEqual(misfits(row, TALKOVER_NUMBER), []);
    assert.deepEqual([row.id, row.number, row.current_status], [did.id, did.number, "active"]);
    const deleted = await call("DELETE", `${dids(SIP.id)}/${did.id}`);
    assert.deepEqual([deleted.status, deleted.json], [200, {
      success: true,
      message: "DID deleted",
    }]);
    assert.deepEqual(await list(call), []);
    assert.deepEqual((await call("GET", "/api/v1/phone-numbers")).json.data, []);
    assertFailure(await call("DELETE", `${dids(SIP.id)}/${did.id}`), 404, "NOT_FOUND");
    // Its number is free again.
    await made(call);
  }));

test("a trunk is named by its connection's id or by its own, and has its own DIDs only", () =>
  withTeam(async ({ app, call }) => {
    await install(app, "sip_2", "trunk_2");
    await install(app, "sip_3", "trunk_2");
    const first = await made(call, BERLIN, SIP.trunkId);
    await made(call, { country_code: "DE", number: "030 901821" }, "sip_2");
    await made(call, { country_code: "DE", number: "030 901822" }, "trunk_2");
    const legacy = { e164: "+4930901823", sipTrunkId: SIP.trunkId };
    assert.equal((await call("POST", "/v1/phone-numbers/import", { body: legacy })).status, 200);
    await buy(call, "+14155550101");
    const ofFirst = ["+4930901820", "+4930901823"];
    assert.deepEqual(await numbersOf(call, SIP.id), ofFirst);
    assert.deepEqual(await numbersOf(call, SIP.trunkId), ofFirst);
    assert.deepEqual(await numbersOf(call, "trunk_2"), ["+4930901821", "+4930901822"]);
    assert.deepEqual(await numbersOf(call, "sip_2"), ["+4930901821", "+4930901822"]);
    assert.deepEqual(await numbersOf(call, "sip_3"), ["+4930901822"]);
    assertFailure(await call("DELETE", `${dids("sip_2")}/${first}`), 404, "NOT_FOUND");
    assert.equal((await call("DELETE", `${dids(SIP.trunkId)}/${first}`)).status, 200);
  }));

test("a trunk that is not installed for the environment is not found", () =>
  withTeam(async ({ app, call }) => {
    const other = userOf(app, await app.organization("team_2"));
    await install(app, "sip_theirs", "trunk_theirs", "team_2");
    const did = await made(other, BERLIN, "sip_theirs");
    for (const trunk of ["sip_theirs", "trunk_theirs", "sip_9", "__proto__"]) {
      assertFailure(await call("GET", dids(trunk)), 404, "NOT_FOUND");
      assertFailure(await create(call, BERLIN, { trunk }), 404, "NOT_FOUND");
      assertFailure(await call("DELETE", `${dids(trunk)}/${did}`), 404, "NOT_FOUND");
    }
    // Nor is another environment's DID, over an own trunk.
    assertFailure(await call("DELETE", `${dids(SIP.id)}/${did}`), 404, "NOT_FOUND");
    assert.deepEqual(await numbersOf(other, "sip_theirs"), ["+4930901820"]);
  }));

test("a number that was bought is not a DID of any trunk", () =>
  withTeam(async ({ call }) => {
    const id = await buy(call, "+14155550101");
    assertFailure(await call("DELETE", `${dids(SIP.id)}/${id}`), 404, "NOT_FOUND");
    assert.equal((await call("GET", `/v1/phone-numbers/${id}`)).status, 200);
  }));

test("a DID exists once however it is written, and only its holder is given its id", () =>
  withTeam(async ({ app, call }) => {
    const id = await made(call);
    const other = userOf(app, await app.organization("team_2"));
    for (const number of ["030 901820", "+4930901820", "+49 (0)30 901820", "0049 30 901820"]) {
      const body = { country_code: "de", number };
      const again = await create(call, body);
      assertFailure(again, 409, "DID_ALREADY_EXISTS");
      assert.equal(again.json.phone_number_id, id);
      assert.ok(again.json.message.includes(id), again.json.message);
      const theirs = await create(other, body);
      assertFailure(theirs, 409, "DID_ALREADY_EXISTS");
      assert.ok(!JSON.stringify(theirs.json).includes("pn_"), JSON.stringify(theirs.json));
    }
  }));

test("a number that is bought, being bought or being released prevents a DID", () =>
  withTeam(async ({ call }) => {
    const bought = await buy(call, "+14155550101");
    const buying = (await purchase(call, "+14155559001")).json.phoneNumber.id;
    const leaving = await buy(call, KEPT);
    assert.equal((await call("DELETE", `/api/phone-numbers/${leaving}`)).status, 202);
    const numbers = { "555-0101": bought, "555-9001": buying, "555-0116": leaving };
    for (const [line, id] of Object.entries(numbers)) {
      const said = new Set<string>();
      for (const language of ["en", "de", "pt-BR"]) {
        const headers = { "accept-language": language };
        const body = { country_code: "US", number: `(415) ${line}` };
        const refused = await create(call, body, { headers });
        assertFailure(refused, 409, "DID_ALREADY_EXISTS");
        assert.equal(refused.json.phone_number_id, id, line);
        said.add(refused.json.message);
      }
      assert.equal(said.size, 3);
    }
  }, openKeepingSandbox().options));

test("a number is read as it is written in its country, or with the calling code", () =>
  withTeam(async ({ call }) => {
    const cases: readonly [string, string, string, string][] = [
      ["US", "(415) 555-0198", "+14155550198", "US"],
      ["US", "1-415-555-0197", "+14155550197", "US"],
      ["us", "+1 415 555 0196", "+14155550196", "US"],
      ["DE", "\u202a+49 30 90\u00a01825\u202c", "+4930901825", "DE"],
      ["DE", "tel:+49-30-90182-6", "+4930901826", "DE"],
      ["BR", "(11) 91234-5678", "+5511912345678", "BR"],
      ["IT", "06 1234 5678", "+390612345678", "IT"],
      // Countries without numbers in a library; a carrier may have some.
      ["xk", "038 320 123", "+38338320123", "XK"],
      ["PN", "03 338 1234", "+6433381234", "NZ"],
      ["AQ", "+672 1 06 123", "+672106123", "NF"],
      // A number's country is exact, also where countries share the calling code.
      ["US", "416 555 0123", "+14165550123", "CA"],
    ];
    for (const [country, number, e164, own] of cases) {
      const { status, json } = await create(call, { country_code: country, number });
      assert.equal(status, 201, `${number}: ${JSON.stringify(json)}`);
      assert.deepEqual([json.data.number, json.data.country_code], [e164, own]);
    }
  }, { plan: "Scale" }));

test("what is not a number of the country is refused by its field, in the reader's language", () =>
  withTeam(async ({ call }) => {
    const said = async (body: unknown, language = "en") => {
      const headers = { "accept-language": language };
      const { status, json } = await create(call, body, { headers });
      assert.equal(status, 422, JSON.stringify(body));
      return json.errors;
    };
    const wrong = "The number field must be a phone number of the country, written as there or " +
      "with + and the country's calling code.";
    for (
      const number of [
        "",
        "+",
        "12",
        "555-0101",
        "+4930901820",
        "0800-FLOWERS",
        "1".repeat(200),
        // Nine digits or eleven after +1, and an area code that the plan cannot have.
        "+1415555010",
        "1415555010",
        "001 415 555 010",
        "+141555501012",
        "+11155550101",
      ]
    ) {
      assert.deepEqual(await said({ country_code: "US", number }), { number: [wrong] }, number);
    }
    for (const language of ["de", "pt-BR"]) {
      const [sentence] = (await said({ country_code: "US", number: "1" }, language)).number;
      assert.notEqual(sentence, wrong);
      assert.match(sentence, /\+/);
    }
    assert.deepEqual(await said({}), {
      country_code: ["The country code field is required."],
      number: ["The number field is required."],
    });
    for (const country of ["", "ZZ", "USA", "\u00df", "+1", "UK"]) {
      const errors = await said({ ...BERLIN, country_code: country });
      assert.deepEqual(errors, { country_code: ["The selected country code is invalid."] });
    }
    assert.deepEqual(await said({ country_code: 49, number: 30901820 }), {
      country_code: ["The country code field must be a string."],
      number: ["The number field must be a string."],
    });
    assert.deepEqual(await list(call), []);
  }));

test("a DID that an agent has is not deleted until it is removed from the agent", () =>
  withTeam(async ({ call }) => {
    const id = await made(call);
    const calling = (ids: readonly string[]) =>
      call("PUT", "/api/v1/agents/agent_1/calling", {
        body: { direction: "inbound", phone_number_ids: ids },
      });
    assert.equal((await calling([id])).status, 200);
    for (const language of ["en", "de", "pt-BR"]) {
      const headers = { "accept-language": language };
      const refused = await call("DELETE", `${dids(SIP.id)}/${id}`, { headers });
      assertFailure(refused, 409, "DID_IN_USE");
      assert.match(refused.json.message, /PUT \/api\/v1\/agents\/\{agent_id\}\/calling/);
    }
    assert.equal((await calling([])).status, 200);
    assert.equal((await call("DELETE", `${dids(SIP.id)}/${id}`)).status, 200);
  }));

test("no more DIDs are created than the plan allows imports, until one is deleted", () =>
  withTeam(async ({ call }) => {
    const numbered = (line: number) => ({ country_code: "DE", number: `030 90182${line}` });
    const first = await made(call, numbered(0));
    await made(call, numbered(1));
    const said = new Set<string>();
    for (const language of ["en", "de", "pt-BR"]) {
      const headers = { "accept-language": language };
      const refused = await create(call, numbered(2), { headers });
      assertFailure(refused, 403, "IMPORT_LIMIT_REACHED");
      said.add(refused.json.message);
    }
    assert.equal(said.size, 3);
    assert.equal((await call("DELETE", `${dids(SIP.id)}/${first}`)).status, 200);
    await made(call, numbered(2));
  }, { plan: "Free" }));

test("a repeated creation answers with the same DID, and a key for another is refused", () =>
  withTeam(async ({ call }) => {
    const headers = { "idempotency-key": "k1" };
    const once = await create(call, BERLIN, { headers });
    const again = await create(call, BERLIN, { headers });
    assert.deepEqual([again.status, again.json], [201, once.json]);
    assert.equal(once.headers.get("idempotency-replayed"), null);
    assert.equal(again.headers.get("idempotency-replayed"), "true");
    const other = await create(call, { country_code: "DE", number: "030 901829" }, { headers });
    assertFailure(other, 422, "IDEMPOTENCY_KEY_REUSED");
    assert.equal((await list(call)).length, 1);
  }));

test("no body makes a trunk's calls fail with 5xx, and what is made is in E.164 form", () =>
  withTeam(async ({ call }) => {
    const text = fc.oneof(
      fc.string({ unit: character }),
      fc.stringMatching(/^[+0-9 ()./-]{0,20}$/),
    );
    const body = fc.record({
      country_code: fc.oneof(fc.constantFrom("US", "DE", "BR", "IT", "AR"), text),
      number: fc.oneof(text, fc.jsonValue()),
    }, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(body, async (json) => {
        const answer = await create(call, JSON.stringify(json));
        assert.ok([201, 409, 422].includes(answer.status), JSON.stringify(answer.json));
        if (answer.status === 201) assert.match(answer.json.data.number, /^\+[1-9]\d{6,14}$/);
      }),
      { numRuns: runs(200) },
    );
  }, { plan: "Scale" }));
