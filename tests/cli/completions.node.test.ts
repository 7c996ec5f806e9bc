/** Completions are of the commands and options that there are. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { readCommandLine } from "../../adapters/cli/arguments.ts";

const textOf = (...words: readonly string[]): string => {
  const asked = readCommandLine(words);
  assert.ok(asked.ok && asked.value.command === "print");
  return asked.value.text;
};

/** The commands behind these words, as the usage lists them. */
const commandsBehind = (...words: readonly string[]): readonly string[] => {
  const asked = readCommandLine(words);
  assert.ok(!asked.ok);
  const [, commands = ""] = /^Commands: (.*)$/m.exec(asked.error) ?? [];
  return commands.split(", ");
};

/** The options of a command, as its help lists them; the global ones too. */
const optionsOf = (...words: readonly string[]): readonly string[] =>
  [...textOf(...words, "--help").matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, name = ""]) => name);

const PARENTS = ["organization", "token", "plan"];

const LEAVES = [
  ...commandsBehind().filter((name) => !PARENTS.includes(name)).map((name) => [name]),
  ...PARENTS.flatMap((parent) => commandsBehind(parent).map((name) => [parent, name])),
];

/** What bash offers behind these words. */
const offeredByBash = (...words: readonly string[]): readonly string[] => {
  const line = ["ledgerline", ...words].join(" ");
  const program = `
${textOf("completions", "bash")}
COMP_WORDS=(ledgerline ${words.map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length} COMP_LINE='${line}' COMP_POINT=${line.length}
function_name=$(complete -p ledgerline | sed 's/.*-F \\([^ ]*\\).*/\\1/')
"$function_name" ledgerline '${words.at(-1)}' '${words.at(-2) ?? "ledgerline"}'
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = spawnSync("bash", ["--norc", "-c", program], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return stdout.split("\n").map((text) => text.trim()).filter((text) => text !== "");
};

/** Why a shell is not tried; false where it is there. */
const lacks = (shell: string): string | false =>
  spawnSync(shell, ["-c", "exit 0"]).status === 0 ? false : `there is no ${shell} here`;

describe("completions", () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    test(`for ${shell} have every command and option`, () => {
      const script = textOf("completions", shell);
      for (const name of commandsBehind()) assert.ok(script.includes(name), name);
      for (const words of LEAVES) {
        for (const option of optionsOf(...words)) {
          if (["--help", "--version"].includes(option)) continue;
          assert.ok(script.includes(option.slice(2)), `${words.join(" ")} ${option}`);
        }
      }
      assert.ok(!script.includes("--completions"));
    });

    test(`for ${shell} are a script that it reads`, { skip: lacks(shell) }, () => {
      const input = textOf("completions", shell);
      const { status, stderr } = spawnSync(shell, ["-n"], { input, encoding: "utf8" });
      assert.deepEqual([status, stderr], [0, ""]);
    });
  }

  test("are offered by bash as far as a line is typed", { skip: lacks("bash") }, () => {
    assert.deepEqual(offeredByBash("").toSorted(), commandsBehind().toSorted());
    assert.deepEqual(offeredByBash("organization", "").toSorted(), [
      "close",
      "credit",
      "list",
      "open",
      "show",
    ]);
    assert.deepEqual(offeredByBash("reb"), ["rebuild"]);
    assert.deepEqual(offeredByBash("search", "--area"), ["--area-code"]);
    assert.deepEqual(offeredByBash("list", "--status", "s"), ["suspended"]);
  });
});
