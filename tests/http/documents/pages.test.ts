/** What a server says of its own APIs, without a token. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import { createApp } from "../../../http/app.ts";
import { openDocuments } from "../../../http/openapi/mod.ts";
import { PROBLEMS } from "../../../http/problems.ts";
import { VERSION } from "../../../http/version.ts";
import { ADMIN_TOKEN } from "../../support/app.ts";
import { openIdleLedger } from "../../support/ledger.ts";

const openApp = (options: { readonly adminToken?: string | null; readonly serves?: "public" }) => {
  const ledger = openIdleLedger(openMemoryLog());
  const app = createApp({ ledger, adminToken: null, ...options, documents: openDocuments() });
  return (path: string, accept = "*/*", method = "GET") =>
    app.fetch(new Request(`http://localhost${path}`, { method, headers: { accept } }));
};

/** The links of a page within the server. */
const linksOf = (html: string): readonly string[] =>
  [...html.matchAll(/(?:href|src)="([^"]+)"/g)].flatMap(([, link]) => link ?? []);

describe("a server's own pages", () => {
  test("begin at /: a page for browsers, links for programs", async () => {
    const get = openApp({ adminToken: ADMIN_TOKEN });
    const page = await get("/", "text/html,application/xhtml+xml,*/*;q=0.8");
    assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
    const links = await (await get("/")).json();
    assert.equal(links.version, VERSION);
    const { documents, docs, health } = links;
    for (const link of [...Object.values<string>(documents), docs, health]) {
      assert.equal((await get(link)).status, 200, link);
    }
  });

  test("lead to nothing but each other, run no script, and show nothing from elsewhere", async () => {
    const get = openApp({ adminToken: ADMIN_TOKEN });
    const seen = new Set<string>();
    const left = ["/docs"];
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const answer = await get(path, "text/html");
      assert.equal(answer.status, 200, path);
      assert.match(answer.headers.get("content-security-policy") ?? "", /^default-src 'none'; /);
      if (!(answer.headers.get("content-type") ?? "").startsWith("text/html")) continue;
      const html = await answer.text();
      assert.doesNotMatch(html, /<script|<style| style=| on\w+=|https?:\/\//);
      left.push(...linksOf(html));
    }
    assert.ok(seen.size > 10, `${seen.size}`);
  });

  test("describe every problem where its type says", async () => {
    const html = await (await openApp({})("/docs/problems")).text();
    for (const code of Object.keys(PROBLEMS)) {
      assert.ok(html.includes(`id="${code.toLowerCase().replaceAll("_", "-")}"`), code);
    }
  });

  test("are about the operator's API only where that is served", async () => {
    for (const options of [{}, { adminToken: ADMIN_TOKEN, serves: "public" as const }]) {
      const get = openApp(options);
      assert.equal((await get("/openapi/admin.json")).status, 404);
      assert.equal((await get("/docs/admin")).status, 404);
      assert.doesNotMatch(await (await get("/docs")).text(), /admin/);
    }
  });

  test("are read only, and there where an application was given them", async () => {
    const get = openApp({});
    const refused = await get("/docs", "*/*", "POST");
    assert.deepEqual([refused.status, refused.headers.get("allow")], [405, "GET, HEAD"]);
    const bare = createApp({ ledger: openIdleLedger(openMemoryLog()), adminToken: null });
    assert.equal((await bare.fetch(new Request("http://localhost/docs"))).status, 404);
  });

  test("have the version of the package", () => {
    const { version } = JSON.parse(
      readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
    );
    assert.equal(VERSION, version);
  });
});
