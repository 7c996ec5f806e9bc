/**
 * Imports that claim what others buy. An import proves nothing, so it never keeps a number from a
 * buyer: in the end a number has one holder in its world, and that is the buyer.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { openPostgresLog } from "../../adapters/log/postgres/mod.ts";
import { Unavailable } from "../../core/log/unavailable.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import type { E164 } from "../../core/values/e164.ts";
import { openTestApp, type TestApp } from "../support/app.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { assertReplayed } from "../support/replayed.ts";
import { bringIn, buy, isReady, numbersOf, tenant } from "./imports-support.ts";
import { until } from "../support/eventually.ts";
import { gate } from "../support/gate.ts";

const START = Date.parse("2026-01-31T10:00:00Z");

let server: PostgresServer;

before(async () => {
  server = await startPostgres();
});
after(() => server.stop());

type Around = (log: EventLog) => EventLog;
const plain: Around = (log) => log;

/** Two servers that share a log and a carrier; each sees the log through its own wrapper. */
type Two = { readonly one: TestApp; readonly other: TestApp; readonly log: EventLog };

/** How long a purchase waits; long, so that a busy machine answers what it would when idle. */
const WAIT_MS = 60_000;

type Wrappers = readonly [one: Around, other: Around, waitMs?: number];

const open = (one: EventLog, other: EventLog, wrappers: Wrappers): Two => {
  const clock = openTestClock(START);
  const carrier = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const [aroundOne, aroundOther, waitMs = WAIT_MS] = wrappers;
  const work = { runsAutomations: false, waitMs, leaseMs: 1_000 };
  const options = { carrier, clock, setClock: clock.set, ...work };
  return {
    one: openTestApp({ ...options, log: aroundOne(one) }),
    other: openTestApp({ ...options, log: aroundOther(other) }),
    log: one,
  };
};

type OpenTwo = (...wrappers: Wrappers) => Promise<Two>;

const LOGS: Readonly<Record<string, OpenTwo>> = {
  "a log in memory": (...wrappers) => {
    const log = openMemoryLog();
    return Promise.resolve(open(log, { ...log, close: () => Promise.resolve() }, wrappers));
  },
  "PostgreSQL": async (...wrappers) => {
    const url = await server.database();
    return open(await openPostgresLog({ url }), await openPostgresLog({ url }), wrappers);
  },
};

const close = async ({ one, other }: Two): Promise<void> => {
  await other.close();
  await one.close();
};

/** Runs a test, and closes what it opened. */
const closing = async (openTwo: OpenTwo, run: (openTwo: OpenTwo) => Promise<void>) => {
  const opened: Two[] = [];
  try {
    await run(async (...wrappers) => {
      const two = await openTwo(...wrappers);
      opened.push(two);
      return two;
    });
  } finally {
    for (const two of opened) await close(two);
  }
};

/** Lets `first` come before each append that has an event of this type. */
const beforeAppending = (type: string, first: () => Promise<void>): Around => (log) => ({
  ...log,
  append: async (input) => {
    if (input.events.some((event) => event.type === type)) await first();
    return await log.append(input);
  },
});

const NUMBER: E164 = "+14155550177";

/** What holds for an import with every log. */
const TESTS: Readonly<Record<string, (openTwo: OpenTwo) => Promise<void>>> = {
  "keeps no buyer from a number that the carrier sells, whatever is offered": async (openTwo) => {
    const two = await openTwo(plain, plain);
    const { one, other } = two;
    const [attacker, buyer] = [
      await tenant(one, "attacker", "Scale"),
      await tenant(one, "buyer", "Scale"),
    ];
    const path = "/v1/phone-numbers/available?areaCode=415&limit=20";
    const offered = (await one.request("GET", path, { token: buyer })).json as readonly {
      readonly e164: E164;
    }[];
    assert.equal(offered.length, 20);
    for (const { e164 } of offered) {
      assert.equal((await bringIn(one, attacker, "attacker", e164)).status, 200);
    }
    for (const { e164 } of offered) {
      const { status, json } = await buy(other, buyer, e164);
      assert.deepEqual([status, json.setupStatus?.status], [200, "ready"], e164);
    }
    assert.deepEqual(await numbersOf(one, attacker), []);
    assert.equal((await numbersOf(one, buyer)).length, offered.length);
    const agent = await one.request(
      "GET",
      "/api/assistants/agent-attacker/telephony/phone-numbers",
      { token: attacker },
    );
    assert.deepEqual(agent.json.numbers, []);
    await assertReplayed(two.log, offered.map(({ e164 }) => e164));
  },

  "and a purchase on two servers concurrently leave one holder, round after round": async (
    openTwo,
  ) => {
    const two = await openTwo(plain, plain);
    const { one, other } = two;
    const [a, b] = [await tenant(one, "a", "Scale"), await tenant(one, "b", "Scale")];
    for (let round = 0; round < 15; round++) {
      const e164: E164 = `+1415555${3000 + round}`;
      const [bought, brought] = await Promise.all([
        buy(one, a, e164),
        bringIn(other, b, "b", e164),
      ]);
      assert.equal(bought.status, 200);
      assert.ok([200, 409].includes(brought.status));
      assert.ok(!(await numbersOf(other, b)).includes(e164), `${e164} has two holders`);
      assert.ok((await numbersOf(other, a)).includes(e164));
    }
    await assertReplayed(two.log);
  },

  "that was decided before a purchase and appended after it is refused": async (openTwo) => {
    const [waits, bought] = [gate(), gate()];
    const two = await openTwo(
      plain,
      beforeAppending("NumberImported", async () => {
        waits.open();
        await bought.opened;
      }),
    );
    const { one, other } = two;
    const [a, b] = [await tenant(one, "a", "Scale"), await tenant(one, "b", "Scale")];
    const late = bringIn(other, b, "b", NUMBER);
    await waits.opened;
    assert.equal((await buy(one, a, NUMBER)).status, 200);
    bought.open();
    assert.equal((await late).status, 409);
    assert.deepEqual([await numbersOf(one, a), await numbersOf(one, b)], [[NUMBER], []]);
    await assertReplayed(two.log, [NUMBER]);
  },

  "that comes in between a purchase's request and its confirmation ends": async (openTwo) => {
    const [waits, requested, brought] = [gate(), gate(), gate()];
    const two = await openTwo(
      beforeAppending("NumberPurchased", async () => {
        requested.open();
        await brought.opened;
      }),
      beforeAppending("NumberImported", async () => {
        waits.open();
        await requested.opened;
      }),
    );
    const { one, other } = two;
    const [a, b] = [await tenant(one, "a", "Scale"), await tenant(one, "b", "Scale")];
    const early = bringIn(other, b, "b", NUMBER);
    await waits.opened;
    const buying = buy(one, a, NUMBER);
    assert.equal((await early).status, 200);
    assert.deepEqual(await numbersOf(other, b), [NUMBER]);
    brought.open();
    assert.equal((await buying).status, 200);
    assert.deepEqual([await numbersOf(one, a), await numbersOf(one, b)], [[NUMBER], []]);
    await assertReplayed(two.log, [NUMBER]);
  },

  "ends once, though the server stops between its end and the confirmation": async (openTwo) => {
    let [isDown, tried] = [true, 0];
    const two = await openTwo(
      beforeAppending("NumberPurchased", () => {
        tried += 1;
        // The import was met before, and has ended.
        if (isDown) return Promise.reject(new Unavailable("the server has stopped"));
        return Promise.resolve();
      }),
      plain,
      200,
    );
    const { one, other } = two;
    const [a, b] = [await tenant(one, "a", "Scale"), await tenant(one, "b", "Scale")];
    const imported = (await bringIn(other, b, "b", NUMBER)).json.id;
    const cut = await buy(one, a, NUMBER);
    assert.ok(cut.status === 200 || cut.status === 202, JSON.stringify(cut.json));
    // On a slow machine the purchase continues after its answer.
    await until(() => tried > 0);
    assert.deepEqual(await numbersOf(other, b), []);
    isDown = false;
    // The lease of the server that stopped has to lapse first.
    await until(async () => {
      if (await isReady(other, a)) return true;
      await other.ledger.work.run();
      return false;
    });
    assert.deepEqual([await numbersOf(other, a), await numbersOf(other, b)], [[NUMBER], []]);
    const actor = { kind: "operator" } as const;
    const past = await other.ledger.numbers.history({ organization: "b", actor }, imported);
    assert.deepEqual(past.map(({ type, data }) => [type, Object(data).why ?? null]), [
      ["NumberImported", null],
      ["NumberAssigned", null],
      ["NumberUnassigned", null],
      ["Released", "boughtFromCarrier"],
    ]);
    await assertReplayed(two.log, [NUMBER]);
  },

  "by the buyer itself stays until it is released, and the number is imported again later": async (
    openTwo,
  ) => {
    const two = await openTwo(plain, plain);
    const { one, other } = two;
    const [a, b] = [await tenant(one, "a", "Scale"), await tenant(one, "b", "Scale")];
    const brought = await bringIn(one, a, "a", NUMBER);
    assert.equal(brought.status, 200);
    assert.equal((await bringIn(other, b, "b", NUMBER)).status, 409);
    const refused = await buy(other, a, NUMBER);
    const { id } = brought.json;
    assert.deepEqual(
      [refused.status, refused.json.code, refused.json.phoneNumberId],
      [409, "NUMBER_ALREADY_YOURS", id],
    );
    assert.match(refused.json.error, /release it first/);
    const path = `/v1/phone-numbers/${id}`;
    assert.deepEqual((await other.request("GET", path, { token: a })).json, brought.json);
    assert.equal((await one.request("DELETE", path, { token: a })).status, 200);
    const { json } = await buy(one, a, NUMBER);
    assert.deepEqual(await numbersOf(one, a), [NUMBER]);
    assert.equal((await bringIn(one, a, "a", NUMBER)).status, 409);
    assert.equal(
      (await one.request("DELETE", `/v1/phone-numbers/${json.id}`, { token: a })).status,
      200,
    );
    assert.equal((await bringIn(other, b, "b", NUMBER)).status, 200);
    await assertReplayed(two.log, [NUMBER]);
  },
};

for (const [name, openTwo] of Object.entries(LOGS)) {
  describe(`an import on ${name}`, { timeout: 600_000 }, () => {
    for (const [what, run] of Object.entries(TESTS)) test(what, () => closing(openTwo, run));
  });
}
