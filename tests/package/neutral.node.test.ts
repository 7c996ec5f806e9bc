/**
 * What each entry point needs of a runtime: nothing of Node, except for those that are made for it.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Miniflare } from "miniflare";
import { ROOT } from "../tidy/command.ts";
import { packageOf } from "../tidy/layers.ts";
import { bundle, externalsOf } from "./bundling.ts";
import { denoJson } from "./entry-points.ts";

/** For Node and Deno alone, since they open files, listen, and embed a database. */
const OF_NODE = ["./deno", "./node", "./pglite"];

/** What the others load of a runtime; all others nothing. A test runner's assertions are Node's. */
const LOADED: Readonly<Record<string, readonly string[]>> = {
  "./testing": ["node:assert/strict"],
};

/** The driver of PostgreSQL comes with sockets of workerd's, and asks for these. */
const BY_DRIVER = ["cloudflare:sockets", "node:buffer", "node:events", "node:stream"];
const WITH_DRIVER = ["./postgres", "./workerd"];

const neutral = Object.entries(denoJson().exports).filter(([entryPoint]) =>
  !OF_NODE.includes(entryPoint)
);

describe("bundled for a platform that is not named", () => {
  for (const [entryPoint, source] of neutral) {
    test(`${entryPoint} loads ${LOADED[entryPoint]?.join(", ") ?? "nothing of Node in our code"}`, async () => {
      const result = await bundle({
        entryPoints: [source],
        write: false,
        conditions: ["workerd", "worker", "browser"],
        external: ["node:*", "cloudflare:*"],
      });
      const loaded = externalsOf(result);
      const ours = [...loaded].filter(([, files]) =>
        files.some((file) => !file.startsWith("node_modules/"))
      );
      assert.deepEqual(ours.map(([name]) => name), LOADED[entryPoint] ?? []);
      const others = [...loaded.keys()].filter((name) => !ours.some(([own]) => own === name));
      assert.deepEqual(others.toSorted(), WITH_DRIVER.includes(entryPoint) ? BY_DRIVER : []);
      for (const name of others) {
        for (const file of loaded.get(name) ?? []) {
          assert.equal(packageOf(file.replace("node_modules/", "")), "postgres", file);
        }
      }
    });
  }

  test("what is for Node loads something of it, so that this would be found", async () => {
    const result = await bundle({
      entryPoints: [denoJson().exports["./pglite"] ?? ""],
      write: false,
      packages: "external",
    });
    assert.ok([...externalsOf(result).keys()].includes("node:fs"));
  });
});

/**
 * Opens an organization and buys a number over HTTP, with nothing but what the entry points export.
 */
const STORY = `
  import { openLedger } from "./adapters/package/mod.ts";
  import { createApp } from "./adapters/package/http.ts";
  import { openMemoryLog } from "./adapters/package/memory.ts";
  import { openSandboxCarrier } from "./adapters/package/sandbox.ts";

  const story = async () => {
    const options = { log: openMemoryLog(), carrier: openSandboxCarrier(), runsAutomations: false };
    const ledger = await openLedger(options);
    const adminToken = "admin-secret-of-an-edge-function";
    const app = createApp({ ledger, adminToken });
    const ask = async (method, path, token, body) => {
      const headers = { authorization: "Bearer " + token, "content-type": "application/json" };
      const request = new Request("http://edge" + path, {
        method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const response = await app.fetch(request);
      return { status: response.status, json: await response.json() };
    };
    await ask("PUT", "/admin/organizations/acme", adminToken, { name: "Acme", plan: "Growth" });
    const user = { email: "alice@example.com", name: "Alice" };
    const made = await ask("POST", "/admin/organizations/acme/tokens", adminToken, user);
    const { token } = made.json;
    const filters = { countryCode: "US", numberType: "local" };
    const found = await ask("POST", "/api/phone-numbers/search", token, { filters });
    const [{ phoneNumber }] = found.json.numbers;
    const order = { phoneNumber, teamId: "acme" };
    const purchase = "/api/phone-numbers/purchase";
    const bought = await ask("POST", purchase, token, order);
    const again = await ask("POST", purchase, token, order);
    const stranger = await ask("GET", purchase, "nobody");
    const listed = await ask("GET", purchase + "?teamId=acme", token);
    await ledger.close();
    return [made, found, bought, again, stranger, listed].map(({ status }) => status);
  };
  export default { fetch: async () => Response.json(await story()) };`;

test("the ledger and its HTTP run on workerd without anything of Node", async () => {
  const stdin = { contents: STORY, resolveDir: ROOT };
  const { files: [file] } = await bundle({ stdin, write: false });
  assert.ok(file);
  const options = { modules: true, script: file.text, compatibilityDate: "2024-01-01" } as const;
  const miniflare = new Miniflare(options);
  try {
    const answer = await miniflare.dispatchFetch("http://edge/");
    assert.equal(await answer.text(), "[201,200,200,409,401,200]");
  } finally {
    await miniflare.dispose();
  }
});
