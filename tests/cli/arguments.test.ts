import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Asked, readCommandLine } from "../../adapters/cli/arguments.ts";
import { ok } from "../../core/values/result.ts";

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
  "rebuild --help": /^rebuild has no option --help$/,
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
});
