/**
 * What every answer has, whatever the request; who has no access to `/admin`; and what HEAD must
 * not change.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { DIALECTS } from "../../http/dialects.ts";
import { createApp } from "../../http/app.ts";
import { MAX_URL } from "../../http/errors.ts";
import { isPlainTarget } from "../../http/path.ts";
import { ADMIN_TOKEN, openTestApp, requester } from "../support/app.ts";
import { runs } from "../support/runs.ts";

const memory = openMemoryLog();
let appends = 0;
const app = openTestApp({
  log: {
    ...memory,
    append: (input) => {
      appends += 1;
      return memory.append(input);
    },
  },
});
const token = await app.organization("acme");
after(() => app.close());

describe("every answer", () => {
  test("has nosniff and its own request id, whatever the request", async () => {
    const asked: readonly (readonly [string, string, number])[] = [
      ["GET", "/healthz", 200],
      ["GET", "/readyz", 200],
      ["POST", "/readyz", 405],
      ["GET", "/", 404],
      ["GET", "/v1/nowhere", 404],
      ["PUT", "/v1/phone-numbers", 405],
      ["GET", "/api/v1/phone-numbers", 401],
      ["POST", "/webhooks/telnyx", 503],
      ["GET", "/admin/organizations/acme", 401],
      ["GET", `/v1/phone-numbers?${"x".repeat(MAX_URL)}`, 414],
    ];
    const ids = new Set<string | null>();
    for (const [method, path, expected] of asked) {
      const { status, headers } = await app.request(method, path);
      assert.equal(status, expected, path);
      assert.equal(headers.get("x-content-type-options"), "nosniff", path);
      assert.match(headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/, path);
      ids.add(headers.get("x-request-id"));
    }
    const listed = await app.request("GET", "/v1/phone-numbers", { token });
    assert.equal(listed.headers.get("x-content-type-options"), "nosniff");
    ids.add(listed.headers.get("x-request-id"));
    assert.equal(ids.size, asked.length + 1);
  });

  test("is 414 in its dialect's shape when the URL is longer than 8 KiB", async () => {
    const path = `/api/v1/phone-numbers?search=${"%EF%B7%BA".repeat(1_000)}`;
    const { status, json } = await app.request("GET", path, {
      token,
      headers: { "accept-language": "de" },
    });
    assert.equal(status, 414);
    assert.deepEqual(json, {
      success: false,
      message: `Die URL ist länger als ${MAX_URL} Zeichen.`,
      code: "URI_TOO_LONG",
    });
  });
});

describe("HEAD", () => {
  test("changes nothing, at every route that answers GET", async () => {
    const query = "?teamId=acme&areaCode=415&limit=2";
    for (const { routes, auth } of DIALECTS) {
      for (const { path } of routes.filter(({ method }) => method === "GET")) {
        const at = `${path.replaceAll(/:\w+/g, "acme")}${query}`;
        const before = appends;
        const as = auth === "admin" ? ADMIN_TOKEN : token;
        const { status, json } = await app.request("HEAD", at, { token: as });
        assert.ok(status < 500, at);
        assert.equal(json, null);
        assert.equal(appends, before, `HEAD ${at} appended`);
      }
    }
    const before = appends;
    await app.request("GET", `/v1/phone-numbers/available${query}`, { token });
    assert.equal(appends, before + 1, "a search is noted, so that this test can fail");
  });

  test("refuses what GET refuses", async () => {
    const { status } = await app.request("HEAD", "/v1/phone-numbers/available?limit=0", { token });
    assert.equal(status, 400);
  });
});

const ADMIN_PATH = "/admin/organizations/acme";

/** Other spellings of the operator's path, as a request's first line could have them. */
const DISGUISES = [
  "/v1/../admin/organizations/acme",
  "/v1/phone-numbers/../../admin/organizations/acme",
  "/v1/%2e%2e/admin/organizations/acme",
  "/v1/.%2E/admin/organizations/acme",
  "/v1/..\\admin/organizations/acme",
  "\\admin/organizations/acme",
  "/\\admin/organizations/acme",
  "/.//admin/organizations/acme",
  "/./admin/organizations/acme",
  "/%2e/admin/organizations/acme",
  "/admin/./organizations/acme",
  "/v1\t/../admin/organizations/acme",
];

/** Spellings that a URL keeps, so that the routes must not treat them as the same. */
const KEPT = [
  "//admin/organizations/acme",
  "/%61dmin/organizations/acme",
  "/admi%6E/organizations/acme",
  "/Admin/organizations/acme",
  "/ADMIN/organizations/acme",
  "/admin%2forganizations/acme",
  "/admin%5corganizations/acme",
  "/v1/%252e%252e/admin/organizations/acme",
  "/admin;/organizations/acme",
  "/admin/organizations%2Facme",
  "/admin//organizations/acme",
  "/v1/..%2fadmin/organizations/acme",
  "/v1/..;/admin/organizations/acme",
];

describe("the operator's API", () => {
  test("is reached by one spelling of its path alone", async () => {
    assert.equal((await app.request("GET", ADMIN_PATH, { token: ADMIN_TOKEN })).status, 200);
    for (const path of KEPT) {
      const { status } = await app.request("GET", path, { token: ADMIN_TOKEN });
      assert.equal(status, 404, path);
    }
  });

  test("is reached by no target that only URL parsing turns into its path", () => {
    for (const target of DISGUISES) assert.equal(isPlainTarget(target), false, target);
    for (const target of KEPT) {
      if (!target.startsWith("//")) assert.equal(isPlainTarget(target), true, target);
    }
    for (
      const target of ["*", "admin", "", "http://x/v1/../admin", "http://x\\..\\admin", "ftp://x/"]
    ) {
      assert.equal(isPlainTarget(target), false, target);
    }
    for (const target of ["/", ADMIN_PATH, "/v1?a=/../admin", "http://localhost:1/v1", "/a%20b"]) {
      assert.equal(isPlainTarget(target), true, target);
    }
  });

  test("has no targets but those that begin with its path, among all accepted ones", () => {
    const part = fc.constantFrom(
      ..."/ .. . %2e %2E \\ %5c %2f // admin /admin Admin %61dmin v1 ; ? # \t http:// @".split(" "),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 8 }).map((parts) => `/${parts.join("")}`),
        (target) => {
          if (!isPlainTarget(target)) return;
          const { pathname } = new URL(`http://localhost${target}`);
          if (pathname.startsWith("/admin")) assert.ok(target.startsWith("/admin"), target);
        },
      ),
      { numRuns: runs(2_000) },
    );
  });

  test("is 404 on the public side, and alone on its own", async () => {
    const sides = (serves: "public" | "admin") =>
      requester((asked) =>
        createApp({ ledger: app.ledger, adminToken: ADMIN_TOKEN, serves }).fetch(asked)
      );
    const outside = sides("public");
    const inside = sides("admin");
    const statuses = async (request: typeof outside) =>
      await Promise.all([
        request("GET", ADMIN_PATH, { token: ADMIN_TOKEN }),
        request("GET", "/v1/phone-numbers", { token }),
        request("POST", "/webhooks/telnyx"),
        request("GET", "/healthz"),
        request("GET", "/readyz"),
      ]).then((answers) => answers.map(({ status }) => status));
    assert.deepEqual(await statuses(outside), [404, 200, 503, 200, 200]);
    assert.deepEqual(await statuses(inside), [200, 404, 404, 200, 200]);
  });
});

describe("an Idempotency-Key", () => {
  const headers = { "idempotency-key": "k-1" };
  const add = async () =>
    await app.request("POST", `${ADMIN_PATH}/credits`, {
      token: ADMIN_TOKEN,
      body: { amount: "5.00" },
      headers,
    });

  test("of one caller differs from the same key of any other", async () => {
    const user = { email: "bob@example.com", name: "Bob" };
    const other = (await app.admin("POST", `${ADMIN_PATH}/tokens`, user)).token;
    const buy = async (
      as: string,
      e164: string,
    ) => (await app.request("POST", "/v1/phone-numbers", { token: as, body: { e164 }, headers }));
    const first = await buy(token, "+14155550101");
    const second = await buy(other, "+14155550102");
    assert.deepEqual([first.status, second.status], [200, 200]);
    assert.equal((await buy(token, "+14155550101")).json.id, first.json.id);
    assert.equal((await buy(other, "+14155550101")).json.code, "IDEMPOTENCY_KEY_REUSED");
    assert.deepEqual([(await add()).json, (await add()).json], [{ credits: "5.00" }, {
      credits: "5.00",
    }]);
  });

  test("of the operator remains in force when it was used before keys had callers", async () => {
    const amount = { micros: 7_000_000, currency: "USD" } as const;
    await app.ledger.operator.addCredits("acme", { amount }, { commandId: "before" });
    const before = await app.ledger.operator.organization("acme");
    const { status } = await app.request("POST", `${ADMIN_PATH}/credits`, {
      token: ADMIN_TOKEN,
      body: { amount: "7.00" },
      headers: { "idempotency-key": "before" },
    });
    assert.equal(status, 200);
    assert.deepEqual(await app.ledger.operator.organization("acme"), before);
  });

  test("may have 200 characters, whichever caller sends it", async () => {
    const key = { "idempotency-key": "k".repeat(200) };
    const e164 = "+14155550103";
    const body = { e164 };
    const bought = await app.request("POST", "/v1/phone-numbers", { token, body, headers: key });
    assert.equal(bought.status, 200);
  });
});
