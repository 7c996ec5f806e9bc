/** Rounds: who leads, who takes part, and what becomes of those that are interrupted. */
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import { openRounds, type Part } from "../../adapters/ledger/engine/rounds.ts";
import { eventLoopTurn } from "../../adapters/ledger/engine/slices.ts";

type Each = Part<string, string, never>;

/** A round under way: who takes part, and how it ends. */
type Held = { readonly names: readonly string[]; end: (again?: readonly string[]) => void };

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await eventLoopTurn();
};

/** Rounds of two at most, each of which waits until it is ended; who led, and the results. */
const openWorld = () => {
  const rounds = openRounds<string, string, never>();
  const held: Held[] = [];
  const led: string[] = [];
  const results: string[] = [];
  const round = {
    together: (waiting: readonly Each[]) => Math.min(2, waiting.length),
    run: (parts: readonly Each[]) =>
      new Promise<readonly Each[]>((resolve) =>
        void held.push({
          names: parts.map(({ given }) => given),
          end: (again = []) => {
            const isAgain = ({ given }: Each) => again.includes(given);
            for (const part of parts) if (!isAgain(part)) part.settle(Effect.succeed(part.given));
            resolve(parts.filter(isAgain));
          },
        })
      ),
  };
  const give = (name: string, key = "acme") =>
    Effect.runFork(
      rounds.give(key, name, round, (leading) => {
        led.push(name);
        return leading;
      }).pipe(Effect.map((result) => void results.push(result))),
    );
  /** Ends a round, and gives who takes part in those under way then. */
  const end = async (again: readonly string[] = [], place = 0) => {
    const [ended] = held.splice(place, 1);
    (ended ?? assert.fail("no round is under way")).end(again);
    await turns();
    return held.map(({ names }) => names);
  };
  return { give, end, held, led, results, round, rounds };
};

describe("what is given under one key", () => {
  let world = openWorld();
  beforeEach(() => {
    world = openWorld();
  });

  test("is done in rounds, one after the other, in its order", async () => {
    const { give, end, led, results } = world;
    for (const name of ["a", "b", "c", "d"]) give(name);
    assert.deepEqual(await end(), [["b", "c"]]);
    assert.deepEqual(results, ["a"]);
    assert.deepEqual(await end(), [["d"]]);
    assert.deepEqual(await end(), []);
    assert.deepEqual(results.toSorted(), ["a", "b", "c", "d"]);
    assert.deepEqual(led, ["a", "b", "d"]);
    // Nothing is left of it.
    give("e");
    assert.deepEqual(await end(), []);
    assert.equal(results.at(-1), "e");
  });

  test("does not wait for what is given under another", () => {
    const { give, held } = world;
    give("a");
    give("b", "umbrella");
    assert.deepEqual(held.map(({ names }) => names), [["a"], ["b"]]);
  });

  test("waits again before what came later, in its order", async () => {
    const { give, end, results } = world;
    for (const name of ["a", "b", "c", "d"]) give(name);
    assert.deepEqual(await end(), [["b", "c"]]);
    give("e");
    assert.deepEqual(await end(["b", "c"]), [["b", "c"]]);
    // The one that led has its result, and the next one leads.
    assert.deepEqual(await end(["c"]), [["c", "d"]]);
    assert.deepEqual(await end(), [["e"]]);
    await end();
    assert.deepEqual(results.toSorted(), ["a", "b", "c", "d", "e"]);
  });
});

describe("what has its result", () => {
  let world = openWorld();
  beforeEach(() => {
    world = openWorld();
  });

  test("has it before the round is over, if it was settled", async () => {
    const { rounds, round, give, end, held } = world;
    const early = {
      together: round.together,
      run: (parts: readonly Each[]) => {
        for (const { given, settle } of parts) settle(Effect.succeed(given));
        return round.run(parts);
      },
    };
    const given = rounds.give("acme", "a", early, (leading) => leading);
    assert.equal(await Effect.runPromise(given), "a");
    give("b");
    await turns();
    assert.deepEqual(held.map(({ names }) => names), [["a"]]);
    assert.deepEqual(await end(), [["b"]]);
    await end();
  });

  test("comes into the next round where it is given as soon as others have a result", async () => {
    const { rounds, round, give, end } = world;
    const repeat = async (name: string): Promise<void> => {
      for (let time = 0; time < 5; time++) {
        await Effect.runPromise(rounds.give("acme", name, round, (leading) => leading));
      }
    };
    give("a");
    const both = Promise.all([repeat("b"), repeat("c")]);
    for (let time = 0; time < 5; time++) {
      assert.deepEqual((await end()).map((names) => names.length), [2]);
    }
    await end();
    await both;
  });
});

describe("one that is interrupted", () => {
  let world = openWorld();
  beforeEach(() => {
    world = openWorld();
  });
  const interrupt = (fiber: Fiber.Fiber<unknown>) => Effect.runPromise(Fiber.interrupt(fiber));

  test("while it waits takes part in no round", async () => {
    const { give, end } = world;
    give("a");
    const b = give("b");
    give("c");
    await interrupt(b);
    assert.deepEqual(await end(), [["c"]]);
    assert.deepEqual(await end(), []);
  });

  test("takes part in no further round", async () => {
    const { give, end, results } = world;
    give("a");
    give("b");
    const c = give("c");
    give("d");
    await end();
    await interrupt(c);
    assert.deepEqual(await end(["b", "c"]), [["b", "d"]]);
    await end();
    assert.deepEqual(results.toSorted(), ["a", "b", "d"]);
  });

  test("while it leads has the next one lead after its round, whose others have results", async () => {
    const { give, end, held, results, led } = world;
    give("a");
    const b = give("b");
    for (const name of ["c", "d"]) give(name);
    await end();
    await interrupt(b);
    await turns();
    assert.deepEqual(held.map(({ names }) => names), [["b", "c"]]);
    assert.deepEqual(await end(), [["d"]]);
    assert.deepEqual(results, ["a", "c"]);
    await end();
    assert.deepEqual([results, led], [["a", "c", "d"], ["a", "b", "d"]]);
  });

  test("while it leads leaves those that wait again to the next", async () => {
    const { give, end, results, led } = world;
    give("a");
    const b = give("b");
    give("c");
    await end();
    await interrupt(b);
    assert.deepEqual(await end(["b", "c"]), [["c"]]);
    await end();
    assert.deepEqual([results, led], [["a", "c"], ["a", "b", "c"]]);
  });

  test("before it begins to lead leaves that to the next", async () => {
    const { rounds, round, give, end, results } = world;
    give("a");
    const never = rounds.give("acme", "b", round, () => Effect.never);
    const b = Effect.runFork(never);
    give("c");
    assert.deepEqual(await end(), []);
    await interrupt(b);
    await turns();
    assert.deepEqual(await end(), []);
    assert.deepEqual(results, ["a", "c"]);
  });
});
