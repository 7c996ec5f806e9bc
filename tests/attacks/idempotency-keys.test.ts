/** What callers can make of keys and bodies, and where the secrets are that are answered once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openDatabaseAnswers } from "../../adapters/answers/database.ts";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { bodyOf } from "../../http/body.ts";
import { keyedOf } from "../../http/idempotency.ts";
import { callerOf } from "../properties/runs.ts";
import { ADMIN_TOKEN, openTestApp } from "../support/app.ts";
import { runs } from "../support/runs.ts";

const ACME = callerOf("acme");

test("the same key is another one for each organization that the operator acts for", async () => {
  const callers = await Promise.all(["", "acme", "bolt"].map(async (organization) => {
    const request = new Request("http://localhost/ledger/numbers", { method: "POST" });
    const keyed = await keyedOf(request, null, { organization, actor: OPERATOR }, "key");
    return keyed.ok ? keyed.value.caller : assert.fail(keyed.error.message);
  }));
  assert.equal(new Set(callers).size, 3);
});

const fingerprintOf = async (body: string, path = "/v1/phone-numbers"): Promise<string> => {
  const request = new Request(`http://localhost${path}`, { method: "POST", body });
  const keyed = await keyedOf(request, bodyOf(request, 10_000), ACME, "key");
  return keyed.ok ? keyed.value.fingerprint : assert.fail(keyed.error.message);
};

test("bodies that are not the same JSON are not the same request", async () => {
  const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  const bodies = [
    "",
    " ",
    "null",
    "{}",
    "[]",
    '""',
    '{"a":1}',
    '{"a":"1"}',
    '{"a":[1,2]}',
    '{"a":[2,1]}',
    '{"a":{"b":1}}',
    '{"a.b":1}',
    '{"__proto__":1}',
    '{"__proto__":{"a":1}}',
    '{"constructor":1}',
    '{"a":null}',
    '{"a":"\u00e9"}',
    '{"a":"e\u0301"}',
    '{"a":"\\ud800"}',
    '{"a":"\ufffd"}',
    "{",
    "{{",
    deep(64),
    deep(63),
    deep(500),
    `[${Array(6_000).fill(1)}]`,
  ];
  const fingerprints = await Promise.all(bodies.map((body) => fingerprintOf(body)));
  for (const [place, fingerprint] of fingerprints.entries()) {
    assert.equal(fingerprints.indexOf(fingerprint), place, bodies[place]);
  }
});

test("a line break in a path or a body makes no request another one", async () => {
  const [one, other] = await Promise.all([
    fingerprintOf("b", "/v1/phone-numbers%0Aa"),
    fingerprintOf("a\nb", "/v1/phone-numbers"),
  ]);
  assert.notEqual(one, other);
});

test("the same JSON in any order and layout is the same request", async () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).toReversed().map(([name, inner]) => [name, reversed(inner)]),
    );
  };
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (json) => {
      const [one, other] = await Promise.all([
        fingerprintOf(JSON.stringify(json)),
        fingerprintOf(JSON.stringify(reversed(json), null, 2)),
      ]);
      assert.equal(one, other);
    }),
    { numRuns: runs(200) },
  );
});

test("a secret that was issued under a key is nowhere in the database", async () => {
  const log = await openPgliteLog({ folder: "memory" });
  const answers = openDatabaseAnswers({ database: log.database });
  const app = openTestApp({ log, answers });
  await app.organization("acme");
  const issue = () =>
    app.request("POST", "/admin/organizations/acme/tokens", {
      token: ADMIN_TOKEN,
      body: { email: "bob@example.com", name: "Bob" },
      headers: { "idempotency-key": "'; drop table ledgerline.answer; --" },
    });
  const { json: { id, token } } = await issue();
  assert.deepEqual((await issue()).json, { id, token: null });
  for (const table of ["answer", "event", "state"]) {
    const rows = await log.database.query(`select t::text as row from ledgerline.${table} t`, []);
    assert.ok(rows.length > 0);
    for (const { row } of rows) assert.ok(!row?.includes(token), table);
  }
  await app.close();
});
