/** Bounds on input: each row of the table in http/README.md, in its dialect's words. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { systemClock } from "../../adapters/clock/system.ts";
import {
  BYTES,
  CHARACTERS,
  fitsInto,
  hasAtMost,
  templateFault,
} from "../../adapters/validation/bounds.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { failed, ok } from "../../core/values/result.ts";
import { MAX_VERIFICATION_BYTES } from "../../core/verification/size.ts";
import { ADMIN_TOKEN, openTestApp } from "../support/app.ts";
import { BUSINESS } from "./speko-support.ts";

const app = openTestApp();
const token = await app.organization("acme", "Scale");
after(() => app.close());

const speko = (method: string, path: string, body?: unknown) =>
  app.request(method, `/v1/phone-numbers${path}`, { token, body });

const { json: number } = await speko("POST", "", { e164: "+14155550101" });

const patch = async (change: unknown) => await speko("PATCH", `/${number.id}`, change);

/** A template of this many bytes as JSON: `{"a":"…"}`. */
const templateOf = (bytes: number) => ({ a: "x".repeat(bytes - '{"a":""}'.length) });

describe("a template", () => {
  const put = async (text: string) => {
    const { status, json } = await patch(`{"dispatchMetadataTemplate":${text}}`);
    return { status, error: json.error as string | undefined };
  };

  test("may have 8 KiB as it is stored, and not a byte more", async () => {
    assert.equal((await put(JSON.stringify(templateOf(BYTES.template)))).status, 200);
    const { status, error } = await put(JSON.stringify(templateOf(BYTES.template + 1)));
    assert.equal(status, 400);
    assert.match(error ?? "", /dispatchMetadataTemplate must take at most 8192 bytes/);
  });

  test("is measured as it is stored, not as it was sent", async () => {
    const growing = [
      `{"a":[${Array.from({ length: 1_000 }, () => "1e20").join()}]}`,
      `{"a":"${"é".repeat(5_000)}"}`,
      JSON.stringify({ a: "\u0001".repeat(2_000) }),
    ];
    for (const text of growing) {
      const { status, error } = await put(text);
      assert.equal(status, 400);
      assert.match(error ?? "", /dispatchMetadataTemplate must take at most/);
    }
  });

  test("is refused by the field's name when it holds what JSON cannot represent", async () => {
    for (const text of ['{"a":1e400}', '{"a":[{"b":-1e999}]}']) {
      const { status, error } = await put(text);
      assert.equal(status, 400);
      assert.match(error ?? "", /dispatchMetadataTemplate/);
      assert.doesNotMatch(error ?? "", /input\.template/);
    }
  });

  test("is bounded for programs too", async () => {
    const caller = { organization: "acme", actor: OPERATOR };
    const route = await app.ledger.route(caller, number.id, {
      template: templateOf(BYTES.template + 1),
    });
    assert.deepEqual(route, {
      ok: false,
      error: {
        code: "INVALID_ARGUMENT",
        path: "input.template",
        message:
          "input.template must take at most 8192 bytes as JSON, with numbers such as 1e20 written out",
      },
    });
  });

  test("that is accepted is stored in as many bytes as were counted", () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (template) => {
      if (templateFault(template) !== null) return;
      assert.ok(new TextEncoder().encode(JSON.stringify(template)).byteLength <= BYTES.template);
    }));
  });
});

describe("text", () => {
  test("is counted in characters, of which an emoji is one", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 20 }), fc.nat(20), (text, most) => {
        assert.equal(hasAtMost(text, most), Array.from(text).length <= most);
      }),
    );
  });

  test("has its longest in every field of every dialect, and is refused beyond", async () => {
    const long = (count: number) => "😀".repeat(count);
    const admin = (path: string, body: unknown, method = "PUT") =>
      app.request(method, `/admin/organizations/acme${path}`, { token: ADMIN_TOKEN, body });
    const fields:
      readonly (readonly [string, number, (text: string) => Promise<{ status: number }>])[] = [
        ["label", CHARACTERS.label, (label) => patch({ label })],
        ["name of an assistant", CHARACTERS.title, (name) => admin("/assistants/a", { name })],
        [
          "name of a user",
          CHARACTERS.title,
          (name) => admin("/tokens", { email: "a@example.com", name }, "POST"),
        ],
        [
          "trunk",
          CHARACTERS.title,
          (trunkId) => admin("/sip-connections/c", { providerName: "p", trunkId, ready: true }),
        ],
        [
          "search",
          CHARACTERS.search,
          (text) =>
            app.request("GET", `/api/v1/phone-numbers?search=${encodeURIComponent(text)}`, {
              token,
            }),
        ],
        [
          "locality",
          CHARACTERS.name,
          (text) => speko("GET", `/available?locality=${encodeURIComponent(text)}`),
        ],
        ["legal name", CHARACTERS.name, (legalName) =>
          speko("PUT", "/kyb/draft", {
            ...BUSINESS,
            businessProfile: { ...BUSINESS.businessProfile, legalName },
          })],
      ];
    for (const [name, most, send] of fields) {
      assert.ok((await send(long(most))).status < 300, name);
      const { status } = await send(long(most + 1));
      assert.ok(status === 400 || status === 422, `${name}: ${status}`);
    }
  });

  test("of a business is bounded in sum too", async () => {
    const { businessProfile } = BUSINESS;
    const prose = "漢".repeat(CHARACTERS.prose);
    const one = { ...BUSINESS, businessProfile: { ...businessProfile, useCase: prose } };
    assert.equal((await speko("PUT", "/kyb/draft", one)).status, 200);
    const control = "\u0001".repeat(CHARACTERS.prose);
    const all = { ...one, businessProfile: { ...one.businessProfile, expectedUsage: control } };
    const { status, json } = await speko("PUT", "/kyb/draft", all);
    assert.equal(status, 400);
    assert.match(json.error, /at most 32768 bytes/);
    assert.equal(fitsInto(all, MAX_VERIFICATION_BYTES), false);
    const submission = { ...all, attestationAccepted: true };
    assert.equal((await speko("POST", "/kyb/submit", submission)).json.error, json.error);
  });
});

describe("a body", () => {
  test("may hold 5,000 values, and is refused in its dialect's shape beyond", async () => {
    const body = `{"x":[${Array.from({ length: 6_000 }, () => "0").join()}]}`;
    const { status, json } = await patch(body);
    assert.deepEqual([status, json.code], [400, "VALIDATION_ERROR"]);
    assert.match(json.error, /5000 values/);
  });

  test("is 408 when it does not come to its end in time, on any runtime", async () => {
    const { createApp } = await import("../../http/app.ts");
    const slow = createApp({ ledger: app.ledger, adminToken: null, bodyMs: 50 });
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
    });
    const init = { method: "POST", body: stream, duplex: "half" };
    const answer = await slow.fetch(
      new Request("http://localhost/v1/phone-numbers", {
        ...init,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      } as RequestInit),
    );
    assert.equal(answer.status, 408);
    assert.equal((await answer.json()).code, "REQUEST_TIMEOUT");
  });
});

test("a tenant never reads what a carrier said of an order", async () => {
  const SAID = "Account 4711 of Big Telco is over its limit (trace 0xBEEF)";
  const sandbox = openSandboxCarrier({ clock: systemClock });
  for (
    const refuses of [
      () => Promise.resolve(ok({ status: "failed", reason: "refused", message: SAID } as const)),
      () => Promise.resolve(failed({ kind: "refused", message: SAID } as const)),
    ]
  ) {
    const own = openTestApp({ carrier: { ...sandbox, order: refuses } });
    const as = await own.organization("acme");
    const bought = await own.request("POST", "/v1/phone-numbers", {
      token: as,
      body: { e164: "+14155550101" },
    });
    assert.equal(bought.status, 502);
    const listed = await own.request("GET", "/v1/phone-numbers", { token: as });
    const [{ id }] = listed.json;
    const paths = [
      `/ledger/numbers/${id}/history`,
      "/ledger/numbers",
      `/v1/phone-numbers/${id}`,
      "/api/v1/phone-numbers",
      "/api/phone-numbers/purchase?teamId=acme",
      `/api/phone-numbers/${id}`,
    ];
    const answers = await Promise.all(paths.map((path) => own.request("GET", path, { token: as })));
    for (const { json, status } of [bought, listed, ...answers]) {
      assert.ok(status === 200 || status === 502);
      assert.doesNotMatch(JSON.stringify(json), /Account 4711|Big Telco|0xBEEF/);
    }
    const caller = { organization: "acme", actor: OPERATOR };
    const history = await own.ledger.numbers.history(caller, id);
    assert.match(JSON.stringify(history), /Big Telco/, "the operator's log keeps it");
    await own.close();
  }
});
