/** The id of a request, on its answer and beside its errors, and the trace that it is part of. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import type { Ledger } from "../../adapters/ledger/api/mod.ts";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { openLedger } from "../../adapters/runtimes/library/mod.ts";
import { askedIn, requestIdOf, traceOf } from "../../http/asked.ts";
import { createApp } from "../../http/app.ts";
import { MAX_URL, NOT_SET_UP } from "../../http/errors.ts";
import { answerUnavailable } from "../../http/unavailable.ts";
import { ADMIN_TOKEN, openTestApp, requester } from "../support/app.ts";
import { openWithNumbers } from "../support/many-numbers.ts";
import { runs } from "../support/runs.ts";

const NEW = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

const app = openTestApp();
const token = await app.organization("acme");
after(() => app.close());

const headersOf = async (
  method: string,
  path: string,
  id: string,
  given: Readonly<Record<string, string>> = {},
) =>
  await app.fetch(
    new Request(`http://localhost${path}`, { method, headers: { "x-request-id": id, ...given } }),
  );

describe("the id of a request", () => {
  test("is the caller's own on every answer, whatever that is", async () => {
    const authorization = `Bearer ${token}`;
    const asked: readonly (readonly [string, string, number, Record<string, string>?])[] = [
      ["GET", "/healthz", 200],
      ["HEAD", "/healthz", 200],
      ["GET", "/readyz", 200],
      ["GET", "/api/v1/health", 200],
      ["POST", "/readyz", 405],
      ["GET", "/", 404],
      ["GET", "/v1/nowhere", 404],
      ["PUT", "/v1/phone-numbers", 405],
      ["GET", "/api/v1/phone-numbers", 401],
      ["GET", "/v1/phone-numbers", 200, { authorization }],
      ["POST", "/v1/phone-numbers", 400, { authorization, "idempotency-key": "ä" }],
      ["POST", "/v1/phone-numbers", 400, { authorization }],
      ["POST", "/webhooks/telnyx", 503],
      ["GET", "/admin/organizations/acme", 401],
      ["GET", "/admin/heads", 200, { authorization: `Bearer ${ADMIN_TOKEN}` }],
      ["GET", `/v1/phone-numbers?${"x".repeat(MAX_URL)}`, 414],
    ];
    for (const [place, [method, path, status, given]] of asked.entries()) {
      const answer = await headersOf(method, path, `mine-${place}`, given);
      assert.deepEqual(
        [answer.status, answer.headers.get("x-request-id")],
        [status, `mine-${place}`],
        `${method} ${path.slice(0, 60)}`,
      );
    }
  });

  test("is on a list that is sent as it is read", async () => {
    const many = await openWithNumbers(450);
    const answer = await many.fetch(
      new Request("http://localhost/ledger/numbers", {
        headers: { authorization: `Bearer ${many.token}`, "x-request-id": "list-1" },
      }),
    );
    assert.equal(answer.headers.get("x-request-id"), "list-1");
    await answer.text();
    await many.close();
  });

  test("is on the answers of a server that is not set up", () => {
    for (const path of ["/readyz", "/v1/phone-numbers", "/"]) {
      const request = new Request(`http://x${path}`, { headers: { "x-request-id": "early" } });
      const { headers } = answerUnavailable(request, NOT_SET_UP);
      assert.equal(headers.get("x-request-id"), "early", path);
    }
  });
});

describe("a request's own id", () => {
  test("is replaced by a new one where it is missing, too long or not safe", async () => {
    const unfit = [
      "",
      " ",
      "a b",
      "a,b",
      'a"b',
      "<a>",
      "a;b",
      "a\u00e4",
      "x".repeat(129),
      "a\u007fb",
      "%0a",
      "ann@example.com",
      token,
    ];
    for (const given of [null, undefined, ...unfit, "a\nb", "a\n", "a\r\nset-cookie: b"]) {
      assert.match(requestIdOf(given), NEW, JSON.stringify(given));
    }
    for (const given of unfit) {
      const id = (await headersOf("GET", "/healthz", given)).headers.get("x-request-id") ?? "";
      assert.match(id, NEW, given);
    }
    const pieces = `${"x".repeat(40)}.`.repeat(3);
    const fit = [
      pieces,
      `${pieces}12345`,
      "Root=1-67891233-abcdef012345678912345678",
      "a/b+c==",
      "k8s:pod_1.2",
      "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d",
      `gateway:9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d`,
      "tk_01kg9qxg80k62fnz31851ccj7x",
    ];
    for (const given of fit) {
      const { headers } = await headersOf("GET", "/healthz", given);
      assert.equal(headers.get("x-request-id"), given);
    }
    const two = new Request("http://localhost/healthz");
    two.headers.append("x-request-id", "a");
    two.headers.append("x-request-id", "b");
    assert.match((await app.fetch(two)).headers.get("x-request-id") ?? "", NEW);
  });

  test("is one line of safe characters, whatever was sent", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (given) => {
        assert.match(requestIdOf(given), /^[\w.:=+/-]{1,128}$/);
        assert.ok(!requestIdOf(given).includes("\n"));
      }),
      { numRuns: runs(1_000) },
    );
  });
});

describe("a request's own id with a secret", () => {
  test("is replaced where it has a token, its secret or either in base64, of whomever", () => {
    const [id = "", secret = ""] = token.split(".");
    const encoded = Buffer.from(token).toString("base64");
    const unfit = [
      token,
      `x=${token}`,
      `x${token}`,
      `a:b.${token}`,
      `${id}:${secret}`,
      `${id}=${secret}`,
      `${id}.${secret.slice(0, 20)}`,
      secret,
      `x.${secret}`,
      encoded,
      encoded.slice(1),
      Buffer.from(secret).toString("base64url"),
      Buffer.from(token).toString("hex").slice(0, 128),
    ];
    for (const given of unfit) assert.match(requestIdOf(given), NEW, given);
  });

  test("is replaced where it has the secret that its request is made with, of whatever form", () => {
    const ours = "0pen-sesame";
    const by = (authorization: string, given: string) => requestIdOf(given, authorization);
    for (const given of [ours, `x=${ours}`, `a.${ours}:b`]) {
      for (const sent of [`Bearer ${ours}`, `bearer  ${ours} `, `Bearer any.${ours}`]) {
        assert.match(by(sent, given), NEW, `${sent} ${given}`);
      }
      assert.equal(by("Bearer another-one", given), given);
    }
    // What is too short to be a secret is in many ids.
    assert.equal(by("Bearer t", "mine-t"), "mine-t");
  });
});

describe("an unexpected error", () => {
  test("is given with the id of its request, and with organization, command id and trace", async () => {
    const seen: unknown[] = [];
    const error = new Error("a bug");
    const caller = {
      organization: "acme",
      actor: { kind: "user", tokenId: "tok_1", name: "A", email: "a@example.com" },
    };
    const parts: Readonly<Record<string, unknown>> = {
      authenticate: () => Promise.resolve(caller),
      limits: () => Promise.resolve({ requestsPerMinute: 1_000, searchesPerMinute: 1_000 }),
    };
    const ledger = new Proxy({}, {
      get: (_, name) => parts[String(name)] ?? (() => Promise.reject(error)),
    }) as Ledger;
    const broken = createApp({
      ledger,
      adminToken: null,
      onError: (thrown, id, { organization, commandId, trace }) =>
        seen.push({ thrown, id, organization, commandId, trace }),
    });
    const request = requester((asked) => broken.fetch(asked));
    const answer = await request("DELETE", "/v1/phone-numbers/pn_1", {
      token: "t",
      headers: {
        "x-request-id": "bug-1",
        "idempotency-key": "k",
        traceparent: `00-${TRACE}-${SPAN}-01`,
      },
    });
    assert.deepEqual([answer.status, answer.headers.get("x-request-id")], [500, "bug-1"]);
    const trace = { id: TRACE, parent: SPAN, isSampled: true };
    const organization = "acme";
    assert.deepEqual(seen, [
      { thrown: error, id: "bug-1", organization, commandId: "tok_1:8254c329a92850f6", trace },
    ]);
    seen.length = 0;
    await request("GET", "/readyz", { headers: { "x-request-id": "bug-2" } });
    assert.deepEqual(seen, [
      { thrown: error, id: "bug-2", organization: undefined, commandId: undefined, trace: null },
    ]);
  });
});

describe("what the ledger reports", () => {
  test("names the request that it was met for, and the organization", async () => {
    const reported: unknown[] = [];
    const error = new Error("a bug of the adapter");
    const sandbox = openSandboxCarrier();
    await using ledger = await openLedger({
      log: openMemoryLog(),
      carrier: { ...sandbox, search: () => Promise.reject(error) },
      report: (what, thrown, about) => reported.push({ what, thrown, about }),
    });
    await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
    const user = { email: "a@example.com", name: "A", sandbox: true };
    const issued = await ledger.operator.issueToken("acme", user);
    assert.ok(issued.ok);
    const ours = createApp({ ledger, adminToken: null });
    const request = requester((asked) => ours.fetch(asked));
    const { status } = await request("GET", "/v1/phone-numbers/available?areaCode=415", {
      token: issued.value.token,
      headers: { "x-request-id": "search-1" },
    });
    assert.equal(status, 502);
    const about = { requestId: "search-1", organization: "acme" };
    assert.deepEqual(reported, [{ what: "asking for the carrier sandbox", thrown: error, about }]);
  });
});

describe("a traceparent", () => {
  test("is read as W3C Trace Context has it", () => {
    const trace = { id: TRACE, parent: SPAN, isSampled: true };
    assert.deepEqual(traceOf(`00-${TRACE}-${SPAN}-01`), trace);
    assert.deepEqual(traceOf(`00-${TRACE}-${SPAN}-00`), { ...trace, isSampled: false });
    assert.deepEqual(traceOf(`00-${TRACE}-${SPAN}-ff`), trace);
    // A later version may say more.
    assert.deepEqual(traceOf(`01-${TRACE}-${SPAN}-01`), trace);
    assert.deepEqual(traceOf(`cc-${TRACE}-${SPAN}-01-what-else`), trace);
  });

  test("is as if it had not been sent where it is not valid", () => {
    const unfit = [
      null,
      undefined,
      "",
      `00-${TRACE}-${SPAN}-01-more`,
      `00-${TRACE}-${SPAN}-01-`,
      `ff-${TRACE}-${SPAN}-01`,
      `00-${TRACE.toUpperCase()}-${SPAN}-01`,
      `00-${"0".repeat(32)}-${SPAN}-01`,
      `00-${TRACE}-${"0".repeat(16)}-01`,
      `00-${TRACE}-${SPAN}`,
      `00-${TRACE}-${SPAN}-1`,
      `00-${TRACE}x-${SPAN}-01`,
      `0-${TRACE}-${SPAN}-01`,
      `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`,
      `01-${TRACE}-${SPAN}-01${"x".repeat(500)}`,
      `00-${TRACE}-${SPAN}-01\n`,
    ];
    for (const given of unfit) assert.equal(traceOf(given), null, String(given));
  });

  test("says nothing about the request's id", () => {
    const { id, trace } = askedIn((name) =>
      name === "traceparent" ? `00-${TRACE}-${SPAN}-01` : null
    );
    assert.match(id, NEW);
    assert.equal(trace?.id, TRACE);
  });
});
