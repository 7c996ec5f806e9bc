/** What the package costs its users: bytes on the wire, and what is loaded with it. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { build, type BuildOptions, type OutputFile } from "esbuild";
import { CHROMIUM, findProgram, NO_CHROMIUM } from "../support/program.ts";
import { ROOT } from "../tidy/command.ts";
import { packageOf } from "../tidy/layers.ts";
import { denoJson } from "./entry-points.ts";
import { story } from "./story.ts";

const CORE_BYTES = 31_562;

/** A Chromium of this machine; null when none is found. */
const browser = findProgram(CHROMIUM, "CHROME_PATH");

const bundle = async (options: BuildOptions): Promise<OutputFile> => {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    logLevel: "silent",
    ...options,
  });
  const [file] = outputFiles ?? [];
  assert.ok(file);
  return file;
};

const storyIn = (where: string): BuildOptions => ({
  stdin: {
    contents: `import { story } from "./tests/package/story.ts"; ${where} = story();`,
    resolveDir: ROOT,
  },
  format: "iife",
});

describe("core", () => {
  test(`takes at most ${CORE_BYTES} bytes, minified and zipped`, async () => {
    const { contents } = await bundle({ entryPoints: ["core/mod.ts"] });
    const { byteLength } = gzipSync(contents, { level: 9 });
    assert.ok(byteLength <= CORE_BYTES, `${byteLength} bytes`);
  });

  test("runs where there is nothing but JavaScript: no timer, no network, no process", async () => {
    const { text } = await bundle(storyIn("globalThis.result"));
    const bare: { result?: string } = {};
    runInContext(text, createContext(bare));
    assert.equal(bare.result, story());
    assert.match(
      story(),
      /^OrganizationOpened PLAN_UNKNOWN SipConnectionInstalled NumberImported NumberAssigned NUMBER_/,
    );
  });

  test("runs in a browser", { skip: browser === null && NO_CHROMIUM }, async (context) => {
    const folder = mkdtempSync(join(tmpdir(), "ledgerline-browser-"));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    const { text } = await bundle(storyIn("document.body.textContent"));
    const page = join(folder, "page.html");
    writeFileSync(page, `<!doctype html><meta charset="utf-8"><body><script>${text}</script>`);
    const flags = ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${folder}/data`];
    const options = { timeout: 600_000 };
    const { stdout } = await promisify(execFile)(
      browser ?? "",
      [...flags, "--dump-dom", `file://${page}`],
      options,
    );
    assert.ok(stdout.includes(`>${story()}<`), stdout);
  });
});

/** What receivers of webhooks bundle, in browsers and edge functions too. */
const WEBHOOKS_BYTES = 3_072;

test(`ledgerline/webhooks takes at most ${WEBHOOKS_BYTES} bytes, minified and zipped`, async () => {
  const { contents } = await bundle({ entryPoints: ["adapters/package/webhooks.ts"] });
  const { byteLength } = gzipSync(contents, { level: 9 });
  assert.ok(byteLength <= WEBHOOKS_BYTES, `${byteLength} bytes`);
});

/** The packages that a module loads when it is imported, and not only once it is called. */
const loadedBy = async (source: string): Promise<readonly string[]> => {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [source],
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "neutral",
    packages: "external",
    outdir: "unused",
  });
  const packages = new Set<string>();
  const visit = (path: string): void => {
    for (const { path: target, kind, external } of metafile.inputs[path]?.imports ?? []) {
      if (kind !== "import-statement") continue;
      if (external === true) packages.add(packageOf(target));
      else visit(target);
    }
  };
  visit(source.replace(/^\.\//, ""));
  return [...packages].toSorted();
};

/** Heavy packages, each with the entry points that load it; no other entry point loads it. */
const HEAVY: Readonly<Record<string, readonly string[]>> = {
  "@electric-sql/pglite": ["./pglite"],
  "@hono/node-server": ["./node"],
  effect: ["./carriers/telnyx", "./effect", "./workerd"],
  "fast-check": ["./testing"],
  hono: ["./http", "./openapi", "./workerd"],
  "libphonenumber-js": [
    "./carriers/telnyx",
    "./effect",
    "./http",
    "./node",
    "./openapi",
    "./testing",
    "./workerd",
  ],
  postgres: ["./postgres", "./workerd"],
};

test("an entry point loads a heavy package only where that is listed", async () => {
  const found = new Map(Object.keys(HEAVY).map((heavy) => [heavy, new Array<string>()]));
  for (const [entryPoint, source] of Object.entries(denoJson().exports)) {
    for (const name of await loadedBy(source)) found.get(name)?.push(entryPoint);
  }
  assert.deepEqual(Object.fromEntries(found), HEAVY);
  assert.deepEqual(await loadedBy("./adapters/package/mod.ts"), ["@noble/hashes", "valibot"]);
});
