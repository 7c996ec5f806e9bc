/** Answers while no ledger is available. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NOT_SET_UP } from "../../http/errors.ts";
import { answerUnavailable } from "../../http/unavailable.ts";

const answer = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
  const response = answerUnavailable(new Request(`http://x${path}`, { headers }), NOT_SET_UP);
  return { response, json: await response.json() };
};

describe("a request without a ledger", () => {
  test("is 503 in the shape of its dialect, with the time to wait", async () => {
    const code = "SERVICE_UNAVAILABLE";
    const type = "/docs/problems#service-unavailable";
    const problem = { type, title: "Service unavailable", status: 503 };
    const { message: error } = NOT_SET_UP;
    for (
      const [path, expected] of [
        ["/api/phone-numbers/search", { success: false, error, code }],
        ["/api/v1/phone-numbers", { success: false, message: error, code }],
        ["/v1/phone-numbers/pn_1", { error, code }],
        ["/ledger/numbers", { ...problem, detail: error, code }],
        ["/nowhere", { ...problem, detail: error, code }],
      ] as const
    ) {
      const { response, json } = await answer(path);
      assert.equal(response.status, 503, path);
      assert.equal(response.headers.get("retry-after"), "1");
      assert.deepEqual(json, expected);
    }
  });

  test("speaks the caller's language", async () => {
    const path = "/api/v1/phone-numbers";
    const german = await answer(path, { "accept-language": "de" });
    const english = await answer(path);
    assert.notDeepEqual(german.json, english.json);
  });

  test("is answered that the service is not ready", async () => {
    const ready = await answer("/readyz");
    assert.equal(ready.response.status, 503);
    assert.deepEqual(ready.json, { status: "unavailable" });
  });
});
