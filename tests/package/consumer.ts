/**
 * A consumer's project, which has the tarball installed and tests its own code with
 * `ledgerline/testing`: on Node, on Deno, and with a test runner of another sort. Part of
 * `tarball.long.node.test.ts`, since it takes long to make a tarball.
 */
import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { installPackage, runIn } from "../support/package.ts";
import { ROOT } from "../tidy/command.ts";
import { STRICT } from "./strict.ts";

const SOURCES = join(ROOT, "tests/runtimes/consumer");
const README = readFileSync(join(ROOT, "tests/harness/README.md"), "utf8");
/** What the kit's README shows, whole. */
const SHOWN = ["domain.mjs", "contracts.mjs", "model.mjs", "faults.mjs"];

/** Tests the project, with the tarball that is there by then. */
export const testConsumer = (tarball: () => string): void => {
  describe("a project that tests with the tarball", () => {
    let project = "";

    before(() => {
      project = installPackage(tarball(), ["fast-check", "@types/node"]);
      for (const name of readdirSync(SOURCES)) cpSync(join(SOURCES, name), join(project, name));
      // Its compiler knows Node, and not Deno's own tests.
      const config = { ...STRICT, exclude: ["deno.mjs", "node_modules", "built"] };
      writeFileSync(join(project, "tsconfig.json"), JSON.stringify(config));
    });

    test("compiles, and so does every declaration that it leads to", async () => {
      await runIn(project, "tsc", ["-p", ".", "--noEmit"]);
    });

    SHOWN.forEach((name) =>
      test(`passes ${name}, which the kit's README shows, on Node and on Deno`, async () => {
        const text = readFileSync(join(SOURCES, name), "utf8");
        assert.ok(
          README.includes(`\`\`\`js\n${text}\`\`\`\n`),
          `tests/harness/README.md does not show ${name}`,
        );
        await runIn(project, "node", ["--test", name]);
        await runIn(project, "deno", ["test", "-A", "--no-lock", "--no-check", name]);
      })
    );

    test("passes with a runner that has other names for its functions", async () => {
      const printed = (await runIn(project, "node", ["other-runner.mjs"])).trimEnd().split("\n");
      assert.equal(printed.pop(), "all passed");
      // What the project's adapters leave out, since this runner has no way to skip a test.
      for (const line of printed) assert.match(line, /^skipped: .+: the (?:log|subject) has no /);
    });

    test("passes with Deno's own tests", async () => {
      const printed = await runIn(project, "deno", ["test", "-A", "--no-lock", "deno.mjs"]);
      assert.match(printed, /[1-9]\d* passed \| 0 failed|passed \(\d+ steps?\) \| 0 failed/);
    });
  });
};
