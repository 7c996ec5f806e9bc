import assert from "node:assert/strict";
import { test } from "node:test";
import { runnerOf, runSuite, skip, skippable, type Work } from "./runner.ts";

const broken = new Error("broken");
const breaks = (): never => {
  throw broken;
};

test("runSuite() gives each test under the names of its suites, and its error", async () => {
  const results = await runSuite(({ describe, test }) => {
    describe("outer", () => {
      test("passes", () => {});
      describe("inner", () => {
        test("fails later", () => Promise.reject(broken));
      });
    });
    test("fails", breaks);
  });
  assert.deepEqual(results, [
    { name: "outer > passes", error: null },
    { name: "outer > inner > fails later", error: broken },
    { name: "fails", error: broken },
  ]);
});

test("runSuite() runs what is before and after tests once, around them", async () => {
  const done: string[] = [];
  await runSuite(({ describe, test, before, after }) => {
    describe("suite", () => {
      after(() => void done.push("after"));
      before(() => void done.push("before"));
      test("one", () => void done.push("one"));
      describe("inner", () => test("two", () => void done.push("two")));
    });
  });
  assert.deepEqual(done, ["before", "one", "two", "after"]);
});

test("runSuite() fails every test of a suite that cannot begin, and reports an end that fails", async () => {
  const results = await runSuite(({ describe, test, before, after }) => {
    describe("suite", () => {
      before(breaks);
      after(breaks);
      test("one", () => {});
      describe("inner", () => test("two", () => {}));
    });
  });
  assert.deepEqual(results, [
    { name: "suite > one", error: broken },
    { name: "suite > inner > two", error: broken },
    { name: "suite > after", error: broken },
  ]);
});

test("runSuite() fails a test that does not end in time, and continues", async () => {
  const [hangs, passes] = await runSuite(({ test }) => {
    test("hangs", () => new Promise(() => {}));
    test("passes", () => {});
  }, { limitMs: 20 });
  assert.match(String(hangs?.error), /not done after 20 ms/);
  assert.equal(passes?.error, null);
});

test("runSuite() gives the reason of a test that is skipped, and no other ends early", async () => {
  const results = await runSuite(({ test }) => {
    skippable(test)("is skipped", () => skip("it has no carrier"));
    skippable(test)("fails", breaks);
    skippable(test)("passes", () => {});
  });
  assert.deepEqual(results, [
    { name: "is skipped", error: null, skipped: "it has no carrier" },
    { name: "fails", error: broken },
    { name: "passes", error: null },
  ]);
});

test("a skipped test is printed where the runner cannot skip a test that has begun", async (t) => {
  const print = t.mock.method(console, "info", () => {});
  const works: Work[] = [];
  skippable((_name, work) => works.push(work))("cancels", () => skip("it has no `cancel`"));
  await works[0]?.();
  assert.equal(works[0]?.length, 0, "a runner would wait for a callback");
  const [call] = print.mock.calls;
  assert.deepEqual(call?.arguments, ["skipped: cancels: it has no `cancel`"]);
});

test("runnerOf() knows the functions of runners under their usual names", () => {
  const [describe, it, beforeAll, afterAll] = [() => {}, () => {}, () => {}, () => {}];
  const expected = { describe, test: it, before: beforeAll, after: afterAll };
  assert.deepEqual(runnerOf({ describe, it, beforeAll, afterAll }), expected);
  assert.deepEqual(runnerOf({ describe, test: it, before: beforeAll, after: afterAll }), expected);
});
