/**
 * Commands of one organization that wait together: each is decided on the state that the one before
 * leaves, and has its result once that state is in the log.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { eventLoopTurn } from "../../adapters/ledger/engine/slices.ts";
import { digest } from "../../adapters/log/digest.ts";
import type { Caller, Ledger } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { EMPTY_HEAD, verifyChain } from "../../core/log/chain.ts";
import { Unavailable } from "../../core/log/unavailable.ts";
import type { Append, AppendOutcome, EventLog } from "../../core/ports/mod.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { gate } from "../support/gate.ts";
import { openIdleLedger } from "../support/ledger.ts";
import { until } from "../support/eventually.ts";
import { runs } from "../support/runs.ts";

const callerOf = (organization: string): Caller => ({ organization, actor: OPERATOR });

/** What becomes of an append, by its number from 0; `next` appends it. */
type Way = (
  number: number,
  next: () => Promise<AppendOutcome>,
  append: Append,
) => Promise<AppendOutcome>;

const straight: Way = (_number, next) => next();

/** More turns of the event loop than any of these commands needs until it waits. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await eventLoopTurn();
};

const name = (ledger: Ledger, assistant: string) =>
  ledger.operator.nameAssistant("acme", { assistant, name: assistant });

/** An organization whose appends go a way of their own, and another ledger on the same log. */
const openWorld = async (plan = "Scale") => {
  const memory = openMemoryLog();
  const given: Append[] = [];
  let way: Way | null = null;
  const append: EventLog["append"] = async (input) => {
    if (way === null || input.organization !== "acme") return await memory.append(input);
    given.push(input);
    return await way(given.length - 1, () => memory.append(input), input);
  };
  const ledger = openIdleLedger({ ...memory, append });
  const other = openIdleLedger(memory);
  // The first purchase of all gives the sandbox its name.
  assert.ok((await other.operator.open("rival", { name: "Rival", plan: "Scale" })).ok);
  for (const each of [ledger, other]) {
    const e164 = each === other ? "+14155550198" : "+14155550199";
    assert.ok((await each.purchase(callerOf("rival"), { e164 })).ok);
  }
  assert.ok((await ledger.operator.open("acme", { name: "Acme Inc", plan })).ok);
  // So that no purchase has to ask for a quote.
  const market = { country: "US", type: "local", limit: 20 } as const;
  assert.ok((await ledger.search(callerOf("acme"), market)).ok);
  const events = () => memory.events("acme", 1, 1_000);
  const named = async () =>
    (await events()).filter(({ type }) => type === "AssistantNamed")
      .map(({ data }) => String(Object(data)["name"]));
  /**
   * Gives these while a command before them is appended, so that they wait together; then their
   * appends go this way.
   */
  const together = async (commands: readonly (() => Promise<unknown>)[], to = straight) => {
    const { opened, open } = gate();
    way = async (_number, next) => {
      await opened;
      return await next();
    };
    const first = name(ledger, "first");
    await until(() => given.length === 1);
    const all = Promise.allSettled(commands.map((give) => give()));
    await turns();
    given.length = 0;
    way = to;
    open();
    assert.ok((await first).ok);
    return await all;
  };
  return { memory, ledger, other, given, events, named, together };
};

/** `fulfilled`, the code of a refusal, or the name of an error. */
const kindOf = (settled: PromiseSettledResult<unknown>): string => {
  if (settled.status === "rejected") return Object(settled.reason).name;
  const { ok, error } = Object(settled.value);
  return ok === false ? error.code : "ok";
};

const NAMES = Array.from({ length: 12 }, (_, index) => `a${index}`);

describe("commands of one organization that wait", () => {
  test("are all given to the log before the first has its outcome, and are in their order", async () => {
    const { ledger, given, events, named, together, memory } = await openWorld();
    const { opened, open } = gate();
    const settled = await together(
      NAMES.map((each) => () => name(ledger, each)),
      async (_, next) => {
        if (given.length === NAMES.length) open();
        await opened;
        return await next();
      },
    );
    assert.deepEqual(new Set(settled.map(kindOf)), new Set(["ok"]));
    assert.deepEqual(await named(), ["first", ...NAMES]);
    const all = [...await memory.events("acme", 0, 1), ...await events()];
    assert.ok(verifyChain(all, EMPTY_HEAD, digest).ok);
  });

  test("are decided on what those before them leave", async () => {
    const { ledger, given, together } = await openWorld("Free");
    const buy = (e164: `+${string}`) => () => ledger.purchase(callerOf("acme"), { e164 });
    const settled = await together([buy("+12015550101"), buy("+12025550101")]);
    assert.deepEqual(settled.map(kindOf), ["ok", "PLAN_LIMIT_REACHED"]);
    assert.equal(given.length, 2);
  });

  test("are given by one id once, however often", async () => {
    const { ledger, events, together } = await openWorld();
    let repeated = 0;
    const options = { commandId: "c-1", onRepeated: () => repeated++ };
    const buy = () => ledger.purchase(callerOf("acme"), { e164: "+12015550101" }, options);
    const settled = await together([buy, () => name(ledger, "a"), buy, buy]);
    assert.deepEqual(settled.map(kindOf), ["ok", "ok", "ok", "ok"]);
    assert.equal(repeated, 2);
    const requested = (await events()).filter(({ type }) => type === "PurchaseRequested");
    assert.equal(requested.length, 1);
  });

  test("get a number once, however many want it", async () => {
    const { ledger, together } = await openWorld();
    const buy = () => ledger.purchase(callerOf("acme"), { e164: "+12015550101" });
    const kinds = (await together([buy, buy, buy])).map(kindOf);
    assert.deepEqual(kinds, ["ok", "PURCHASE_IN_PROGRESS", "PURCHASE_IN_PROGRESS"]);
  });
});

describe("a command whose state is not in the log yet", () => {
  const want = (ledger: Ledger) => (e164: `+${string}`) => () =>
    ledger.purchase(callerOf("acme"), { e164 });

  test("is refused no earlier than that", async () => {
    const { ledger, together } = await openWorld("Free");
    const { opened, open } = gate();
    const buy = want(ledger);
    const told: string[] = [];
    const second = async () => {
      const result = await buy("+12025550101")();
      told.push(kindOf({ status: "fulfilled", value: result }));
    };
    const all = together([buy("+12015550101"), second], async (_number, next) => {
      await turns();
      assert.deepEqual(told, []);
      open();
      return await next();
    });
    await opened;
    await all;
    assert.deepEqual(told, ["PLAN_LIMIT_REACHED"]);
  });

  test("is decided again where that is refused", async () => {
    const { ledger, other, together } = await openWorld("Free");
    const buy = want(ledger);
    const settled = await together(
      [buy("+12015550101"), buy("+12025550101")],
      async (number, next) => {
        if (number === 0) {
          const rival = await other.purchase(callerOf("rival"), { e164: "+12015550101" });
          assert.ok(rival.ok);
        }
        return await next();
      },
    );
    assert.deepEqual(settled.map(kindOf), ["NUMBER_ALREADY_OWNED", "ok"]);
  });

  test("is decided again where it is not known what became of that", async () => {
    const { ledger, together } = await openWorld("Free");
    const buy = want(ledger);
    const settled = await together(
      [buy("+12015550101"), buy("+12025550101")],
      (number, next) => number === 0 ? Promise.reject(new Unavailable("it is lost")) : next(),
    );
    assert.deepEqual(settled.map(kindOf), ["Unavailable", "ok"]);
  });
});

describe("commands that were given to the log together", () => {
  test("are decided again from the one on before which another server appends", async () => {
    const { ledger, other, named, together } = await openWorld();
    const settled = await together(
      NAMES.map((each) => () => name(ledger, each)),
      async (number, next) => {
        if (number === 0) return await next();
        if (number === 1) assert.ok((await name(other, "between")).ok);
        return await next();
      },
    );
    assert.deepEqual(new Set(settled.map(kindOf)), new Set(["ok"]));
    const all = await named();
    assert.deepEqual(all.toSorted(), ["first", "between", ...NAMES].toSorted());
  });

  test("are decided again however often those before them are in the way", async () => {
    const { ledger, memory, named, together } = await openWorld();
    const names = Array.from({ length: 50 }, (_, index) => `a${index}`);
    const settled = await together(
      names.map((each) => () => name(ledger, each)),
      async (_number, next, { expected }) => {
        const { head } = await memory.load("acme", {});
        // The one that all others follow comes last.
        if (Object(expected).hash === head.hash) await eventLoopTurn();
        return await next();
      },
    );
    assert.deepEqual(new Set(settled.map(kindOf)), new Set(["ok"]));
    assert.deepEqual(await named(), ["first", ...names]);
  });

  for (const isDone of [false, true]) {
    test(`are there once where the answer to one is lost that was ${isDone ? "" : "not "}done`, async () => {
      const { ledger, named, together } = await openWorld();
      const settled = await together(
        NAMES.map((each) => () => name(ledger, each)),
        async (number, next) => {
          if (number !== 3) return await next();
          if (isDone) await next();
          throw new Unavailable("the answer is lost");
        },
      );
      assert.deepEqual(settled.map(kindOf), NAMES.map((_, at) => at === 3 ? "Unavailable" : "ok"));
      const expected = ["first", ...NAMES].filter((each) => isDone || each !== "a3");
      assert.deepEqual((await named()).toSorted(), expected.toSorted());
    });
  }
});

describe("commands that were given to the log together, while anything fails", () => {
  test("are there up to the one at which the process ends, and no further", async () => {
    const { ledger, other, named, together } = await openWorld();
    const { opened, open } = gate();
    void together(
      NAMES.map((each) => () => name(ledger, each)),
      async (number, next) => {
        if (number < 5) return await next();
        open();
        return await new Promise<never>(() => {});
      },
    );
    await opened;
    await turns();
    assert.deepEqual(await named(), ["first", ...NAMES.slice(0, 5)]);
    // Another process goes on from there.
    assert.ok((await name(other, "a5")).ok);
    assert.deepEqual(await named(), ["first", ...NAMES.slice(0, 6)]);
  });

  test("are there once each, whatever becomes of their appends", async () => {
    const ways = fc.array(
      fc.constantFrom("straight", "straight", "straight", "before", "lost", "unknown", "late"),
      { minLength: 1, maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(ways, async (ends) => {
        const { ledger, other, memory, named, together } = await openWorld();
        let others = 0;
        const settled = await together(
          NAMES.map((each) => () => name(ledger, each)),
          async (number, next) => {
            const end = ends[number] ?? "straight";
            if (end === "late") await eventLoopTurn();
            if (end === "before") await name(other, `other-${others++}`);
            if (end === "lost") throw new Unavailable("it is lost");
            const outcome = await next();
            if (end === "unknown") throw new Unavailable("its answer is lost");
            return outcome;
          },
        );
        const all = await named();
        assert.equal(new Set(all).size, all.length);
        for (const [place, each] of NAMES.entries()) {
          const kind = kindOf(settled[place] ?? assert.fail());
          assert.ok(kind === "ok" || kind === "Unavailable", kind);
          if (kind === "ok") assert.ok(all.includes(each), each);
        }
        const events = await memory.events("acme", 0, 1_000);
        assert.ok(verifyChain(events, EMPTY_HEAD, digest).ok);
      }),
      { numRuns: runs(200) },
    );
  });
});
