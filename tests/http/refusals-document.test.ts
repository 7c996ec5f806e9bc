/** http/README.md has every refusal, with the status and the code that each dialect answers. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { OF_ANY_CALL, REFUSALS, WEBHOOKS, written } from "./wire-answers.ts";

const DOCUMENT = readFileSync(new URL("../../http/README.md", import.meta.url), "utf8");

const NAMES: Readonly<Record<string, string>> = {
  Talkturo: "talkturo",
  Talkover: "talkover",
  Speko: "speko",
  Ledger: "ledger",
  Operator: "admin",
};

const cellsOf = (line: string): readonly string[] =>
  line.split("|").slice(1, -1).map((cell) => cell.trim());

/** The rows of all tables whose first column has this name: what each has by column. */
const rowsOf = (document: string, first: string): readonly ReadonlyMap<string, string>[] => {
  const tables = document.matchAll(/^\|.*\n\| *-.*\n(?:\|.*\n)*/gm);
  return [...tables].flatMap(([table]) => {
    const [header = "", , ...rows] = table.trimEnd().split("\n");
    const names = cellsOf(header);
    if (names[0] !== first) return [];
    return rows.map((row) => new Map(cellsOf(row).map((cell, at) => [names[at] ?? "?", cell])));
  });
};

/**
 * The answers in a field, which has semicolons between them: `409`, with the code of the row,
 * ``409 `ANOTHER_CODE` `` or `422 without a code`, each with more words or not.
 */
const answersIn = (field: string, code: string): readonly string[] =>
  field === "" ? [] : field.split("; ").map((answer) => {
    const [, status = "?", other, none] = /^(\d{3})(?: `(\w+)`)?( without a code)?/.exec(answer) ??
      [];
    return written(status, none === undefined ? other ?? code : undefined);
  });

const codeIn = (field: string): string => field.replaceAll("`", "");

const refusalsIn = (document: string): readonly string[] =>
  rowsOf(document, "code").flatMap((row) => {
    const [[, first], , ...dialects] = [...row] as [[string, string], ...[string, string][]];
    const code = codeIn(first);
    const answers = dialects.flatMap(([name, field]) =>
      answersIn(field, code).map((answer) => `${code} ${NAMES[name] ?? name} ${answer}`)
    );
    return answers.length === 0 ? [`${code} answered by none`] : answers;
  });

const ofAnyCallIn = (document: string): readonly string[] =>
  rowsOf(document, "answer").map((row) => {
    const own = answersIn(row.get("Talkover") ?? "", "?").map((answer) => `talkover ${answer}`);
    return [codeIn(row.get("answer") ?? ""), ...own].join(", ");
  });

const webhooksIn = (document: string): readonly string[] =>
  [...document.matchAll(/(\d{3}) `(WEBHOOK_\w+)`/g)].map(([, status = "", code]) =>
    written(status, code)
  );

/** What is answered and not documented, and what is documented and not answered, or twice. */
const differences = (answered: readonly string[], documented: readonly string[]) => ({
  undocumented: answered.filter((answer) => !documented.includes(answer)),
  unanswered: documented.filter((answer, at) =>
    !answered.includes(answer) || documented.indexOf(answer) !== at
  ),
});

const NOTHING = { undocumented: [], unanswered: [] };

describe("http/README.md has", () => {
  test("every refusal, as each dialect answers it, and no other", () => {
    assert.deepEqual(differences(REFUSALS, refusalsIn(DOCUMENT)), NOTHING);
  });

  test("every failure that any call can be answered, and no other", () => {
    assert.deepEqual(differences(OF_ANY_CALL, ofAnyCallIn(DOCUMENT)), NOTHING);
  });

  test("every refusal of a webhook, and no other", () => {
    assert.deepEqual(differences(WEBHOOKS, webhooksIn(DOCUMENT)), NOTHING);
  });
});

/** The document without the row that begins so, and with another row in its place. */
const changed = (start: string, put: (row: string) => string): string => {
  const row = DOCUMENT.split("\n").find((line) => line.startsWith(`| ${start} `)) ?? "";
  assert.notEqual(row, "");
  return DOCUMENT.replace(`${row}\n`, () => put(`${row}\n`));
};

describe("what differs is found", () => {
  const QUOTA = ["talkturo", "speko", "ledger"]
    .map((name) => `PURCHASE_QUOTA_REACHED ${name} 403 PURCHASE_QUOTA_REACHED`);
  const inRefusals = (document: string) => differences(refusalsIn(DOCUMENT), refusalsIn(document));

  test("where a refusal has no row", () => {
    const found = inRefusals(changed("`PURCHASE_QUOTA_REACHED`", () => ""));
    assert.deepEqual(found, { undocumented: QUOTA, unanswered: [] });
  });

  test("where a row is of no refusal, or there twice", () => {
    const made = inRefusals(
      changed("`NUMBER_NOT_RENTED`", (row) => row + row.replaceAll("RENTED", "BORROWED")),
    );
    const unanswered = ["NUMBER_NOT_BORROWED ledger 409 NUMBER_NOT_BORROWED"];
    assert.deepEqual(made, { undocumented: [], unanswered });
    const twice = inRefusals(changed("`TOKEN_UNKNOWN`", (row) => row + row));
    assert.deepEqual(twice.unanswered, ["TOKEN_UNKNOWN admin 404 TOKEN_UNKNOWN"]);
    const none = inRefusals(changed("`PLAN_UNKNOWN`", (row) => row.replace("400", "   ")));
    assert.deepEqual(none, {
      undocumented: ["PLAN_UNKNOWN admin 400 PLAN_UNKNOWN"],
      unanswered: ["PLAN_UNKNOWN answered by none"],
    });
  });

  test("where a status, a code or a dialect is another one", () => {
    const ends = (from: string | RegExp, to: string) =>
      inRefusals(changed("`RELEASE_REQUEST_UNKNOWN`", (row) => row.replace(from, to)));
    const answer = "RELEASE_REQUEST_UNKNOWN talkover 404 NOT_FOUND";
    assert.deepEqual(ends("404 `NOT_FOUND`", "410 `NOT_FOUND`"), {
      undocumented: [answer],
      unanswered: ["RELEASE_REQUEST_UNKNOWN talkover 410 NOT_FOUND"],
    });
    assert.deepEqual(ends("404 `NOT_FOUND`", "404"), {
      undocumented: [answer],
      unanswered: ["RELEASE_REQUEST_UNKNOWN talkover 404 RELEASE_REQUEST_UNKNOWN"],
    });
    assert.deepEqual(ends(/404 `NOT_FOUND` *\|/, "| 404 `NOT_FOUND`"), {
      undocumented: [answer],
      unanswered: ["RELEASE_REQUEST_UNKNOWN speko 404 NOT_FOUND"],
    });
  });

  test("among the failures of any call", () => {
    const found = (document: string) => differences(ofAnyCallIn(DOCUMENT), ofAnyCallIn(document));
    const without = changed("417 `EXPECTATION_FAILED`", () => "");
    assert.deepEqual(found(without), {
      undocumented: ["417 EXPECTATION_FAILED"],
      unanswered: [],
    });
    const other = changed("500 `INTERNAL_ERROR`", (row) => row.replace("500 without a code", ""));
    assert.deepEqual(found(other), {
      undocumented: ["500 INTERNAL_ERROR, talkover 500 without a code"],
      unanswered: ["500 INTERNAL_ERROR"],
    });
  });
});
