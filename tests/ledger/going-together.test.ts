/** Which commands of an organization that wait are decided and appended together. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { EventLog } from "../../core/ports/mod.ts";
import type { Command } from "../../core/registry/commands.ts";
import { money } from "../../core/values/money.ts";
import { openWithNumbers } from "../support/many-numbers.ts";
import { named, openEngine, search } from "./engine-support.ts";

/** Reads all numbers. */
const credits: Command = { type: "AddCredits", amount: money(1_000_000) } as Command;

const namesOf = (count: number): string[] => Array.from({ length: count }, (_, at) => `a${at}`);

describe("commands that wait", () => {
  test("go together, 64 at most", async () => {
    const { together, trace } = await openEngine();
    const names = namesOf(100);
    const { outcomes } = await together(names.map((name) => named(name)));
    assert.deepEqual(new Set(outcomes), new Set(["ok"]));
    assert.deepEqual(trace, ["load", ...names.slice(0, 64), "load", ...names.slice(64)]);
  });

  test("do not go together with one that reads all rows of a kind", async () => {
    const { together, trace } = await openEngine();
    await together([named("a"), named("b"), credits, named("c"), named("d")]);
    assert.deepEqual(trace, ["load", "a", "b", "load", "CreditsAdded", "load", "c", "d"]);
  });

  test("do not go together with one of the same id, which is repeated or refused", async () => {
    const { together, trace } = await openEngine();
    const { outcomes } = await together([
      [named("a"), { id: "c-1" }],
      [named("b"), { id: "c-2" }],
      [named("a"), { id: "c-1" }],
      [named("b"), { id: "c-1" }],
      named("c"),
    ]);
    assert.deepEqual(outcomes, ["ok", "ok", "repeated", "COMMAND_ID_REUSED", "ok"]);
    assert.deepEqual(trace, ["load", "a", "b", "load", "load", "c"]);
  });

  for (const [count, isLarge] of [[32, false], [33, true]] as const) {
    test(`${isLarge ? "do not go" : "go"} together with one of ${count} events`, async () => {
      let memory: EventLog | undefined;
      await openWithNumbers(2 * count, (log) => (memory = log, {}));
      const { together, trace, log } = await openEngine(memory);
      const { rows } = await log.load("acme", { kinds: ["number"] });
      // For those with an assistant there are two events.
      const holdings = rows.filter(({ data }) => Object(data).assistant === null)
        .map(({ key }) => key);
      const large: Command = { type: "AssignNumbers", assistant: "new", holdings };
      const { outcomes } = await together([named("a"), large, named("b"), named("c")]);
      assert.deepEqual(outcomes, ["ok", "ok", "ok", "ok"]);
      const shape = trace.map((name) => name.length > 5 ? "large" : name);
      assert.deepEqual(
        shape,
        isLarge
          ? ["load", "a", "load", "large", "load", "b", "c"]
          : ["load", "a", "large", "b", "c"],
      );
    });
  }

  test("go alone where they have very many rows together", async () => {
    const { together, alone, appends, trace } = await openEngine();
    await alone(search(1_100));
    const { outcomes } = await together([named("a"), search(1_100), named("b")]);
    assert.deepEqual(outcomes, ["ok", "ok", "ok"]);
    assert.deepEqual(trace, ["load", "load", "a", "load", "NumberSearched", "load", "b"]);
    assert.equal(appends.at(-2)?.expected, "any");
  });
});

describe("a search", () => {
  test("is appended at any head where it is alone, and otherwise where others are in a chain", async () => {
    const { alone, together, appends } = await openEngine();
    await alone(search());
    assert.equal(appends.at(-1)?.expected, "any");
    await together([search(), named("a"), search()]);
    assert.deepEqual(appends.map(({ expected }) => expected === "any"), [false, false, false]);
  });

  test("is appended at any head where it is the first of a chain, and others were faster", async () => {
    const { together, other, appends, names } = await openEngine();
    const { outcomes } = await together([search(), named("a"), named("b")], {
      append: async (next, name) => {
        if (name === "NumberSearched" && appends.length <= 3) {
          await other.operator.nameAssistant("acme", { assistant: "o", name: "o" });
        }
        return await next();
      },
    });
    assert.deepEqual(outcomes, ["ok", "ok", "ok"]);
    const isAny = appends.map(({ expected }) => expected === "any");
    assert.deepEqual(isAny, [false, false, false, true, false, false]);
    assert.deepEqual(await names(), ["o", "a", "b"]);
  });
});
