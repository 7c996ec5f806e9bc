/** The size of the worker, with all dialects, both carriers and PostgreSQL. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { ROOT } from "../tidy/command.ts";
import { packageOf } from "../tidy/layers.ts";

const MAX_BYTES = 250_000;

const PACKAGE = /node_modules\/((?:@[^/]+\/)?[^/]+)\//;

test(`the worker takes at most ${MAX_BYTES} bytes, minified and zipped`, async () => {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["tests/runtimes/workerd/worker.ts"],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    // As wrangler asks for what packages have for workerd.
    conditions: ["workerd", "worker", "browser"],
    external: ["node:*", "cloudflare:*"],
    logLevel: "silent",
  });
  const inputs = Object.keys(metafile.inputs);
  const packages = new Set(inputs.flatMap((path) => PACKAGE.exec(path)?.[1] ?? []));
  assert.deepEqual([...packages].map(packageOf).toSorted(), [
    "@noble/hashes",
    "effect",
    "hono",
    "libphonenumber-js",
    "postgres",
    "valibot",
  ]);
  assert.ok(inputs.some((path) => path.includes("postgres/cf/")), "it is not made for workerd");
  const bytes = outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents).byteLength, 0);
  assert.ok(bytes > 0 && bytes <= MAX_BYTES, `${bytes} bytes`);
  console.log(`the worker takes ${bytes} bytes, minified and zipped`);
});
