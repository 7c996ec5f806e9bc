/** Pages of the origins that the operator lists call the APIs with a token, and no others do. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createApp } from "../../adapters/runtimes/library/http.ts";
import { ADMIN_TOKEN, openTestApp, requester } from "../support/app.ts";

const ORIGIN = "https://app.example";
const app = openTestApp();
after(() => app.close());
const token = await app.organization("acme");
const { ledger } = app;

const over = (corsOrigins?: readonly string[]) => {
  const made = createApp({ ledger, adminToken: ADMIN_TOKEN, corsOrigins });
  return requester((asked) => made.fetch(asked));
};
const request = over([ORIGIN, "http://localhost:3000"]);

const preflight = (path: string, origin: string, method = "POST") =>
  request("OPTIONS", path, {
    headers: { origin, "access-control-request-method": method },
  });

const PATHS = ["/v1/phone-numbers", "/api/phone-numbers/purchase", "/ledger/numbers"];

test("a listed origin is allowed, by its name and without cookies, before a token is sent", async () => {
  for (const path of PATHS) {
    for (const origin of [ORIGIN, "http://localhost:3000"]) {
      const { status, headers } = await preflight(path, origin);
      assert.equal(status, 204, path);
      assert.equal(headers.get("access-control-allow-origin"), origin);
      assert.equal(headers.get("access-control-allow-credentials"), null);
      assert.equal(headers.get("vary"), "Origin");
      assert.match(headers.get("access-control-allow-headers") ?? "", /authorization/);
      assert.match(headers.get("access-control-allow-headers") ?? "", /idempotency-key/);
      assert.ok(headers.get("x-request-id"));
    }
  }
});

test("an answer says which origin may read it, also one that refuses", async () => {
  for (const sent of [{ token }, {}]) {
    const { status, headers } = await request("GET", "/v1/phone-numbers", {
      ...sent,
      headers: { origin: ORIGIN },
    });
    assert.equal(status, "token" in sent ? 200 : 401);
    assert.equal(headers.get("access-control-allow-origin"), ORIGIN);
    assert.match(headers.get("access-control-expose-headers") ?? "", /x-request-id/);
    assert.equal(headers.get("vary"), "Origin");
  }
});

test("no other origin is allowed, and nothing is kept for it that was another's", async () => {
  const others = ["https://app.example.evil", "https://APP.example", "http://app.example", "null"];
  for (const origin of [...others, "*", `${ORIGIN},http://localhost:3000`]) {
    const asked = await preflight("/v1/phone-numbers", origin);
    assert.deepEqual(
      [asked.status, asked.headers.get("access-control-allow-origin"), asked.headers.get("vary")],
      [405, null, "Origin"],
      origin,
    );
    const { status, headers } = await request("GET", "/v1/phone-numbers", {
      token,
      headers: { origin },
    });
    assert.deepEqual([status, headers.get("access-control-allow-origin")], [200, null], origin);
    assert.equal(headers.get("vary"), "Origin");
  }
});

test("the operator's calls are for no page of another origin", async () => {
  for (const path of ["/admin/organizations", "/ledger/holders/+14155550101", "/healthz"]) {
    const asked = await preflight(path, ORIGIN, "GET");
    assert.deepEqual([asked.status, asked.headers.get("access-control-allow-origin")], [405, null]);
    const { headers } = await request("GET", path, {
      token: ADMIN_TOKEN,
      headers: { origin: ORIGIN },
    });
    assert.equal(headers.get("access-control-allow-origin"), null, path);
  }
});

test("without a list no page is allowed, and anything but an origin is refused", async () => {
  const { headers } = await over()("GET", "/v1/phone-numbers", {
    token,
    headers: { origin: ORIGIN },
  });
  assert.deepEqual([headers.get("access-control-allow-origin"), headers.get("vary")], [null, null]);
  for (
    const origin of ["*", "app.example", `${ORIGIN}/`, `${ORIGIN}/x`, "null", "ftp://a.example"]
  ) {
    assert.throws(() => over([origin]), { name: "InvalidArgument" }, origin);
  }
});
