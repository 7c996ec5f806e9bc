/** The command line as a process: its statuses, its output, and what stops it. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { after, describe, test } from "node:test";
import { build } from "esbuild";
import { hasColors } from "../../adapters/cli/output.ts";
import { bundleOf } from "../support/bundle.ts";
import { follow, inherited, newFolder, removeServers, startServer } from "../support/server.ts";
import { shortFlags } from "../support/v8.ts";
import { listening } from "./listening.ts";

after(removeServers);

type Environment = Readonly<Record<string, string>>;

const command = (): readonly string[] => [...shortFlags(), bundleOf("adapters/cli/main.ts")];

const ledgerline = (words: readonly string[], environment: Environment = {}) =>
  spawnSync(process.execPath, [...command(), ...words], {
    encoding: "utf8",
    env: { ...inherited(), ...environment },
  });

const start = (words: readonly string[], environment: Environment) =>
  spawn(process.execPath, [...command(), ...words], { env: { ...inherited(), ...environment } });

/** A server that never answers, or answers pages without end; `asked` is its first request. */
const openServer = async (isHanging: boolean) => {
  let [pages, onAsked] = [0, (): void => {}];
  const asked = new Promise<void>((resolve) => void (onAsked = resolve));
  const { url, close } = await listening((_, response) => {
    onAsked();
    if (isHanging) return;
    pages += 1;
    const numbers = Array.from({ length: 100 }, (_, index) => ({ id: `${pages}.${index}` }));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ numbers, next: String(pages) }));
  });
  after(close);
  const environment = { LEDGERLINE_URL: url, LEDGERLINE_TOKEN: "tk_1.x" };
  return { environment, asked };
};

describe("the program", { timeout: 600_000 }, () => {
  test("ends with 2 for what it does not understand, and says it on standard error", () => {
    for (const words of [[], ["chek"], ["list", "--limit", "0"], ["token"], ["buy"]]) {
      const { status, stdout, stderr } = ledgerline(words);
      assert.deepEqual([status, stdout], [2, ""], words.join(" "));
      assert.ok(stderr.length > 20);
    }
    assert.equal(
      ledgerline(["list", "--limit", "0"]).stderr,
      '--limit must be a whole number above zero, and not "0"\n',
    );
  });

  test("ends with 0 for help, which is on standard output and has no colors there", () => {
    for (const words of [["--help"], ["buy", "--help"], ["--version"], ["completions", "zsh"]]) {
      const { status, stdout, stderr } = ledgerline(words, { FORCE_COLOR: "1" });
      assert.deepEqual([status, stderr], [0, ""], words.join(" "));
      assert.doesNotMatch(stdout, /\x1b/);
    }
  });

  test("ends with 3 while a server has the folder, and says how to ask that server", async () => {
    const folder = newFolder();
    const server = await startServer({ folder });
    const { status, stderr } = ledgerline(["organization", "list"], { DATA_DIR: folder });
    assert.equal(status, 3);
    assert.match(stderr, /^ledgerline: the data folder \S+ is in use by process \d+ .*--url http:/);
    await server.kill("SIGTERM");
    const later = ledgerline(["organization", "list", "--json"], { DATA_DIR: folder });
    assert.deepEqual([later.status, later.stdout], [0, ""], later.stderr);
  });

  test("ends with 3 where a database does not answer, and with 2 where it has no ledger", async () => {
    const nowhere = { DATABASE_URL: "postgres://nobody@127.0.0.1:9/nothing?connect_timeout=5" };
    const { status, stderr } = ledgerline(["plan", "list"], nowhere);
    assert.equal(status, 3, stderr);
    assert.match(stderr, /^ledgerline: /);
    const empty = ledgerline(["plan", "list"], { DATA_DIR: newFolder() });
    assert.equal(empty.status, 2);
    assert.match(empty.stderr, /^ledgerline: DATA_DIR: there is no ledger in /);
  });

  test("ends with 130 by Ctrl-C in the middle of a purchase, and names its key", async () => {
    const { environment, asked } = await openServer(true);
    const child = follow(start(["buy", "+14155550101", "--yes"], environment));
    await asked;
    assert.deepEqual(await child.kill("SIGINT"), { code: 130, signal: null });
    assert.match(child.printed().err, /^ledgerline: stopped\nWhether it was bought .* --key /);
    assert.equal(child.printed().out, "");
  });

  test("ends with 130 by Ctrl-C in the middle of a list that has no end", async () => {
    const { environment } = await openServer(false);
    const child = follow(start(["list"], environment));
    assert.match(await child.firstLine(), /^ID +NUMBER /);
    assert.deepEqual(await child.kill("SIGINT"), { code: 130, signal: null });
    assert.equal(child.printed().err, "ledgerline: stopped\n");
  });

  test("ends quietly when who reads its output has seen enough", async () => {
    const { environment } = await openServer(false);
    const child = start(["list", "--json"], environment);
    let err = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => err += part);
    await once(child.stdout, "data");
    child.stdout.destroy();
    const [code] = await once(child, "close");
    assert.deepEqual([code, err], [0, ""]);
  });
});

test("colors are for terminals, unless NO_COLOR says otherwise", () => {
  const terminal = { isTTY: true };
  assert.equal(hasColors(terminal, {}), true);
  assert.equal(hasColors(terminal, { NO_COLOR: "" }), true);
  assert.equal(hasColors(terminal, { NO_COLOR: "1" }), false);
  assert.equal(hasColors(terminal, { TERM: "dumb" }), false);
  assert.equal(hasColors({}, {}), false);
});

test("help and completions load neither a database nor a server", async () => {
  const { metafile } = await build({
    entryPoints: ["adapters/cli/main.ts"],
    bundle: true,
    splitting: true,
    packages: "external",
    format: "esm",
    platform: "node",
    outdir: "dist/none",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const { outputs } = metafile;
  const [entry = ""] = Object.keys(outputs).filter((path) =>
    outputs[path]?.entryPoint === "adapters/cli/main.ts"
  );
  const reached = new Set<string>();
  const visit = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    const imports = outputs[path]?.imports ?? [];
    for (const { kind, path: next } of imports) if (kind === "import-statement") visit(next);
  };
  visit(entry);
  const sources = [...reached].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
  assert.ok(sources.includes("adapters/cli/arguments.ts"));
  const heavy = /^(?:adapters\/(?:ledger|log|carrier|runtimes\/node)|http\/(?:app|[a-z]+\/))/;
  assert.deepEqual(sources.filter((path) => heavy.test(path)), []);
  const packages = [...reached].filter((path) => outputs[path] === undefined);
  assert.deepEqual(packages.filter((path) => /pglite|hono|postgres|libphonenumber/.test(path)), []);
});
