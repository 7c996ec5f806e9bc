/** What is the same for all routes: health, methods, callers, languages, bodies. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_BODY_BYTES } from "../../../http/body.ts";
import { until } from "../../support/eventually.ts";
import type { Client } from "./target.ts";

const problemOf = ({ status, json }: { readonly status: number; readonly json: unknown }) => {
  const { code } = json as { readonly code: string };
  return [status, code];
};

/** A body that is sent in pieces, without saying beforehand how long it is. */
const inPieces = (length: number): RequestInit => {
  let left = length;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (left === 0) return controller.close();
      const piece = Math.min(left, 8_192);
      left -= piece;
      controller.enqueue(new Uint8Array(piece).fill(0x20));
    },
  });
  // Node asks for half duplex with a stream; the types of the web do not know it.
  return { body, duplex: "half" } as RequestInit;
};

export const testFrame = (client: () => Client): void => {
  test("says that it is alive and ready, to any caller", async () => {
    for (const path of ["/healthz", "/readyz"]) {
      const { status, json, headers } = await client().request("GET", path);
      assert.equal(status, 200);
      assert.deepEqual(json, { status: "ok" });
      assert.equal(headers.get("cache-control"), "no-store");
      const head = await client().request("HEAD", path);
      assert.deepEqual([head.status, head.json], [200, null]);
    }
  });

  test("answers what it does not have in the shape of the path's dialect", async () => {
    const { request } = client();
    const error = "Not found";
    const code = "NOT_FOUND";
    const known = { error, code };
    assert.deepEqual((await request("GET", "/api/phone-numbers/x/y")).json, {
      success: false,
      ...known,
    });
    assert.deepEqual((await request("GET", "/v1/phone-numbers/x/y/z")).json, known);
    const nowhere = await request("GET", "/nowhere");
    assert.deepEqual(problemOf(nowhere), [404, code]);
    assert.equal(nowhere.headers.get("content-type"), "application/problem+json");
    const method = await request("PUT", "/healthz");
    assert.deepEqual(problemOf(method), [405, "METHOD_NOT_ALLOWED"]);
    assert.equal(method.headers.get("allow"), "GET, HEAD");
  });

  test("does not accept an unknown caller as a known one", async () => {
    const { request, admin, organization, adminToken } = client();
    const token = await organization("frame-callers");
    for (const bearer of [{}, { token: "x" }, { token: `${token}x` }, { token: adminToken }]) {
      const { status, headers } = await request("GET", "/v1/phone-numbers", bearer);
      assert.equal(status, 401);
      assert.equal(headers.get("www-authenticate"), 'Bearer realm="ledgerline"');
    }
    const asUser = await request("GET", "/admin/organizations/frame-callers", { token });
    assert.equal(asUser.status, 401);
    const user = { email: "bob@example.com", name: "Bob" };
    const issued = await admin("POST", "/admin/organizations/frame-callers/tokens", user);
    const statusNow = async () =>
      (await request("GET", "/v1/phone-numbers", { token: issued.token })).status;
    assert.equal(await statusNow(), 200);
    await admin("DELETE", `/admin/tokens/${issued.id}`);
    assert.equal(await statusNow(), 401);
  });

  test("speaks English, German and Brazilian Portuguese", async () => {
    const token = await client().organization("frame-languages");
    for (
      const [language, message] of [
        ["de-AT, en;q=0.5", /^Telefonnummer nicht gefunden; /],
        ["fr, pt;q=0.9", /^Número de telefone não encontrado; /],
        ["zh", /^Phone number not found; /],
      ] as const
    ) {
      const path = "/api/v1/phone-numbers/pn_nobody/request-release";
      const body = { reason: "No longer needed by the team." };
      const headers = { "accept-language": language };
      const { status, json } = await client().request("POST", path, { token, body, headers });
      assert.equal(status, 404);
      assert.match(json.message, message);
    }
  });
};

export const testScopes = (client: () => Client): void => {
  test("lets a token that only reads change nothing, and tells when it was used", async () => {
    const { request, admin, organization } = client();
    await organization("frame-scopes");
    const tokens = "/admin/organizations/frame-scopes/tokens";
    const user = { email: "bob@example.com", name: "Bob", scope: "read" };
    const { id, token } = await admin("POST", tokens, user);
    const body = { e164: "+13125550199" };
    const refused = await request("POST", "/v1/phone-numbers", { token, body });
    assert.deepEqual(problemOf(refused), [403, "TOKEN_READ_ONLY"]);
    assert.equal((await request("GET", "/v1/phone-numbers", { token })).status, 200);
    // It is noted once the answer was given.
    await until(async () => {
      const list: readonly Readonly<Record<string, unknown>>[] =
        (await admin("GET", tokens)).tokens;
      return typeof list.find((one) => one["id"] === id)?.["lastUsedAt"] === "string";
    });
  });
};

/** To be the last: Node cuts a connection on which a body came that it did not read to its end. */
export const testBodies = (client: () => Client): void => {
  test("reads JSON of 64 KiB, and refuses what is longer, broken or something else", async () => {
    const { request, organization, url } = client();
    const token = await organization("frame-bodies");
    const path = "/v1/phone-numbers";
    const padded = (length: number): string => '{"e164":"nobody"}'.padEnd(length);
    const post = async (body: string, type = "application/json") =>
      problemOf(await request("POST", path, { token, body, headers: { "content-type": type } }));
    assert.deepEqual(await post(padded(MAX_BODY_BYTES)), [400, "VALIDATION_ERROR"]);
    assert.deepEqual(await post(padded(MAX_BODY_BYTES + 1)), [413, "PAYLOAD_TOO_LARGE"]);
    assert.deepEqual(await post('{"e164":'), [400, "VALIDATION_ERROR"]);
    assert.deepEqual(await post("[]"), [400, "VALIDATION_ERROR"]);
    assert.deepEqual(await post('{"e164":"\\u0000"}'), [400, "VALIDATION_ERROR"]);
    assert.deepEqual(await post("e164=x", "text/plain"), [415, "UNSUPPORTED_MEDIA_TYPE"]);
    const answer = await fetch(new URL(path, url), {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...inPieces(2 * MAX_BODY_BYTES),
    });
    assert.equal(answer.status, 413);
    await answer.body?.cancel();
  });
};
