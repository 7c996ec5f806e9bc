import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";

/** What is loaded with the harness, before anything of it is used. */
const loadedAtOnce = async (): Promise<ReadonlySet<string>> => {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL("./mod.ts", import.meta.url))],
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    packages: "external",
    outdir: "nowhere",
    write: false,
    metafile: true,
  });
  const loaded = new Set<string>();
  const visit = (name: string, outputs: Metafile["outputs"]): void => {
    const output = outputs[name];
    if (loaded.has(name)) return;
    loaded.add(name);
    for (const input of Object.keys(output?.inputs ?? {})) loaded.add(input);
    for (const { path, kind } of output?.imports ?? []) {
      if (kind !== "dynamic-import") visit(path, outputs);
    }
  };
  const entry = Object.entries(metafile.outputs)
    .find(([, { entryPoint }]) => entryPoint?.endsWith("harness/mod.ts"));
  visit(entry?.[0] ?? "", metafile.outputs);
  return loaded;
};

test("the harness loads neither a test runner nor anything heavy before it is used", async () => {
  const loaded = await loadedAtOnce();
  assert.ok(loaded.has("fast-check") && loaded.has("valibot"));
  const heavy = [...loaded].filter((name) =>
    /^(node:test|effect|hono|postgres|@electric-sql)(\/|$)/.test(name) ||
    /^(http|tests\/simulation|adapters\/(ledger|log\/(sql|pglite|postgres)))\//.test(name) &&
      // What a carrier may answer, which needs core and valibot only.
      name !== "adapters/ledger/engine/carrier-results.ts"
  );
  assert.deepEqual(heavy, []);
});
