/** What the frame around Talkover's routes says: the same in each of its three languages. */
import { MAX_DEPTH } from "../../adapters/validation/bounds.ts";
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Busy } from "../../adapters/ledger/engine/errors.ts";
import { Unavailable } from "../../core/log/unavailable.ts";
import { MAX_BODY_BYTES, MAX_VALUES } from "../../http/body.ts";
import type { Language } from "../../http/dialect.ts";
import { MAX_URL } from "../../http/errors.ts";
import { FRAME_SENTENCES } from "../../http/frame-sentences.ts";
import { LISTENER_SENTENCES } from "../../http/listener-errors.ts";
import { createApp } from "../../http/app.ts";
import {
  ADMIN_TOKEN,
  openTestApp,
  requester,
  type TestApp,
  type TestRequest,
} from "../support/app.ts";

const LANGUAGES: readonly Language[] = ["en", "de", "pt-BR"];
const LIST = "/api/v1/phone-numbers";
const RELEASE = `${LIST}/pn_1/request-release`;

let app: TestApp;
let token: string;

before(async () => {
  app = openTestApp();
  token = await app.organization("acme", "Scale");
});

after(() => app.close());

/** The answer to one request in each language. */
const said = async (
  method: string,
  path: string,
  { headers, ...request }: TestRequest = {},
  call: TestApp["request"] = app.request,
) =>
  await Promise.all(LANGUAGES.map((language) =>
    call(method, path, {
      token,
      ...request,
      headers: { ...headers, "accept-language": language },
    })
  ));

const namesIn = (text: string): readonly string[] => (text.match(/:[a-z]+/g) ?? []).sort();

test("each sentence of the frame is translated, with the same values and the same names", () => {
  const all = { ...FRAME_SENTENCES, ...LISTENER_SENTENCES };
  for (const [name, { en: english, de, "pt-BR": portuguese }] of Object.entries(all)) {
    assert.equal(new Set([english, de, portuguese]).size, 3, name);
    for (const translated of [de, portuguese]) {
      assert.deepEqual(namesIn(translated), namesIn(english), translated);
      // A wire name is the same in every language.
      for (
        const [wire] of english.matchAll(
          /[A-Z][a-z]+-[A-Z][a-z]+|CR LF|HTTP\/1\.1|application\/json/g,
        )
      ) {
        assert.ok(translated.includes(wire), `${translated}: ${wire}`);
      }
    }
  }
});

const deep = "[".repeat(MAX_DEPTH + 1) + "]".repeat(MAX_DEPTH + 1);

/** Requests that reach no route, their status, and what each answer names. */
const UNHEARD: readonly (readonly [string, string, TestRequest, number, string])[] = [
  ["GET", `${LIST}?search=${"x".repeat(MAX_URL)}`, {}, 414, String(MAX_URL)],
  ["GET", `${LIST}#x`, {}, 400, "(#)"],
  ["GET", "/api/v1/nothing", {}, 404, ""],
  ["GET", `${LIST}/%zz/x`, {}, 404, ""],
  ["GET", `${LIST}/%00/request-release`, {}, 405, "POST"],
  ["POST", LIST, { body: {} }, 405, "GET, HEAD"],
  ["POST", "/api/v1/health", { body: {} }, 405, "GET, HEAD"],
  ["POST", RELEASE, { body: {}, headers: { "idempotency-key": "" } }, 400, "Idempotency-Key"],
  [
    "POST",
    RELEASE,
    { body: "{}", headers: { "content-type": "text/plain" } },
    415,
    "application/json",
  ],
  ["POST", RELEASE, { body: "x".repeat(MAX_BODY_BYTES + 1) }, 413, String(MAX_BODY_BYTES)],
  ["POST", RELEASE, { headers: { "content-type": "application/json" } }, 400, ""],
  ["POST", RELEASE, { body: "{" }, 400, "JSON"],
  ["POST", RELEASE, { body: deep }, 400, String(MAX_DEPTH)],
  [
    "POST",
    RELEASE,
    { body: JSON.stringify(Array(MAX_VALUES + 1).fill(1)) },
    400,
    String(MAX_VALUES),
  ],
];

test("a request that reaches no route is answered why in each language, with the same figures", async () => {
  for (const [method, path, request, status, names] of UNHEARD) {
    const answers = await said(method, path, request);
    const what = `${method} ${path.slice(0, 60)}: ${
      JSON.stringify(answers.map(({ json }) => json))
    }`;
    assert.deepEqual(answers.map((answer) => answer.status), [status, status, status], what);
    const messages = answers.map(({ json }) => json.message as string);
    assert.equal(new Set(messages).size, 3, what);
    for (const message of messages) assert.ok(message.includes(names), what);
    for (const { json, headers } of answers) {
      assert.equal(headers.get("allow"), status === 405 ? names : null, what);
      assert.deepEqual(Object.keys(json).sort(), ["code", "message", "success"], what);
    }
  }
});

test("a body that does not fit is answered with the field's name, in each language", async () => {
  const bodies: readonly (readonly [string, string, string])[] = [
    ["[]", "body", "JSON"],
    ['"x"', "body", "JSON"],
    ["{}", "reason", "reason"],
    ['{"reason":1}', "reason", "reason"],
    ['{"reason":"a\\u0000bcdefghijk"}', "reason", "NUL"],
    ['{"reason":"one of these two","reason":"two of these two"}', "reason", "reason"],
  ];
  for (const [body, field, names] of bodies) {
    const answers = await said("POST", RELEASE, { body });
    const faults = answers.map(({ status, json }) => {
      assert.equal(status, 422, `${body}: ${JSON.stringify(json)}`);
      assert.deepEqual(Object.keys(json.errors), [field], body);
      return json.errors[field][0] as string;
    });
    assert.equal(new Set(faults).size, 3, body);
    for (const fault of faults) assert.ok(fault.includes(names), `${body}: ${fault}`);
  }
});

test("what is wrong with an agent's new id is said in each language", async () => {
  const app = openTestApp();
  const team = await app.organization("team", "Scale");
  for (const id of ["%20a", "a%20", "a%E2%80%8Bb", "%CC%81a"]) {
    const path = `/api/v1/agents/${id}/calling`;
    const answers = await said(
      "PUT",
      path,
      { token: team, body: { direction: "both" } },
      app.request,
    );
    const faults = answers.map(({ status, json }) => {
      assert.equal(status, 422, JSON.stringify(json));
      return json.errors.agent_id[0] as string;
    });
    assert.equal(new Set(faults).size, 3, id);
    for (const fault of faults) assert.match(fault, /200.*Unicode/);
  }
  await app.close();
});

test("a busy service is distinguished from unavailable storage, in each language", async () => {
  for (
    const [error, words] of [
      [new Busy("busy"), /busy|ausgelastet|ocupado/],
      [new Unavailable("away"), /storage|Speicher|armazenamento/],
    ] as const
  ) {
    const ledger = { ...app.ledger, authenticate: () => Promise.reject(error) };
    const failing = createApp({ ledger, adminToken: ADMIN_TOKEN });
    const answers = await said("GET", LIST, {}, requester((request) => failing.fetch(request)));
    for (const { status, json, headers } of answers) {
      assert.deepEqual([status, headers.get("retry-after")], [503, "1"], JSON.stringify(json));
      assert.match(json.message, words);
    }
    assert.equal(new Set(answers.map(({ json }) => json.message)).size, 3);
  }
});
