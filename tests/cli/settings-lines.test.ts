/** The lines of a settings file: each counts, or is named. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseSettings } from "../../adapters/cli/settings-lines.ts";
import { runs } from "../support/runs.ts";

describe("a line of a settings file", () => {
  const read: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "": {},
    "# a note\n\n# another\nPORT=1 # and one\n": { PORT: "1" },
    "PORT = 1\r\nexport A=b\r\n": { PORT: "1", A: "b" },
    "A='b # c'\nB=\nC=d=e": { A: "b # c", B: "", C: "d=e" },
    'PLANS="{\n  no line of its own\n}"\nPORT=1': {
      PLANS: "{\n  no line of its own\n}",
      PORT: "1",
    },
  };
  for (const [text, values] of Object.entries(read)) {
    test(`is read: ${JSON.stringify(text)}`, () => {
      const found = parseSettings(text);
      assert.deepEqual(found.ok && { ...found.value }, values);
    });
  }

  const lost: Readonly<Record<string, string>> = {
    "PORT": "line 1 sets nothing, as NAME=value does",
    "# a note\nPORT\nA=1": "line 2 sets nothing, as NAME=value does",
    "A=1\n=secret": "line 2 sets nothing, as NAME=value does",
    "A='1\n2\n3'\nsecret": "line 4 sets nothing, as NAME=value does",
    'A="1" 2\nB=3': "line 1 cannot be read: see its quotes, and what is above it",
    "A=1\nB: 2": "line 2 sets nothing, as NAME=value does",
  };
  for (const [text, why] of Object.entries(lost)) {
    test(`is refused by its number: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parseSettings(text), { ok: false, error: why });
    });
  }

  test("is never left out without a word", () => {
    const value = fc.constantFrom("", "1", '"a"', "'b", '"c\nd"', "e # f", 'g"h', "`i`", "'");
    const setting = fc.tuple(fc.constantFrom("A", "B", "C", "D", ""), value);
    const lines = fc.uniqueArray(setting, { selector: ([name]) => name });
    fc.assert(
      fc.property(lines, (settings) => {
        const text = settings.map(([name, says]) => `${name}=${says}`).join("\n");
        const found = parseSettings(text);
        if (!found.ok) return assert.match(found.error, /^line \d+ /);
        // What is not set is within the quotes of another one.
        for (const [name] of settings) {
          const isRead = Object.hasOwn(found.value, name) ||
            Object.values(found.value).some((says) => says?.includes(`\n${name}=`));
          assert.ok(isRead, text);
        }
      }),
      { numRuns: runs(1_000) },
    );
  });
});
