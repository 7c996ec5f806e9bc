import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Failure } from "../../http/dialect.ts";
import { INTERNAL_ERROR } from "../../http/errors.ts";
import { encodeFailure, invalid } from "../../http/speko/failures.ts";
import { assertFailure, BUSINESS, buy, spekoCall, withSpeko } from "./speko-support.ts";
import { runs } from "../support/runs.ts";

const CALLS = [
  ["GET", ""],
  ["POST", ""],
  ["GET", "/available"],
  ["POST", "/import"],
  ["GET", "/kyb"],
  ["PUT", "/kyb/draft"],
  ["POST", "/kyb/submit"],
  ["GET", "/pn_1"],
  ["PATCH", "/pn_1"],
  ["DELETE", "/pn_1"],
] as const;

test("every call answers 401 in the documentation's words when the token is invalid", () =>
  withSpeko(async ({ app }) => {
    for (const [method, path] of CALLS) {
      for (const token of [undefined, "tk_1.forged", "admin-secret-of-tests"]) {
        const { status, json } = await spekoCall(app, token)(method, path);
        assert.equal(status, 401);
        assert.deepEqual(json, { error: "Unauthorized", code: "UNAUTHORIZED" });
      }
    }
  }));

test("every call with a body answers in Speko's shape when it cannot be read", () =>
  withSpeko(async ({ call }) => {
    const text = { "content-type": "text/plain" };
    for (const [method, path] of CALLS) {
      if (method === "GET" || method === "DELETE") continue;
      assertFailure(await call(method, path, "{"), 400, "VALIDATION_ERROR");
      assertFailure(await call(method, path), 400, "VALIDATION_ERROR");
      assertFailure(await call(method, path, "{}", text), 415, "UNSUPPORTED_MEDIA_TYPE");
      const large = { label: "x".repeat(65_536) };
      assertFailure(await call(method, path, large), 413, "PAYLOAD_TOO_LARGE");
    }
  }));

test("an unknown path and a wrong method answer in Speko's shape", () =>
  withSpeko(async ({ call }) => {
    assertFailure(await call("GET", "/pn_1/calls"), 404, "NOT_FOUND");
    assertFailure(await call("GET", "/kyb/unknown"), 404, "NOT_FOUND");
    const deleted = await call("DELETE");
    assertFailure(deleted, 405, "METHOD_NOT_ALLOWED");
    assert.equal(deleted.headers.get("allow"), "GET, HEAD, POST");
    assertFailure(await call("GET", "/kyb/draft"), 405, "METHOD_NOT_ALLOWED");
  }));

test("an unknown path below /v1 answers in Speko's shape", () =>
  withSpeko(async ({ app }) => {
    assertFailure(await app.request("GET", "/v1/agents"), 404, "NOT_FOUND");
  }));

test("encodeFailure() has Speko's code for a status whatever the reason was", () => {
  const body = (failure: Failure) => encodeFailure(failure, "en").body;
  assert.deepEqual(body(INTERNAL_ERROR), {
    error: "Internal server error.",
    code: "INTERNAL_ERROR",
  });
  assert.deepEqual(body({ status: 429, code: "SLOW_DOWN", message: "Too many requests." }), {
    error: "Too many requests.",
    code: "RATE_LIMITED",
  });
  assert.deepEqual(body(invalid({}, "en")), {
    error: "Invalid request: it does not have the documented form.",
    code: "VALIDATION_ERROR",
  });
});

/** Any JSON at all, or a valid body with one field replaced by it. */
const bodies = (good: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.jsonValue(),
    fc.tuple(fc.constantFrom(...Object.keys(good)), fc.jsonValue())
      .map(([key, value]) => ({ ...good, [key]: value })),
    fc.tuple(fc.constantFrom(...Object.keys(good)), fc.dictionary(fc.string(), fc.jsonValue()))
      .map(([key, value]) => ({ ...good, [key]: value })),
  );

test("no JSON body ever leads to a 5xx", () =>
  withSpeko(async ({ call }) => {
    const { id } = await buy(call, "+14155550101");
    const wishes = { direction: "both", label: "a", agentId: "ag", dispatchMetadataTemplate: {} };
    const trunk = {
      sipTrunkId: "trunk_1",
      sipConnectionInstallationId: "in_1",
      sipProviderName: "p",
    };
    const targets = [
      ["POST", "", { e164: "+14155550101", ...wishes }],
      ["POST", "/import", { e164: "+14155550101", ...trunk, ...wishes }],
      ["PATCH", `/${id}`, wishes],
      ["PUT", "/kyb/draft", BUSINESS],
      ["PUT", "/kyb/draft", { ...BUSINESS, attestationAccepted: false }],
      ["POST", "/kyb/submit", BUSINESS],
    ] as const;
    for (const [method, path, good] of targets) {
      await fc.assert(
        fc.asyncProperty(bodies(good), async (body) => {
          const { status } = await call(method, path, JSON.stringify(body));
          assert.ok(status < 500, `${method} ${path}: ${status}`);
        }),
        { numRuns: runs(60) },
      );
    }
  }));
