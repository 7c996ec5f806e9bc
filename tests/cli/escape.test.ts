import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { shown, shownJson, shownLines } from "../../adapters/cli/escape.ts";
import { cellOf, openTable, recordLines } from "../../adapters/cli/table.ts";
import { runs } from "../support/runs.ts";

/** What no terminal is to get from elsewhere. */
const OBEYED = /[\p{C}\p{DI}\p{Zl}\p{Zp}]/u;

/** Texts of which many have what a terminal obeys. */
const texts = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom("a", "\x1b", "\n", "\r", "\x9b", "\u202e", "\ud800", "️", "日"),
  }),
);

describe("what is shown of a text from elsewhere", () => {
  test("has nothing that a terminal obeys, or hides", () => {
    assert.equal(shown("\x1b[2Jgone\r\n\u202eevil"), "\\u{1b}[2Jgone\\u{d}\\u{a}\\u{202e}evil");
    fc.assert(
      fc.property(texts, (text) => {
        assert.doesNotMatch(shown(text), OBEYED);
        assert.doesNotMatch(cellOf(text), OBEYED);
        assert.doesNotMatch(shownLines(text).replaceAll("\n", ""), OBEYED);
        for (const line of recordLines([["NAME", text]])) assert.doesNotMatch(line, OBEYED);
      }),
      { numRuns: runs(2_000) },
    );
  });

  test("is the text itself, where that is harmless", () => {
    const harmless = "Zoë’s 日本 – (Acme) \\u{1b}";
    assert.equal(shown(harmless), harmless);
  });

  test("is JSON that means the same", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), texts, (value, text) => {
        const given = [value, text];
        assert.doesNotMatch(shownJson(given), OBEYED);
        assert.deepEqual(JSON.parse(shownJson(given)), JSON.parse(JSON.stringify(given)));
      }),
      { numRuns: runs(2_000) },
    );
    assert.equal(shownJson("\u{1f3f4}\u{e0067}"), '"\u{1f3f4}\\udb40\\udc67"');
    assert.equal(shownJson(undefined), "null");
  });
});

describe("a table", () => {
  const table = () =>
    openTable([
      { title: "ID", of: ({ id }) => id },
      { title: "NAME", of: ({ name }) => name },
    ]);

  test("has the width of its first page, in what a terminal shows", () => {
    const { lines } = table();
    assert.deepEqual(lines([{ id: "日本", name: "a" }, { id: "x", name: "b" }]), [
      "ID    NAME",
      "日本  a",
      "x     b",
    ]);
    assert.deepEqual(lines([{ id: "longer", name: "c" }]), ["longer  c"]);
  });

  test("shows any value, whatever a server answers", () => {
    const rows = [null, 7, "text", [1], {}, { id: { deep: [true] }, name: "" }, {
      id: 0,
      name: false,
    }];
    assert.deepEqual(table().lines(rows).slice(1).map((line) => line.split(/ {2,}/)), [
      ["-", "-"],
      ["7", "7"],
      ["text", "text"],
      ["-", "-"],
      ["-", "-"],
      ['{"deep":[true]}', "-"],
      ["0", "false"],
    ]);
  });

  test("cuts off what is too long to read", () => {
    assert.equal(cellOf("x".repeat(1_000)), `${"x".repeat(200)}…`);
    assert.equal(cellOf("x".repeat(200)), "x".repeat(200));
  });
});
