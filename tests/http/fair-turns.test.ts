/** Turns among requests that may share no promise, and may end without notice. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Busy } from "../../adapters/ledger/engine/errors.ts";
import { Unavailable } from "../../core/log/unavailable.ts";
import { byPromises, openPolling } from "../../http/wait-strategy.ts";
import { openReadiness } from "../../http/readiness.ts";
import { openGuard } from "../../http/unknown-tokens.ts";
import { openFairTurns } from "../../http/fair-queue.ts";
import { callerOf } from "../properties/runs.ts";
import { runs } from "../support/runs.ts";

const WAIT_MS = 10_000;
const flush = () => new Promise((resolve) => setImmediate(resolve));

type Timer = { at: number; readonly request: number; readonly fire: () => void };

/** A runtime whose time advances in jumps, and whose requests have timers that end with them. */
const openRuntime = (waitMs = WAIT_MS) => {
  const timers = new Set<Timer>();
  const gone = new Set<number>();
  let [now, request] = [0, -1];
  const attendance = openPolling({
    waitMs,
    now: () => now,
    sleep: (ms) =>
      new Promise((resolve) => {
        const timer: Timer = {
          at: now + ms,
          request,
          fire: () => {
            timers.delete(timer);
            resolve();
          },
        };
        timers.add(timer);
      }),
    every: (ms, call) => {
      const timer: Timer = {
        at: now + ms,
        request,
        fire: () => {
          timer.at = now + ms;
          call();
        },
      };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  });
  const leave = (id: number): void => {
    gone.add(id);
    for (const timer of timers) if (timer.request === id) timers.delete(timer);
  };
  return {
    attendance,
    now: () => now,
    timers: () => timers.size,
    /** Calls as this request. */
    as: <Value>(id: number, call: () => Value): Value => {
      request = id;
      return call();
    },
    /** The request ends without notice. */
    vanish: leave,
    /** Suspends for this long: nothing fires meanwhile. */
    stall: (ms: number) => {
      now += ms;
    },
    run: async (ms: number): Promise<void> => {
      const end = now + ms;
      await flush();
      for (;;) {
        const [next] = [...timers].toSorted((one, other) => one.at - other.at);
        if (next === undefined || next.at > end) break;
        now = Math.max(now, next.at);
        request = next.request;
        next.fire();
        await flush();
      }
      now = Math.max(now, end);
    },
  };
};

const PLACES = 3;
const bounds = { places: PLACES, each: 2, waiting: 8, total: 12 };

const Step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("ask" as const), party: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("leave" as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("vanish" as const), which: fc.nat(9) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ max: 2_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("stall" as const) }) },
);

describe("turns by polling", () => {
  test("stay bounded whichever request vanishes, and every place becomes free again", async () => {
    const property = fc.asyncProperty(fc.array(Step, { maxLength: 40 }), async (steps) => {
      const runtime = openRuntime();
      const turns = openFairTurns(bounds, runtime.attendance);
      const inside = new Map<number, () => void>();
      const asking = new Set<number>();
      const vanished = new Set<number>();
      let asked = 0;
      const ask = (party: number): void => {
        const id = asked++;
        asking.add(id);
        void runtime.as(id, () => turns.enter(String(party))).then((leave) => {
          asking.delete(id);
          if (leave !== null && !vanished.has(id)) inside.set(id, leave);
        });
      };
      for (const step of steps) {
        if (step.kind === "ask") ask(step.party);
        else if (step.kind === "pass") await runtime.run(step.ms);
        else if (step.kind === "stall") runtime.stall(60_000);
        else if (step.kind === "leave") {
          const [id, leave] = [...inside][step.which] ?? [];
          if (id === undefined) continue;
          inside.delete(id);
          runtime.as(id, () => leave?.());
        } else {
          const id = [...inside.keys(), ...asking][step.which];
          if (id === undefined) continue;
          runtime.vanish(id);
          vanished.add(id);
          inside.delete(id);
          asking.delete(id);
        }
        await flush();
        assert.ok(inside.size <= PLACES, `${inside.size} are in`);
      }
      await runtime.run(30_000);
      assert.equal(asking.size, 0, "a request waits for ever");
      for (const [id, leave] of inside) runtime.as(id, leave);
      inside.clear();
      for (let party = 0; party < PLACES; party++) ask(party);
      await runtime.run(30_000);
      assert.equal(inside.size, PLACES, "all places came back");
      for (const [id, leave] of inside) runtime.as(id, leave);
      assert.equal(runtime.timers(), 0);
    });
    await fc.assert(property, { numRuns: runs(150) });
  });
});

describe("waiting by polling", () => {
  test("counts no request as ended, or late, because the process was suspended", async () => {
    const runtime = openRuntime();
    const turns = openFairTurns({ places: 1, waiting: 8, total: 8 }, runtime.attendance);
    const leave = await runtime.as(0, () => turns.enter("a"));
    const next = runtime.as(1, () => turns.enter("b"));
    let isIn = false;
    void next.then((got) => isIn = got !== null);
    await runtime.run(100);
    runtime.stall(120_000);
    await runtime.run(500);
    assert.equal(isIn, false, "the first has its place still");
    runtime.as(0, () => leave?.());
    await runtime.run(500);
    assert.equal(isIn, true, "the second was not sent away");
  });

  test("ends in a refusal where no turn comes", async () => {
    const runtime = openRuntime();
    const guard = openGuard(runtime.now, {
      bounds: { places: 1, waiting: 8, total: 8 },
      attendance: runtime.attendance,
    });
    const first = runtime.as(0, () => guard("one", () => new Promise(() => undefined)));
    const second = runtime.as(1, () => guard("two", () => Promise.resolve(null)));
    void first;
    const refused = assert.rejects(second, Busy);
    await runtime.run(WAIT_MS * 2);
    await refused;
  });
});

for (const [name, attendance] of [["promises", byPromises], ["polling", null]] as const) {
  test(`a token that many send concurrently is looked up once per place, by ${name}`, async () => {
    const runtime = openRuntime();
    const guard = openGuard(runtime.now, {
      bounds: { places: 2, waiting: 100, total: 100 },
      attendance: attendance ?? runtime.attendance,
    });
    let looks = 0;
    const looked = async (found: ReturnType<typeof callerOf> | null) => {
      looks += 1;
      await flush();
      return found;
    };
    const asked = Array.from(
      { length: 50 },
      (_, id) => runtime.as(id, () => guard("nobody's", () => looked(null))),
    );
    await runtime.run(1_000);
    assert.deepEqual(new Set(await Promise.all(asked)), new Set([null]));
    assert.equal(looks, 2);
    const organizations: (string | null)[] = [];
    const ours = Array.from(
      { length: 50 },
      (_, id) =>
        runtime.as(id, () =>
          guard("acme's", async (organization) => {
            organizations.push(organization);
            return await looked(callerOf("acme"));
          })),
    );
    await runtime.run(1_000);
    assert.ok((await Promise.all(ours)).every((caller) => caller?.organization === "acme"));
    assert.equal(organizations.length, 50, "an accepted token is looked up every time");
    assert.equal(organizations.filter((organization) => organization === null).length, 2);
  });
}

describe("whether a server is ready", () => {
  test("is checked once for all requests within a second", async () => {
    const runtime = openRuntime();
    const readiness = openReadiness(runtime.attendance, runtime.now);
    let checks = 0;
    const check = async () => {
      checks += 1;
      await flush();
      return undefined;
    };
    for (let second = 0; second < 3; second++) {
      const asked = Array.from(
        { length: 60 },
        (_, id) => runtime.as(id, () => readiness.ask(check)),
      );
      await runtime.run(999);
      await Promise.all(asked);
      assert.equal(checks, second + 1);
      await runtime.run(1);
    }
    readiness.forget();
    const asked = runtime.as(0, () => readiness.ask(check));
    await runtime.run(0);
    await asked;
    assert.equal(checks, 4);
  });

  test("is reported to all that wait when it is not, and checked again afterwards", async () => {
    const runtime = openRuntime();
    const readiness = openReadiness(runtime.attendance, runtime.now);
    const away = async () => {
      await flush();
      throw new Unavailable("gone");
    };
    const asked = Array.from(
      { length: 20 },
      (_, id) => assert.rejects(runtime.as(id, () => readiness.ask(away)), Unavailable),
    );
    await runtime.run(1_000);
    await Promise.all(asked);
    assert.equal(await readiness.ask(() => Promise.resolve("doubted")), "doubted");
  });

  test("is checked by another where the checking request has ended", async () => {
    const runtime = openRuntime(60_000);
    const readiness = openReadiness(runtime.attendance, runtime.now);
    void runtime.as(0, () => readiness.ask(() => new Promise(() => undefined)));
    const waiting = runtime.as(1, () => readiness.ask(() => Promise.resolve(undefined)));
    runtime.vanish(0);
    await runtime.run(30_000);
    assert.equal(await waiting, undefined);
  });
});
