/**
 * No regular expression of the sources takes more than linear time, whatever its text. Those that
 * were found to be linear are listed, since that takes half a minute; a new one is checked, and
 * `patterns.long.node.test.ts` checks the list.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { allPatterns, faultOf, patternsIn, sources } from "./patterns.ts";
import LINEAR from "./linear-patterns.json" with { type: "json" };

describe("the regular expressions of the sources", () => {
  test("take linear time: each is on the list of those that do, which has no other", () => {
    assert.ok(allPatterns.size > 40, `only ${allPatterns.size} were found`);
    const listed = new Set(LINEAR);
    const missing = [...allPatterns].filter(([text]) => !listed.has(text)).map(([text, pattern]) =>
      `${pattern.where}: ${text}: ${faultOf(pattern) ?? "is linear, and to be added to the list"}`
    );
    assert.deepEqual(missing, []);
    assert.deepEqual(LINEAR.filter((text) => !allPatterns.has(text)), []);
  });

  test("are literals, except the sandbox's, which are built from its plans", () => {
    // `^\+<digits and \d>$`: has one way to match.
    assert.deepEqual(sources.flatMap(({ made }) => made), [
      "adapters/carrier/sandbox/international.ts",
    ]);
  });
});

describe("the check", () => {
  // The first is what read Accept-Language: 16 KiB of spaces took most of a second.
  const SLOW = [
    String.raw`/^\s*([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*(0|1))?\s*$/i`,
    String.raw`/\s+$/`,
    String.raw`/=+$/`,
    String.raw`/^\/+|\/+$/g`,
    String.raw`/^(\w+\s?)*$/`,
    String.raw`/(a|aa)+b/`,
  ];

  for (const text of SLOW) {
    test(`finds ${text}`, () => {
      const { patterns: [found] } = patternsIn("planted.ts", `export const planted = ${text};`);
      assert.ok(found !== undefined && faultOf(found) !== null);
    });
  }

  test("finds what is built at run time, and valibot's own", () => {
    const made = patternsIn("planted.ts", 'new RegExp(text); RegExp("a"); v.rfcEmail(); v.ipv6();');
    assert.equal(made.made.length, 2);
    assert.equal(made.patterns.length, 2);
  });
});
