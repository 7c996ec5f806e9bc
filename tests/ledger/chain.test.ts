/** What becomes of the commands of an organization that are appended as a chain. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as Exit from "effect/Exit";
import type { Carried } from "../../adapters/ledger/engine/command.ts";
import type { State } from "../../core/log/state.ts";
import type { E164 } from "../../core/values/e164.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { assistants } from "../../core/organization/state.ts";
import { Unavailable } from "../../core/log/unavailable.ts";
import type { Command } from "../../core/registry/commands.ts";
import { gate } from "../support/gate.ts";
import { named, openEngine, search } from "./engine-support.ts";

/** Cannot be written. */
const unwritable = named("bad", 1 as unknown as string);

/** Does this when it is decided. */
const deciding = (assistant: string, perform: () => void): Command => ({
  type: "NameAssistant",
  assistant,
  get name() {
    perform();
    return assistant;
  },
});

/** Cannot be decided. */
const undecidable = deciding("bad", () => {
  throw new Error("undecidable");
});

const ROW_OF_A = { kind: assistants.kind, key: "a" };

describe("a command that waits", () => {
  test("is decided on what it needs by then", async () => {
    const { together, trace, passHour } = await openEngine();
    const { outcomes } = await together([deciding("a", passHour), search(), named("b")]);
    assert.deepEqual(outcomes, ["ok", "ok", "ok"]);
    assert.deepEqual(trace, ["load", "a", "load", "NumberSearched", "b"]);
  });

  test("is told that the log is busy where what it needs is another thing each time", async () => {
    const { alone, passHour, trace } = await openEngine();
    const load = async <Value>(next: () => Promise<Value>) => (passHour(), await next());
    const exit = await alone(search(), { load });
    assert.ok(Exit.isFailure(exit));
    assert.match(String(exit), /busy/);
    assert.equal(trace.length, 30);
  });

  test("is told so where others are always faster, and those behind it go on", async () => {
    const { together, other, names } = await openEngine();
    let others = 0;
    const { outcomes } = await together([named("a"), named("b"), named("c")], {
      append: async (next, name) => {
        if (name === "b") {
          const assistant = `o${others++}`;
          await other.operator.nameAssistant("acme", { assistant, name: assistant });
        }
        return await next();
      },
    });
    assert.deepEqual(outcomes, ["ok", "The log of acme is too busy; nothing was changed.", "ok"]);
    assert.equal(others, 30);
    assert.deepEqual((await names()).filter((name) => !name.startsWith("o")), ["a", "c"]);
  });

  test("comes before what was given later, where it is decided again", async () => {
    const { together, other, names, give } = await openEngine();
    let later: Promise<unknown> | null = null;
    await together([..."abcde"].map((name) => named(name)), {
      append: async (next, name) => {
        if (name === "c" && later === null) {
          later = give(named("f"));
          await other.operator.nameAssistant("acme", { assistant: "o", name: "o" });
        }
        return await next();
      },
    });
    await later;
    assert.deepEqual(await names(), ["a", "b", "o", "c", "d", "e", "f"]);
  });

  test("has its result as soon as it is appended, though one behind it is not", async () => {
    const { together } = await openEngine();
    const { opened, open } = gate();
    const { outcomes } = await together([named("a"), named("b")], {
      told: (place) => place === 0 ? open() : undefined,
      append: async (next, name) => {
        if (name === "b") await opened;
        return await next();
      },
    });
    assert.deepEqual(outcomes, ["ok", "ok"]);
  });
});

describe("a command at which a chain breaks", () => {
  test("is decided again before those behind it, also where these were not decided yet", async () => {
    const { together, other, names } = await openEngine();
    const all = [named("a"), named("b"), undecidable, named("c"), named("d")];
    let isOver = false;
    await together(all, {
      append: async (next, name) => {
        if (name === "b" && !isOver) {
          isOver = true;
          await other.operator.nameAssistant("acme", { assistant: "o", name: "o" });
        }
        return await next();
      },
    });
    assert.deepEqual(await names(), ["a", "o", "b", "c", "d"]);
  });

  for (const [what, bad] of [["decided", undecidable], ["written", unwritable]] as const) {
    test(`ends with its error where it cannot be ${what}, and the others go on`, async () => {
      const { together, names, log } = await openEngine();
      const { outcomes } = await together([named("a"), bad, named("b"), named("c")]);
      const [a, error, ...others] = outcomes;
      assert.deepEqual([a, ...others], ["ok", "ok", "ok"]);
      assert.match(String(error), /undecidable|schema/);
      assert.deepEqual(await names(), ["a", "b", "c"]);
      const row = { kind: assistants.kind, key: "bad" };
      assert.deepEqual((await log.load("acme", { rows: [row] })).rows, []);
    });
  }

  test("ends with the error that only its reading has, and the others go on", async () => {
    const { together, names } = await openEngine();
    const { outcomes } = await together([named("a"), named("bad"), named("b")], {
      load: async (next, { rows = [] }) => {
        if (rows.some(({ key }) => key === "bad")) throw new Error("unreadable");
        return await next();
      },
    });
    assert.deepEqual(outcomes, ["ok", "unreadable", "ok"]);
    assert.deepEqual(await names(), ["a", "b"]);
  });

  test("ends with the others where the log is away, which is asked once", async () => {
    const { together, trace } = await openEngine();
    const { outcomes } = await together([named("a"), named("b"), named("c")], {
      load: () => Promise.reject(new Unavailable("it is away")),
    });
    assert.deepEqual(outcomes, ["it is away", "it is away", "it is away"]);
    assert.deepEqual(trace, ["load"]);
  });

  test("ends with an error where the log gives an outcome that there is not", async () => {
    const { together } = await openEngine();
    const { outcomes } = await together([named("a"), named("b")], {
      append: async (next, name) =>
        name === "b" ? { ...await next(), outcome: "x" } as never : next(),
    });
    assert.equal(outcomes[0], "ok");
    assert.notEqual(outcomes[1], "ok");
  });
});

test("a command whose answer is lost is known to be there once the next of its chain is", async () => {
  const { together, give, trace } = await openEngine();
  await give(named("c"));
  const { outcomes } = await together([named("a"), named("b"), named("c")], {
    append: async (next, name) => {
      const outcome = await next();
      if (name === "a") throw new Unavailable("its answer is lost");
      return outcome;
    },
  });
  assert.deepEqual(outcomes, ["its answer is lost", "ok", "ok"]);
  assert.deepEqual(trace, ["load", "a", "b"]);
});

test("a claim that a command meets is read before it is decided again", async () => {
  const { together } = await openEngine();
  const claim = { key: "import:+14155550101", organization: "rival", holder: "pn_1" } as const;
  const asked: boolean[] = [];
  let isMet = false;
  const { outcomes } = await together([named("a"), named("b")], {
    load: (next, { claims = [] }) => (asked.push(claims.includes(claim.key)), next()),
    append: async (next, name) => {
      if (name !== "b" || isMet) return await next();
      isMet = true;
      return { outcome: "claimed", claim };
    },
  });
  assert.deepEqual(outcomes, ["ok", "ok"]);
  assert.deepEqual(asked, [false, true]);
});

describe("the id of a command", () => {
  test("is looked up after the state was read: what that shows of it is not another's", async () => {
    const { together, log, give, outcomeOf } = await openEngine();
    const rival = await openEngine(log);
    let isGiven = false;
    const mine: Command = named("a", "mine");
    const { outcomes } = await together([[mine, { id: "c-1" }], named("b")], {
      load: async (next) => {
        const snapshot = await next();
        if (!isGiven) {
          isGiven = true;
          assert.equal(outcomeOf(await rival.give(mine, { id: "c-1" })), "ok");
        }
        return snapshot;
      },
    });
    assert.deepEqual(outcomes, ["repeated", "ok"]);
    assert.equal(outcomeOf(await give(mine, { id: "c-1" })), "repeated");
  });
});

describe("what others of a chain ask for", () => {
  const via = { sipConnection: "sip_1" };
  const routing = { direction: "both", label: null, template: null } as const;
  const line = { scope: "all", via, sipProviderName: null, routing, assistant: null } as const;

  test("is nothing that an import of another number is decided on", async () => {
    const { together, give, other } = await openEngine();
    assert.ok((await other.operator.open("rival", { name: "Rival", plan: "Scale" })).ok);
    const rival = { organization: "rival", actor: OPERATOR };
    assert.ok((await other.purchase(rival, { e164: "+14155550101" })).ok);
    const connection = { installation: "sip_1", providerName: "Twilio", trunk: "trunk_1" };
    await give({ type: "InstallSipConnection", ...connection, ready: true });
    const imports = (holding: string, e164: E164): Command => ({
      type: "ImportNumber",
      holding,
      e164,
      ...line,
    });
    const { outcomes } = await together([
      imports("pn_1", "+14155550101"),
      imports("pn_2", "+14155550102"),
      imports("pn_3", "+14155550103"),
      imports("pn_4", "+14155550102"),
    ]);
    assert.deepEqual(outcomes, ["NUMBER_ALREADY_OWNED", "ok", "ok", "NUMBER_ALREADY_YOURS"]);
    const again = await together([
      { type: "RemoveImport", holding: "pn_2" },
      imports("pn_5", "+14155550102"),
    ]);
    assert.deepEqual(again.outcomes, ["ok", "ok"]);
  });
});

describe("the state that a command leaves", () => {
  const nameIn = (exit: Exit.Exit<{ readonly state: State }, unknown> | undefined) =>
    exit !== undefined && Exit.isSuccess(exit) ? exit.value.state.get(assistants, "a")?.name : exit;

  test("is not changed by those behind it, whether it changed something or not", async () => {
    const { together, give } = await openEngine();
    await give(named("a", "old"), { id: "c-1" });
    const { exits, outcomes } = await together([
      [named("a", "old"), { id: "c-1" }],
      named("a", "old"),
      named("a", "new"),
      named("a", "newer"),
    ]);
    assert.deepEqual(outcomes, ["repeated", "ok", "ok", "ok"]);
    assert.deepEqual(exits.map(nameIn), ["old", "old", "new", "newer"]);
  });

  test("has what comes after needs, and is read again where another needs more", async () => {
    const { alone, trace } = await openEngine();
    const rows = [{ kind: assistants.kind, key: "b" }];
    const carried: Carried = { state: null, besides: { rows } };
    for (
      const [assistant, expected] of [["a", ["load", "a"]], ["b", ["b"]], ["c", ["load", "c"]]]
    ) {
      await alone(named(String(assistant)), {}, { carried });
      assert.deepEqual(trace, expected);
    }
  });

  test("is what the next command of the call is decided on, unless others have appended", async () => {
    const { together, alone, trace, other } = await openEngine();
    const carried: Carried = { state: null, besides: { rows: [ROW_OF_A] } };
    const both = [named("a", "old"), { carried }] as const;
    await together([both, named("b")]);
    // The other of the chain was behind it.
    await alone(named("a", "new"), {}, { carried });
    assert.deepEqual(trace, ["load", "new"]);
    await alone(named("a", "newer"), {}, { carried });
    assert.deepEqual(trace, ["newer"]);
    await other.operator.nameAssistant("acme", { assistant: "b", name: "other" });
    await alone(named("a", "newest"), {}, { carried });
    assert.deepEqual(trace, ["newest", "load", "newest"]);
  });
});
