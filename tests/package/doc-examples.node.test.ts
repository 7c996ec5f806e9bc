/** Every public call has an example in its doc comment, and all examples compile. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { ROOT, run } from "../tidy/command.ts";
import { readTree } from "../tidy/tree.ts";
import { callsWithout, type Example, examplesIn, functionsWithout } from "./doc-examples.ts";
import { denoJson } from "./entry-points.ts";

const LIMIT_MS = 300_000;

/** What examples may use without declaring it. */
const GIVEN = `
declare global {
  /** An open ledger. */
  const ledger: import("ledgerline").Ledger;
  /** A user of the organization "acme". */
  const alice: import("ledgerline").Caller;
  /** The id of a number that it holds. */
  const id: string;
}
export {};
`;

const SHIPPED = /^(?:core|adapters|http|tests\/harness)\/(?:(?!\.test\.ts$).)*\.ts$/;

const examples = readTree(ROOT).files.map(({ path }) => path)
  .filter((path) => SHIPPED.test(path) && !path.endsWith(".test.ts"))
  .flatMap(examplesIn);

// Within the project, so that imports find its packages.
const folder = mkdtempSync(join(ROOT, "node_modules", ".examples-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const nameOf = ({ path, line }: Example, index: number): string =>
  `${path.replaceAll(/[/.]/g, "_")}_${line}_${index}.ts`;

test("every example in a doc comment compiles", async () => {
  assert.ok(examples.length >= 90, `${examples.length} examples`);
  writeFileSync(join(folder, "given.ts"), GIVEN);
  examples.forEach((example, index) =>
    writeFileSync(join(folder, nameOf(example, index)), `${example.code}\nexport {};\n`)
  );
  const config = {
    extends: join(ROOT, "tsconfig.json"),
    compilerOptions: {
      noEmit: true,
      declaration: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
      rootDir: ROOT,
    },
    include: ["*.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const { ok, output } = await run("tsc", ["-p", folder], { echo: false, limit_ms: LIMIT_MS });
  assert.ok(ok, output);
});

test("every call of a ledger has an example", () => {
  const files = readdirSync(`${ROOT}adapters/ledger/api`).map((name) =>
    `adapters/ledger/api/${name}`
  );
  assert.deepEqual(files.flatMap(callsWithout), []);
});

test("every function that an entry point exports has an example", () => {
  const entryPoints = Object.values(denoJson().exports).map((path) => path.slice(2));
  assert.deepEqual(entryPoints.flatMap(functionsWithout), []);
});
