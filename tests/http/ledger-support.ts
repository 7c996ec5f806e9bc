import assert from "node:assert/strict";
import type { TestResponse } from "../support/app.ts";
import type { Talk } from "./talk-support.ts";

/** Asserts that an answer is a problem (RFC 9457) with this status and code, of its own type. */
export const assertProblem = (
  { status, json, headers }: TestResponse,
  expected: number,
  code: string,
): void => {
  assert.deepEqual([status, json.status, json.code], [expected, expected, code], json.detail);
  assert.equal(headers.get("content-type"), "application/problem+json");
  assert.equal(json.type, `/docs/problems#${code.toLowerCase().replaceAll("_", "-")}`);
  assert.ok(json.title.length > 0 && json.detail.length > 0);
};

/** The body of an answer that must have this status. */
export const expected = (
  { status, json }: TestResponse,
  wanted: number,
): TestResponse["json"] => {
  assert.equal(status, wanted, JSON.stringify(json));
  return json;
};

/** Asserts that each of these bodies is refused by the name of its field. */
export const assertRefusedByField = async (
  call: Talk,
  method: string,
  path: string,
  bodies: readonly (readonly [body: unknown, field: string])[],
): Promise<void> => {
  for (const [body, field] of bodies) {
    const answer = await call(method, path, { body });
    assertProblem(answer, 400, "VALIDATION_ERROR");
    const fields = Object.keys(answer.json.errors);
    assert.deepEqual(fields, [field], `${JSON.stringify(body)}: ${answer.json.detail}`);
  }
};

/** Buys a number through the ledger's own API, which must be available immediately; gives it. */
export const bought = async (call: Talk, e164: string, wishes = {}) =>
  expected(await call("POST", "/ledger/numbers", { body: { e164, ...wishes } }), 201);
