/** The pages in which calls are tried, in a browser: a number is bought as a reader would. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { promisify } from "node:util";
import { listenerOf } from "../../../adapters/package/node.ts";
import { createApp } from "../../../adapters/runtimes/library/http.ts";
import { findScalar } from "../../../adapters/runtimes/server/scalar.ts";
import { openDocuments } from "../../../http/openapi/mod.ts";
import { openTestApp } from "../../support/app.ts";
import { CHROMIUM, findProgram, NO_CHROMIUM } from "../../support/program.ts";

const browser = findProgram(CHROMIUM, "CHROME_PATH");

/** Gives the page the token, opens the call and sends it, with the body that is there. */
const reader = (token: string): string => `
const found = async (what, find) => {
  for (let turn = 0; turn < 1_000; turn += 1) {
    const one = await find();
    if (one) return one;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("there is no " + what);
};
const button = (text) => () =>
  [...document.querySelectorAll("button")].find(({ textContent }) => textContent.includes(text));
const act = async () => {
  const input = await found("token", () => document.querySelector('input[placeholder="Token"]'));
  input.focus();
  const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
  set.call(input, ${JSON.stringify(token)});
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.blur();
  (await found("call", button("(post /ledger/numbers)"))).click();
  (await found("send", button("Send"))).click();
  await found("answer", () => fetch("/sent").then(({ ok }) => ok));
};
act().then(() => { document.title = "done"; }, ({ message }) => { document.title = message; });
`;

/** A server whose page has that reader beside it; `asked` is what was asked of it. */
const serve = async (context: TestContext) => {
  const app = openTestApp();
  const token = await app.organization("team_1");
  const documents = openDocuments({ readScalar: await findScalar() });
  const { fetch } = createApp({ ledger: app.ledger, adminToken: null, documents });
  const asked: string[] = [];
  const answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const type = { "content-type": "text/javascript; charset=utf-8" };
    if (pathname === "/reader.js") return new Response(reader(token), { headers: type });
    const sent = "POST /ledger/numbers 201";
    if (pathname === "/sent") {
      return new Response(null, { status: asked.includes(sent) ? 200 : 404 });
    }
    const response = await fetch(request);
    asked.push(`${request.method} ${pathname} ${response.status}`);
    if (!pathname.endsWith("/try")) return response;
    const html = (await response.text()).replace("</body>", '<script src="/reader.js"></script>');
    return new Response(html, { headers: response.headers });
  };
  const server = createServer(listenerOf({ fetch: answer }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(async () => {
    server.closeAllConnections();
    server.close();
    await app.close();
  });
  return { app, token, asked, port: (server.address() as AddressInfo).port };
};

test("a reader buys a number, and the page loads and runs nothing but the server's own", {
  skip: browser === null && NO_CHROMIUM,
}, async (context) => {
  const { app, token, asked, port } = await serve(context);
  const folder = mkdtempSync(join(tmpdir(), "ledgerline-browser-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${folder}`];
  const shown = ["--enable-logging=stderr", "--virtual-time-budget=120000", "--dump-dom"];
  const { stdout, stderr } = await promisify(execFile)(
    browser ?? "",
    [...flags, ...shown, "--window-size=1300,1200", `http://127.0.0.1:${port}/docs/ledger/try`],
    { timeout: 600_000, maxBuffer: 64 * 1_024 * 1_024 },
  );
  assert.match(stdout, /<title>done</, `${/<title>[^<]*/.exec(stdout)?.[0]}\n${asked.join("\n")}`);
  assert.doesNotMatch(stderr, /Content Security Policy|Refused to/);
  const { json } = await app.request("GET", "/ledger/numbers", { token });
  assert.deepEqual(json.numbers.map(({ e164 }: { e164: string }) => e164), ["+14155550101"]);
});
