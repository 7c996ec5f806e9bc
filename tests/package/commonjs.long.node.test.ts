/** The package in CommonJS: bundled into a program, and required by one. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { runIn } from "../support/package.ts";
import { ROOT } from "../tidy/command.ts";
import { bundle, openProject } from "./bundling.ts";
import { denoJson } from "./entry-points.ts";

const PROGRAM = `
  import { openLedger } from "./adapters/package/mod.ts";
  import { openPgliteLog, prepareImage } from "./adapters/package/pglite.ts";
  import { openSandboxCarrier } from "./adapters/package/sandbox.ts";

  const [, , folder, image] = process.argv;
  const open = async () =>
    await openLedger({
      log: await openPgliteLog({ folder, ...(image !== undefined && { image }) }),
      carrier: openSandboxCarrier(),
    });

  const run = async () => {
    const unprepared = await prepareImage().catch(({ message }) => message);
    const ledger = await open();
    await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
    await ledger.close();
    const again = await open();
    const { name } = await again.operator.organization("acme") ?? {};
    await again.close();
    console.log(JSON.stringify({ unprepared, name }));
  };
  run();`;

const bundleProgram = async (external: readonly string[]): Promise<string> => {
  const project = openProject();
  await bundle({
    stdin: { contents: PROGRAM, resolveDir: ROOT },
    platform: "node",
    format: "cjs",
    external: [...external],
    // Its missing location is expected.
    logOverride: { "empty-import-meta": "silent" },
    outfile: join(project, "program.cjs"),
  });
  return project;
};

describe("a CommonJS bundle", () => {
  test("keeps a ledger in PGlite, which stays outside, and says that it has no place for an image", async () => {
    const project = await bundleProgram(["@electric-sql/pglite"]);
    const printed = JSON.parse(await runIn(project, "node", ["program.cjs", "data"]));
    assert.equal(printed.name, "Acme");
    assert.match(printed.unprepared, /^this is a bundle, .* name a path$/);
    assert.ok(readdirSync(join(project, "data")).length > 0);
    const image = join(project, "image.tar.gz");
    const named = JSON.parse(await runIn(project, "node", ["program.cjs", "other", image]));
    assert.equal(named.name, "Acme");
    assert.ok(existsSync(image));
  });

  test("says what to do where PGlite was bundled too, and lost its files", async () => {
    const project = await bundleProgram([]);
    const failed = runIn(project, "node", ["program.cjs", "memory", join(project, "image.tar.gz")]);
    await assert.rejects(failed, /leave the package @electric-sql\/pglite outside of the bundle/);
    const inFolder = runIn(project, "node", ["program.cjs", "data"]);
    await assert.rejects(inFolder, /leave the package @electric-sql\/pglite outside of the bundle/);
  });

  test("requires every entry point, which is loaded before require() returns", async () => {
    const project = openProject();
    await bundle({
      entryPoints: Object.entries(denoJson().exports).map(([entryPoint, source]) => ({
        in: source,
        out: entryPoint.replace(".//", "").replace(/^\.$/, "main"),
      })),
      outdir: join(project, "entry-points"),
      splitting: true,
      packages: "external",
    });
    // As the package's own is.
    writeFileSync(join(project, "entry-points/package.json"), JSON.stringify({ type: "module" }));
    const names = Object.keys(denoJson().exports).map((entryPoint) =>
      `./entry-points/${entryPoint === "." ? "main" : entryPoint.slice(2)}.js`
    );
    const script = `
      for (const name of ${JSON.stringify(names)}) {
        if (Object.keys(require(name)).length === 0) throw new Error(name + " exports nothing");
      }
      console.log("all required");`;
    writeFileSync(join(project, "require.cjs"), script);
    assert.equal(await runIn(project, "node", ["--no-warnings", "require.cjs"]), "all required\n");
  });
});
