/** The mutation run itself: what it chooses, what it notices, and what it says. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ROOT } from "../tidy/command.ts";
import { bundle } from "./bundle.ts";
import { EQUIVALENTS } from "./equivalents.ts";
import { instrument, keyOf, type Mutant } from "./mutants.ts";
import { PARTS, sourcesOf, testsOf } from "./parts.ts";
import { reportOf } from "./report.ts";
import { sample } from "./sample.ts";
import { instrumentSql } from "./sql-mutants.ts";
import { observe, Trial, type Verdict } from "./trial.ts";

const keyed = { keyOf: (item: string) => item };

describe("sample", () => {
  test("is the same for the same seed, in whatever order the items come", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.nat(), fc.nat(50), (items, seed, count) => {
        const chosen = sample(items, { seed, count, ...keyed });
        assert.deepEqual(sample(items.toReversed(), { seed, count, ...keyed }), chosen);
        assert.equal(new Set(chosen).size, Math.min(count, items.length));
        assert.ok(chosen.every((item) => items.includes(item)));
      }),
    );
  });

  test("keeps its order when an item is added, and is another for another seed", () => {
    const items = Array.from({ length: 100 }, (_, index) => `item ${index}`);
    const all = sample(items, { seed: 7, count: 100, ...keyed });
    const more = sample([...items, "new"], { seed: 7, count: 101, ...keyed });
    assert.deepEqual(more.filter((item) => item !== "new"), all);
    assert.notDeepEqual(sample(items, { seed: 8, count: 100, ...keyed }), all);
  });
});

const PLANTED = "tests/mutation/planted/limit.ts";
const PLANTED_TEST = "tests/mutation/planted/limit.test.ts";

/** Tries every mutant of the planted code. */
const tryPlanted = async (): Promise<readonly Verdict[]> => {
  const { texts, mutants } = await instrument(
    new Map([[PLANTED, readFileSync(`${ROOT}${PLANTED}`, "utf8")]]),
  );
  const bundled = await bundle([PLANTED_TEST], texts);
  try {
    const baseline = await observe(bundled, [PLANTED_TEST], 1, () => {});
    const trial = new Trial(bundled, baseline, {
      seed: 1,
      isApart: true,
      isWarm: true,
      isLoadingEnough: true,
    });
    const verdicts: Verdict[] = [];
    for (const mutant of mutants) verdicts.push(await trial.try(mutant));
    await trial.end();
    return verdicts;
  } finally {
    bundled.remove();
  }
};

test("run kills what the tests notice, also at loading and by a loop, and reports the rest", async () => {
  const verdicts = await tryPlanted();
  const killedBy = (original: string, replacement: string): string | null => {
    const found = verdicts.find(({ mutant }) =>
      mutant.original === original && mutant.replacement === replacement
    );
    assert.ok(found !== undefined, `${original} -> ${replacement}`);
    return found.killedBy;
  };
  assert.match(killedBy("count <= most", "count > most") ?? "", /limit > is kept below it/);
  assert.match(killedBy("{ ours: 3 }", "{}") ?? "", /limit > is kept below it/);
  assert.match(killedBy("at++", "at--") ?? "", /Hit count limit reached/);
  const { lines, passes } = reportOf([
    { name: "core", leastKilled: 97, chosen: verdicts.length, verdicts },
  ]);
  assert.equal(passes, false);
  assert.match(
    lines[0] ?? "",
    /^core: \d+ of \d+ mutants killed, \d+\.\d %: FAILED, 97 % must be$/,
  );
  assert.deepEqual(lines.slice(1), [
    `  survived  ${PLANTED}:2  count <= most -> count < most`,
  ]);
});

const MUTANT: Mutant = {
  id: "1",
  file: "core/a.ts",
  line: 3,
  kind: "BlockStatement",
  source: "{ tick(); }",
  original: "{ tick(); }",
  replacement: "",
};

test("report passes at the least share, fails below it, and where no mutant was tried", () => {
  const result = (killed: number, of: number) => ({
    name: "core" as const,
    leastKilled: 90,
    chosen: 10,
    verdicts: Array.from({ length: of }, (_, index) => ({
      mutant: MUTANT,
      killedBy: index < killed ? "a test" : null,
      took_ms: 1,
    })),
  });
  assert.deepEqual(reportOf([result(9, 10)]), {
    lines: [
      "core: 9 of 10 mutants killed, 90.0 %",
      "  survived  core/a.ts:3  { tick(); } -> (nothing)",
    ],
    passes: true,
  });
  assert.equal(reportOf([result(10, 10), result(8, 10)]).passes, false);
  assert.deepEqual(reportOf([result(5, 5)]).lines, [
    "core: 5 of 5 mutants (of 10: the time was over) killed, 100.0 %",
  ]);
  assert.equal(reportOf([result(0, 0)]).passes, false);
  assert.equal(reportOf([]).passes, false);
});

/** Runs instrumented code, with what it looks at. */
const inGlobal = <Value>(stryker: object, run: () => Value): Value => {
  Object.assign(globalThis, { __stryker__: stryker });
  try {
    return run();
  } finally {
    Reflect.deleteProperty(globalThis, "__stryker__");
  }
};

describe("SQL mutants", () => {
  const changesOf = (sql: string): readonly string[] =>
    instrumentSql(new Map([["a.ts", `const a = \`${sql}\`;`]])).mutants
      .map(({ original, replacement }) => `${original} -> ${replacement}`);

  test("drop and turn conditions, orders, limits, locks and conflicts", () => {
    assert.deepEqual(
      changesOf("select a from t where a >= $1 and b = ${two} order by a desc limit 1 for update"),
      [
        "a >= $1 -> true",
        ">= -> >",
        "and -> or",
        "and b = ${two} -> ",
        "= -> <>",
        "order by a desc -> ",
        "desc -> ",
        "limit 1 -> ",
        "for update -> ",
      ],
    );
    assert.deepEqual(
      changesOf("insert into t (a) values (1) on conflict (a) do update set a = excluded.a + 1"),
      ["update set a = excluded.a + 1 -> nothing", "+ -> -"],
    );
    assert.deepEqual(changesOf("delete from t where a between 1 and 2 and c is not null"), [
      "a between 1 and 2 -> true",
      "and -> or",
      "and c is not null -> ",
      "is not null -> is null",
    ]);
    assert.deepEqual(changesOf("The order is not taken, and the limit is reached"), []);
  });

  test("are one text with a switch for each, in which expressions keep theirs", () => {
    const source = 'const a = `select 1 where ${b ? `exists (select 2)` : ""}`;';
    const { texts, mutants } = instrumentSql(new Map([["a.ts", source]]));
    const evaluate = (active: string): unknown =>
      inGlobal(
        { activeMutant: active },
        () => new Function("b", `${texts.get("a.ts")}; return a;`)(true),
      );
    assert.equal(evaluate("none"), "select 1 where exists (select 2)");
    assert.deepEqual(mutants.map(({ id }) => evaluate(id)), [
      "select 1 where true",
      "select 1 where not exists (select 2)",
    ]);
  });

  test("are reached by the tests that send their text, whenever it was made", () => {
    const source = 'const a = `select 1 where ${b ? "exists (select 2)" : ""}`;\n' +
      "const send = (...all) => database.query(...all);\n" +
      'return [() => database.query(a, []), () => send(a, []), () => database.query("select 2", [])];';
    const { texts, mutants } = instrumentSql(new Map([["a.ts", source]]));
    const stryker = { isMarking: true, mutantCoverage: { static: {}, perTest: {} } };
    const [sent, sentAll, other] = inGlobal(
      stryker,
      () => new Function("b", "database", `${texts.get("a.ts")}`)(true, { query: () => {} }),
    );
    const reached = (send: () => void) => {
      Object.assign(stryker, { mutantCoverage: { static: {}, perTest: {} }, currentTestId: "t" });
      inGlobal(stryker, send);
      return stryker.mutantCoverage.perTest;
    };
    const ids = Object.fromEntries(mutants.map(({ id }) => [id, 1]));
    assert.equal(mutants.length, 2);
    assert.deepEqual(reached(sent), { t: ids });
    assert.deepEqual(reached(sentAll), { t: ids });
    assert.deepEqual(reached(other), {});
  });
});

describe("parts", () => {
  for (const [name, part] of Object.entries(PARTS)) {
    test(`${name} has sources, tests, and no equivalent mutant that is none`, async () => {
      const sources = sourcesOf(part);
      assert.ok(sources.size > 5);
      assert.ok(testsOf(part).every((files) => files.length > 2));
      const { mutants } = await part.instrument(sources);
      const keys = new Set(mutants.map(keyOf));
      assert.ok(mutants.length > 300);
      const listed = EQUIVALENTS.filter(({ part: of }) => of === name);
      assert.deepEqual(listed.map(keyOf).filter((key) => !keys.has(key)), []);
    });
  }
});
