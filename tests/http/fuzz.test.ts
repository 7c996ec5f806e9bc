import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import type { Dialect } from "../../http/dialect.ts";
import { ADMIN_TOKEN, openTestApp, type TestResponse } from "../support/app.ts";
import { anyRequest, dialectAt, type FuzzRequest, type Known } from "./fuzz-requests.ts";
import { BUSINESS, spekoCall } from "./speko-support.ts";
import { runs } from "../support/runs.ts";

// With a database, since odd texts break databases; a map in memory accepts anything.
const app = openTestApp({ log: await openPgliteLog({ folder: "memory" }) });
const token = await app.organization("fuzzed");
after(() => app.close());

/** Something of each kind, for the requests to name. */
const prepare = async (): Promise<Known> => {
  const speko = spekoCall(app, token);
  const offers = (await speko("GET", "/available?areaCode=415&limit=4")).json;
  const numbers: string[] = offers.map(({ e164 }: { readonly e164: string }) => e164);
  const bought = await speko("POST", "", { e164: numbers[0] });
  const imported = await speko("POST", "/import", { e164: "+493012345678", sipTrunkId: "trunk_1" });
  const submission = await speko("POST", "/kyb/submit", BUSINESS);
  const path = `/api/v1/phone-numbers/${bought.json.id}/request-release`;
  const asked = await app.request("POST", path, { token, body: { reason: "no longer needed" } });
  const ids = [bought.json.id, imported.json.id, submission.json.id, asked.json.data.id];
  assert.deepEqual(ids.map((id) => typeof id), ids.map(() => "string"));
  await app.organization("closable");
  return { ids, numbers, organization: "fuzzed", closable: "closable" };
};

const known = await prepare();

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";

/** Whether a failure has the shape that its dialect documents (http/README.md). */
const SHAPES: Readonly<Record<Dialect["name"], (json: TestResponse["json"]) => boolean>> = {
  talkturo: ({ success, error, code }) => success === false && isText(error) && isText(code),
  talkover: ({ success, message }) => success === false && isText(message),
  speko: ({ error, code }) => isText(error) && isText(code),
  admin: ({ type, title, detail, code }) => [type, title, detail, code].every(isText),
  ledger: ({ type, title, detail, code }) => [type, title, detail, code].every(isText),
};

/** What must never leave the server. */
const LEAKS = /node_modules|\bat \S+ \(|\.ts:\d|\bstack\b|\bSELECT\b|\bINSERT INTO\b|\bpg_\w+/;

/** The library's names of arguments; a refusal must name the members that were sent. */
const INNER =
  /\b(?:input|caller|options|content|resolution|review)(?:\.\w+)* (?:must|is|are|has)\b/;

const send = ({ auth, method, path, body, headers }: FuzzRequest, as: string | undefined) =>
  app.request(method, path, {
    ...(as === undefined ? {} : { token: auth === "admin" ? ADMIN_TOKEN : as }),
    ...(method === "GET" || method === "HEAD" || body === undefined ? {} : { body }),
    headers,
  });

const assertSound = ({ path, method }: FuzzRequest, answer: TestResponse): void => {
  const { status, json, headers } = answer;
  const text = JSON.stringify(json);
  assert.ok(status < 500, `${status} ${text}`);
  if (status >= 400 && method !== "HEAD") {
    const dialect = dialectAt(path) ?? "ledger";
    assert.ok(SHAPES[dialect](json), `not the shape of ${dialect}: ${text}`);
  }
  assert.equal(status === 405, headers.has("allow"));
  assert.equal(LEAKS.test(text), false, text);
  if (status >= 400) assert.equal(INNER.test(text), false, text);
  assert.equal(text.includes(token) || text.includes(ADMIN_TOKEN), false, text);
};

test("a route answers as documented and never 5xx, whatever the request", () =>
  fc.assert(
    fc.asyncProperty(anyRequest(known), async (request) => {
      assertSound(request, await send(request, token));
    }),
    { numRuns: runs(1_000), interruptAfterTimeLimit: 20_000 },
  ));

test("a route answers 401, 404, 405 or 414 to an anonymous caller", () =>
  fc.assert(
    fc.asyncProperty(anyRequest(known), async (request) => {
      const answer = await send(request, undefined);
      assert.ok([401, 404, 405, 414].includes(answer.status), String(answer.status));
      assertSound(request, answer);
    }),
    { numRuns: runs(300) },
  ));

test("many requests of this file reach the ledger", async () => {
  const statuses = await Promise.all(
    fc.sample(anyRequest(known), { numRuns: 300, seed: 1 })
      .map(async (request) => (await send(request, token)).status),
  );
  const well = statuses.filter((status) => status < 300).length;
  assert.ok(well > 50, `only ${well} of 300 went well`);
});
