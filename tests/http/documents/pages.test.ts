/** What a server says of its own APIs, without a token. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import { createApp } from "../../../http/app.ts";
import { openDocuments } from "../../../http/openapi/mod.ts";
import { SCALAR } from "../../../http/openapi/trying.ts";
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

/** The same with pages in which calls are tried, by this script. */
const SCRIPT = "void 0;";

const readScript = () => Promise.resolve(new Uint8Array(gzipSync(SCRIPT)));

const openTrying = (readScalar = readScript) => {
  const ledger = openIdleLedger(openMemoryLog());
  const documents = openDocuments({ readScalar });
  const app = createApp({ ledger, adminToken: null, documents });
  return (path: string, headers: Readonly<Record<string, string>> = {}) =>
    app.fetch(new Request(`http://localhost${path}`, { headers }));
};

describe("pages in which calls are tried", () => {
  test("are reached from the others, and run scripts of this server alone", async () => {
    const get = openTrying();
    const index = await (await get("/docs")).text();
    for (const name of ["talkturo", "talkover", "speko", "ledger"]) {
      const path = `/docs/${name}/try`;
      assert.ok(linksOf(index).includes(path), path);
      assert.ok(linksOf(await (await get(`/docs/${name}`)).text()).includes(path), path);
      const answer = await get(path);
      const policy = answer.headers.get("content-security-policy") ?? "";
      assert.match(policy, /^default-src 'none'; script-src 'self'; connect-src 'self'; /);
      assert.doesNotMatch(policy, /unsafe-eval|script-src[^;]*unsafe|https?:|\*/);
      const html = await answer.text();
      assert.doesNotMatch(html, /<style| style=| on\w+=|https?:\/\/|<script(?! src="\/docs\/)/);
      for (const link of linksOf(html)) assert.equal((await get(link)).status, 200, link);
    }
    assert.equal((await get("/docs/admin/try")).status, 404);
    assert.equal((await openApp({})("/docs/speko/try")).status, 404);
  });

  test("get their script as the client takes it, to be kept for ever", async () => {
    const get = openTrying();
    for (
      const [accepted, isPacked] of [
        ["gzip", true],
        ["br;q=1.0, GZIP;q=0.5", true],
        ["gzip;q=0", false],
        ["gzip;q=x", false],
        ["identity", false],
        ["xgzip", false],
      ] as const
    ) {
      const answer = await get(SCALAR, { "accept-encoding": accepted });
      assert.equal(answer.headers.get("content-encoding"), isPacked ? "gzip" : null, accepted);
      assert.equal(answer.headers.get("vary"), "accept-encoding");
      assert.match(answer.headers.get("cache-control") ?? "", /immutable/);
      const body = new Uint8Array(await answer.arrayBuffer());
      const text = isPacked ? gunzipSync(body) : body;
      assert.equal(new TextDecoder().decode(text), SCRIPT);
    }
  });
});

test("pages in which calls are tried share a script that is read once, however many ask, and however slowly", async () => {
  const text = "x".repeat(300_000);
  let reads = 0;
  const get = openTrying(() => {
    reads += 1;
    return reads === 1
      ? Promise.reject(new Error("the disk is away"))
      : Promise.resolve(new Uint8Array(gzipSync(text)));
  });
  const ask = (encoding: string) => get(SCALAR, { "accept-encoding": encoding });
  assert.equal((await ask("gzip")).status, 500);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, place) => ask(place % 2 === 0 ? "identity" : "gzip")),
  );
  assert.equal(reads, 2);
  const seen = new Set<ArrayBuffer>();
  const readers = answers.filter((_, place) => place % 2 === 0).map(({ body }) => {
    assert.ok(body !== null);
    return body.getReader();
  });
  for (const reader of readers) {
    const { value } = await reader.read();
    assert.ok(value !== undefined && value.length < text.length);
    seen.add(value.buffer);
  }
  assert.equal(seen.size, 1);
  assert.equal(await (await ask("identity")).text(), text);
  await Promise.all(readers.map((one) => one.cancel()));
});

describe("the page that begins at /", () => {
  test("is for those who prefer HTML to JSON, as `Accept` says (RFC 9110, 12.5.1)", async () => {
    const get = openApp({ adminToken: ADMIN_TOKEN });
    const types: Readonly<Record<string, "html" | "json">> = {
      "": "json",
      "*/*": "json",
      "application/json": "json",
      "text/html": "html",
      "Text/HTML;level=1": "html",
      "text/*": "html",
      "text/html, application/json": "html",
      "application/json, text/html": "html",
      "text/html;q=0.2, */*;q=0.1": "html",
      "application/json;q=0.5, text/html;q=0.9": "html",
      "text/html;q=0": "json",
      "text/html; q=0.0, */*": "json",
      "*/*;q=0": "json",
      "application/json, text/html;q=0.1": "json",
      "text/html;q=0.5, */*": "json",
      "x-text/html, text/html5": "json",
      'a/b;c="text/html"': "json",
    };
    for (const [accept, type] of Object.entries(types)) {
      const sent = (await get("/", accept)).headers.get("content-type") ?? "";
      assert.equal(sent.includes("html") ? "html" : "json", type, accept);
    }
  });
});

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
      // An address within an example is a text, whose quotes are escaped.
      assert.doesNotMatch(html, /<script|<style| style=| on\w+=|(?<!&quot;)https?:\/\//);
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
