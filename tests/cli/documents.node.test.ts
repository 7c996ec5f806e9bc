/** What the documents say of the command line is so. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readCommandLine } from "../../adapters/cli/arguments.ts";
import { asWho } from "../../adapters/cli/calls/mod.ts";
import { ROOT } from "../tidy/command.ts";
import { readTree } from "../tidy/tree.ts";

const README = readFileSync(join(ROOT, "adapters/cli/README.md"), "utf8");

/** The commands behind these words, as the usage lists them. */
const commandsBehind = (...words: readonly string[]): readonly string[] => {
  const asked = readCommandLine(words);
  if (asked.ok) return [];
  const [, commands = ""] = /^Commands: (.*)$/m.exec(asked.error) ?? [];
  return commands === "" ? [words.join(" ")] : commands.split(", ");
};

/** What can be typed behind a command, as its help has it. */
const helpOf = (name: string): readonly string[] => {
  const asked = readCommandLine([name, "--help"]);
  if (!asked.ok || asked.value.command !== "print") return [];
  const [, block = ""] = asked.value.text.split("\nSUBCOMMANDS\n");
  return [...block.matchAll(/^ +([a-z]+) /gm)].map(([, last = ""]) => `${name} ${last}`);
};

const LEAVES = commandsBehind().flatMap((name) => {
  // `work` is a command, and has another one behind it.
  const isCommand = readCommandLine([name]).ok || helpOf(name).length === 0;
  return [...(isCommand ? [name] : []), ...helpOf(name)];
});

const ROWS = [...README.matchAll(/^\| `([a-z ]+)` +\|[^|]*\| *(\w*) *\|$/gm)].map((
  [, name = "", whose = ""],
) => ({ name, whose }));

/** Lines of shells that use the command line, in all documents, without comments. */
const LINES = readTree(ROOT).files.filter(({ path }) => path.endsWith(".md")).flatMap((
  { path, text },
) =>
  [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = ""]) =>
    block.split("\n").flatMap((line) => {
      const [, words] = /^(?:ledgerline|npm run -s ledgerline --) (.*)/.exec(line) ?? [];
      return words === undefined
        ? []
        : [{ path, words: words.split(/ [#>|&]/)[0]?.trim().split(/ +/) ?? [] }];
    })
  )
);

describe("the document of the command line", () => {
  test("has a row for each command, and no other", () => {
    assert.deepEqual(ROWS.map(({ name }) => name).toSorted(), [...LEAVES].toSorted());
  });

  test("says on whose behalf each asks", () => {
    for (const { words } of LINES) {
      const asked = readCommandLine(words);
      if (!asked.ok || asked.value.command !== "call") continue;
      const { call } = asked.value;
      const row = ROWS.find(({ name }) => name === call.name);
      const isForAll = "isAll" in call && call.isAll || "isOperator" in call && call.isOperator ||
        "of" in call && call.of !== null;
      assert.equal(isForAll ? "operator" : row?.whose, asWho(call), call.name);
    }
  });
});

test("each command line in a document is one that is understood", () => {
  assert.ok(LINES.length > 20);
  for (const { path, words } of LINES) {
    const filled = words.map((word) => word.replace("<hash>", "0".repeat(64)));
    const asked = readCommandLine(filled);
    assert.ok(asked.ok, `${path}: ${words.join(" ")}: ${asked.ok ? "" : asked.error}`);
  }
});
