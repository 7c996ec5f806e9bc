/** What `npm pack` makes: only what is used, sound for every reader, and whole. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import process from "node:process";
import { before, describe, test } from "node:test";
import { build } from "esbuild";
import { filesIn, installPackage, packPackage, runIn } from "../support/package.ts";
import { follow, inherited } from "../support/server.ts";
import { startWorker } from "../support/workerd.ts";
import { ROOT } from "../tidy/command.ts";
import { testConsumer } from "./consumer.ts";
import { packageJson, packedDocuments } from "./entry-points.ts";
import { STRICT } from "./strict.ts";
import { eventually } from "../support/eventually.ts";

const MAX_PACKED_BYTES = 2_200_000;
const MAX_UNPACKED_BYTES = 4_000_000;

const EXAMPLES = join(ROOT, "tests/runtimes/examples");
const README = readFileSync(join(ROOT, "adapters/package/README.md"), "utf8");

const SPECIFIER = /(?:\bfrom |\bimport |\bimport\()"(\.[^"]+)"/g;

const decoder = new TextDecoder();

/** Every file that one of these leads to by relative imports, itself included. */
const reachedFrom = (
  files: ReadonlyMap<string, Uint8Array>,
  entries: readonly string[],
  resolve: (path: string) => string,
): ReadonlySet<string> => {
  const reached = new Set<string>();
  const visit = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    const content = files.get(path);
    assert.ok(content, `${path} is imported and not there`);
    for (const [, target = ""] of decoder.decode(content).matchAll(SPECIFIER)) {
      visit(resolve(posix.join(posix.dirname(path), target)));
    }
  };
  entries.forEach(visit);
  return reached;
};

const declarationOf = (path: string): string => path.replace(/\.js$/, ".d.ts");

let tarball = "";
let files: ReadonlyMap<string, Uint8Array> = new Map();

before(async () => {
  tarball = await packPackage();
  files = filesIn(tarball);
});

describe("the tarball", () => {
  test("holds what its entry points lead to, and nothing else", () => {
    const entryPoints = Object.values(packageJson().exports).map((path) => posix.normalize(path));
    const used = new Set([
      "package.json",
      "LICENSE",
      ...packedDocuments(),
      ...reachedFrom(files, [...entryPoints, ...Object.values(packageJson().bin)], (path) => path),
      ...reachedFrom(files, entryPoints.map(declarationOf), declarationOf),
    ]);
    assert.deepEqual([...files.keys()].toSorted(), [...used].toSorted());
    for (const path of files.keys()) assert.match(path, /^[^/]+$|\.(js|d\.ts|md)$/);
  });

  test("is small", () => {
    const unpacked = [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    assert.ok(statSync(tarball).size <= MAX_PACKED_BYTES, `${statSync(tarball).size} bytes`);
    assert.ok(unpacked <= MAX_UNPACKED_BYTES, `${unpacked} bytes`);
  });

  test("names no folder of the machine that built it", () => {
    for (const [path, content] of files) {
      assert.ok(!decoder.decode(content).includes(ROOT), path);
    }
  });

  test("is sound for publint and for every resolution of types that knows ESM", async () => {
    await runIn(ROOT, "publint", ["run", "--strict", tarball]);
    await runIn(ROOT, "attw", ["--profile", "esm-only", tarball]);
  });

  test("opens every entry point where only its dependencies and peers are, and does no more", async () => {
    const project = installPackage(tarball, Object.keys(packageJson().peerDependencies));
    const names = Object.keys(packageJson().exports).map((entryPoint) =>
      posix.join("ledgerline", entryPoint)
    );
    const script = `
      const seen = () => JSON.stringify([Object.getOwnPropertyNames(globalThis), process.eventNames()]);
      const before = seen();
      for (const name of ${JSON.stringify(names)}) {
        const entryPoint = await import(name);
        if (Object.keys(entryPoint).length === 0) throw new Error(name + " exports nothing");
        if (seen() !== before) throw new Error(name + " does more than export: " + seen());
      }`;
    await runIn(project, "node", ["--input-type=module", "--eval", script]);
  });
});

describe("an entry point of the tarball", () => {
  test("asks for Effect's types only where it shows them", () => {
    const asking = Object.entries(packageJson().exports).filter(([, path]) => {
      const entryPoint = declarationOf(posix.normalize(path));
      const texts = [...reachedFrom(files, [entryPoint], declarationOf)].map((name) =>
        files.get(name)
      );
      return texts.some((text) => decoder.decode(text).includes('from "effect/'));
    });
    assert.deepEqual(asking.map(([entryPoint]) => entryPoint), ["./effect", "./testing"]);
  });

  test("gives the domain alone to a bundler for browsers, which have nothing of Node", async () => {
    const { errors } = await build({
      stdin: { contents: 'export * from "ledgerline/core";', resolveDir: installPackage(tarball) },
      bundle: true,
      write: false,
      platform: "browser",
      format: "esm",
      logLevel: "silent",
    });
    assert.deepEqual(errors, []);
  });
});

test("a server is run by its program, without a clone and without building anything", async () => {
  const project = installPackage(tarball);
  const program = join(project, "node_modules/ledgerline", packageJson().bin["ledgerline"] ?? "");
  const server = follow(spawn(process.execPath, [program, "serve"], {
    cwd: project,
    env: { ...inherited(), PORT: "0", DATA_DIR: "memory" },
    stdio: ["ignore", "pipe", "pipe"],
  }));
  try {
    const line = await server.firstLine();
    const [, url] = /^ledgerline listening on (\S+)$/.exec(line) ?? [];
    assert.ok(url !== undefined, `${line}${server.printed().err}`);
    for (const path of ["/readyz", "/docs", "/openapi/speko.json"]) {
      assert.equal((await fetch(new URL(path, url))).status, 200, path);
    }
  } finally {
    await server.kill("SIGTERM");
  }
  assert.equal(server.printed().err, "");
});

test("a project is made, and a number bought in it, by its program alone", () => {
  const project = installPackage(tarball);
  const program = join(project, "node_modules/ledgerline", packageJson().bin["ledgerline"] ?? "");
  const run = (...words: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
      cwd: project,
      encoding: "utf8",
      env: { ...inherited() },
    });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  assert.match(run("--help"), /^ {2}init +Make a folder /m);
  run("init");
  assert.match(run("buy", "+14155550101", "--yes", "--local"), /^STATUS +active$/m);
  assert.match(run("list", "--local"), /\+14155550101/);
  assert.match(run("doctor", "--local"), /^ok +database +data is read and written$/m);
});

test("a worker of it is what wrangler makes of the two files that adapters/runtimes/README.md shows", async () => {
  const project = installPackage(tarball);
  cpSync(join(ROOT, "tests/runtimes/workerd"), project, { recursive: true });
  const worker = await startWorker({ variables: {}, project });
  try {
    assert.equal((await fetch(new URL("/healthz", worker.url))).status, 200);
    assert.equal((await fetch(new URL("/v1/phone-numbers", worker.url))).status, 503);
    // What a worker logs arrives by another channel than its answers.
    const logged = () => Promise.resolve(worker.logged());
    await eventually(logged, (text) => text.includes("DATABASE_URL: must be set"));
  } finally {
    await worker.stop();
  }
});

describe("an example of the package's README, in a project that has the tarball installed", () => {
  const examples = readdirSync(EXAMPLES);
  let project = "";

  before(async () => {
    project = installPackage(tarball, ["@types/node"]);
    for (const name of examples) cpSync(join(EXAMPLES, name), join(project, name));
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify(STRICT));
  });

  test("compiles, and so does every declaration that it leads to", async () => {
    await runIn(project, "tsc", ["-p", "."]);
  });

  test("compiles with nothing else installed, however modules are found", async () => {
    const bare = installPackage(tarball);
    // Effect's declarations would bring with them what ours need of the compiler's libraries.
    const files = examples.filter((name) => !name.startsWith("effect"));
    for (const name of files) cpSync(join(EXAMPLES, name), join(bare, name));
    const { compilerOptions: { lib: _, ...strict } } = STRICT;
    for (const [module, moduleResolution] of [["nodenext", "nodenext"], ["esnext", "bundler"]]) {
      const compilerOptions = { ...strict, types: [], noEmit: true, module, moduleResolution };
      writeFileSync(join(bare, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
      await runIn(bare, "tsc", ["-p", "."]);
    }
  });

  examples.forEach((name) =>
    test(`${name} is what the README shows, and prints it on Node and on Deno`, async () => {
      const text = readFileSync(join(EXAMPLES, name), "utf8");
      const shown = `\`\`\`${name.endsWith(".mts") ? "ts" : "js"}\n${text}\`\`\`\n`;
      const after = README.split(shown)[1];
      assert.ok(after !== undefined, `adapters/package/README.md does not show ${name} as it is`);
      const [, printed] = /```text\n(.*?)```/s.exec(after) ?? [];
      const built = join("built", name.replace(/\.mts$/, ".mjs"));
      assert.equal(await runIn(project, "node", [built]), printed);
      assert.equal(await runIn(project, "deno", ["run", "-A", "--no-lock", name]), printed);
    })
  );
});

testConsumer(() => tarball);

test("deno publish takes the package, without slow types", async () => {
  await runIn(ROOT, "deno", ["publish", "--dry-run", "--allow-dirty"]);
});
