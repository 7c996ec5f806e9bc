import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Asked } from "../../adapters/cli/asked.ts";
import { readCommandLine } from "../../adapters/cli/arguments.ts";
import fc from "fast-check";
import { failed, ok } from "../../core/values/result.ts";
import { VERSION } from "../../http/version.ts";
import { runs } from "../support/runs.ts";

const HASH = "0".repeat(64);

const GOOD: Readonly<Record<string, Asked>> = {
  "serve": { command: "serve" },
  "heads": { command: "heads", isAccepted: false },
  "heads --accept": { command: "heads", isAccepted: true },
  "check": { command: "check", organization: undefined },
  "check acme": { command: "check", organization: "acme" },
  "installation": { command: "installation", isNew: false },
  "installation --new": { command: "installation", isNew: true },
  "export acme": { command: "export", organization: "acme" },
  "verify a.jsonl": { command: "verify", file: "a.jsonl", kept: null },
  [`verify --head 7:${HASH} a.jsonl`]: {
    command: "verify",
    file: "a.jsonl",
    kept: { position: 7, hash: HASH },
  },
  "rebuild": { command: "rebuild", organization: undefined },
  "rebuild acme": { command: "rebuild", organization: "acme" },
  "follow": { command: "follow", organization: undefined, after: 0 },
  "follow acme --after=7": { command: "follow", organization: "acme", after: 7 },
  [`follow acme --after 7:${HASH}`]: {
    command: "follow",
    organization: "acme",
    after: { position: 7, hash: HASH },
  },
  "follow -- -acme": { command: "follow", organization: "-acme", after: 0 },
};

const BAD: Readonly<Record<string, RegExp>> = {
  "": /^Usage: /,
  "constructor": /^Usage: /,
  "export": /^Usage: /,
  "serve here": /^serve has no use for "here"$/,
  "verify": /^Usage: /,
  "follow acme --after -1":
    /^--after must be a position and the hash .*, such as 7:<hash>, .* and not "-1"$/,
  "follow acme --after=": /^--after must be a position and the hash .* and not ""$/,
  "follow acme --after 1.5": /^--after must be a position/,
  "follow acme --after 1000000000000000": /^--after must be a position/,
  "follow acme --after": /^--after needs a value$/,
  "follow --after 1": /^--after needs an organization/,
  "follow acme -a 1": /^follow has no option -a$/,
  "verify a.jsonl --head 7": /^--head must be a position, a colon and a hash of 64 hex digits$/,
  "verify a.jsonl --head": /^--head needs a value$/,
  [`verify a.jsonl --head 0:${HASH}`]: /^--head must be a position, a colon and a hash/,
  "heads --accept=yes": /^--accept has no value$/,
  "check --new": /^check has no option --new$/,
  "heads --after 1": /^heads has no option --after$/,
  "heads acme": /^heads has no use for "acme"$/,
  "rebuild acme initech": /^rebuild has no use for "initech"$/,
  "heads --acept": /^heads has no option --acept; did you mean --accept\?$/,
  "chek": /^Usage: .*"chek" is not a command; did you mean check\?$/s,
  "check --accept acme": /^check has no option --accept$/,
  "verify a.jsonl --head 1 --head 2": /^--head must be given once$/,
  "completions": /^Usage: ledgerline completions /,
  "completions tcsh": /^shell must be "bash" \| "zsh" \| "fish", and not "tcsh"$/,
};

describe("readCommandLine()", () => {
  for (const [line, asked] of Object.entries(GOOD)) {
    test(`takes: ${line}`, () => assert.deepEqual(readCommandLine(line.split(" ")), ok(asked)));
  }

  for (const [line, why] of Object.entries(BAD)) {
    test(`says what is wrong with: ${line}`, () => {
      const asked = readCommandLine(line.split(" ").filter((word) => word !== ""));
      assert.ok(!asked.ok);
      assert.match(asked.error, why);
    });
  }

  test("takes a word behind an option without a value for a word, whatever it looks like", () => {
    assert.deepEqual(
      readCommandLine(["heads", "--accept", "yes"]),
      failed('heads has no use for "yes"'),
    );
  });

  test("reads any words, or says what is wrong with them", () => {
    const known = fc.constantFrom(
      ..."buy list organization open token issue check follow completions init plan set".split(" "),
      ..."--json --yes --limit --limit=3 --url --after --help -h -- - --= -x= 1 yes".split(" "),
    );
    const words = fc.array(
      fc.oneof({ weight: 4, arbitrary: known }, fc.string({ unit: "binary" })),
    );
    fc.assert(
      fc.property(words, (given) => {
        const asked = readCommandLine(given);
        assert.ok(asked.ok || asked.error !== "");
      }),
      { numRuns: runs(5_000) },
    );
  });

  const textOf = (words: readonly string[], hasColors = false): string => {
    const asked = readCommandLine(words, hasColors);
    assert.ok(asked.ok && asked.value.command === "print");
    return asked.value.text;
  };

  test("shows the help of a command, and a version", () => {
    assert.match(textOf(["--help"]), /^ {2}rebuild +Compute the state rows again from the log$/m);
    assert.match(textOf(["rebuild", "--help"]), /^ {2}ledgerline rebuild /m);
    assert.equal(textOf(["--version"]), `ledgerline ${VERSION}`);
  });

  test("colors help only where that is asked for", () => {
    assert.doesNotMatch(textOf(["--help"]), /\x1b/);
    assert.match(textOf(["--help"], true), /\x1b\[1m/);
  });
});
