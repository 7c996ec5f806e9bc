/** Every event reaches every endpoint that wants it, in order for each number, on schedule. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { SCHEDULE, waitAfter } from "../../../adapters/ledger/deliveries/schedule.ts";
import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import { DAY_MS, HOUR_MS, SECOND_MS } from "../../../core/values/calendar.ts";
import { runs } from "../../support/runs.ts";
import {
  assign,
  begin,
  byNumber,
  endpointOf,
  openEndpoints,
  openTestCourier,
  openTime,
  registryOf,
  type Says,
  START,
} from "./support.ts";

const NUMBERS = ["pn_1", "pn_2", "pn_3"];

describe("deliveries", { timeout: 300_000 }, () => {
  test("an endpoint gets every event once where it takes them, in order", async () => {
    const [log, { clock, goTo }] = [openMemoryLog(), openTime()];
    const endpoints = openEndpoints(clock, () => 200);
    const registry = registryOf([["acme", endpointOf("wh_1")], ["umbrella", endpointOf("wh_2")]]);
    const { courier } = openTestCourier(log, clock, endpoints.sender, registry);
    await begin(log, "acme", NUMBERS);
    for (let round = 0; round < 100; round += 1) await assign(log, "acme", NUMBERS);
    await begin(log, "umbrella", ["pn_4"]);
    await goTo(courier, START);
    assert.equal(endpoints.of("wh_1").length, 303);
    assert.equal(new Set(endpoints.taken("wh_1").map(({ id }) => id)).size, 303);
    assert.deepEqual(endpoints.taken("wh_2").map(({ organization }) => organization), ["umbrella"]);
    for (const ids of byNumber(endpoints.taken("wh_1")).values()) {
      const positions = endpoints.taken("wh_1").filter(({ id }) => ids.includes(id))
        .map(({ cursor }) => Number(cursor.split("-")[0]));
      assert.deepEqual(positions, positions.toSorted((a, b) => a - b));
    }
    await courier.close();
    await log.close();
  });

  test("an endpoint gets the types that it wants, from where it begins", async () => {
    const [log, { clock, goTo }] = [openMemoryLog(), openTime()];
    const endpoints = openEndpoints(clock, () => 204);
    const registry = registryOf([
      ["acme", endpointOf("wh_types", { types: ["number.assigned"] })],
      ["acme", endpointOf("wh_late", { from: 4 })],
      ["acme", endpointOf("wh_sandbox", { world: "sandbox" })],
      ["operator", endpointOf("wh_all")],
    ]);
    const { courier } = openTestCourier(log, clock, endpoints.sender, registry);
    await begin(log, "acme", NUMBERS);
    await assign(log, "acme", NUMBERS);
    await begin(log, "umbrella", ["pn_4"]);
    await goTo(courier, START);
    const typesOf = (id: string) => endpoints.taken(id).map(({ type }) => type);
    assert.deepEqual(typesOf("wh_types"), Array.from(NUMBERS, () => "number.assigned"));
    assert.deepEqual(endpoints.taken("wh_late").map(({ data }) => Reflect.get(data, "number")), [
      "pn_2",
      "pn_3",
    ]);
    assert.deepEqual(typesOf("wh_sandbox"), []);
    assert.equal(endpoints.taken("wh_all").length, 7);
    await courier.close();
    await log.close();
  });
});

describe("an event that is not taken", { timeout: 300_000 }, () => {
  test("is sent again on schedule, and holds up its own number alone", async () => {
    const [log, { clock, goTo }] = [openMemoryLog(), openTime()];
    let refusals = 0;
    const endpoints = openEndpoints(clock, (_message, { data, type }) => {
      const isRefused = Reflect.get(data, "number") === "pn_1" && type === "number.imported";
      return isRefused && refusals++ < 3 ? 400 : 200;
    });
    const registry = registryOf([["acme", endpointOf("wh_1")]]);
    const { courier, deliveries } = openTestCourier(log, clock, endpoints.sender, registry);
    await begin(log, "acme", NUMBERS);
    await assign(log, "acme", NUMBERS);
    await goTo(courier, START);
    assert.equal(endpoints.taken("wh_1").length, 4, "the two others have both of theirs");
    await goTo(courier, START + HOUR_MS);
    assert.equal(endpoints.taken("wh_1").length, 6);
    const [refused] = endpoints.of("wh_1").filter(({ took }) => !took);
    const tries = endpoints.of("wh_1").filter(({ event }) => event.id === refused?.event.id);
    const waits = tries.slice(1).map(({ at }, place) => at - (tries[place]?.at ?? 0));
    const expected = [1, 2, 3].map((count) => waitAfter(count, refused?.event.id ?? ""));
    assert.deepEqual(waits, expected);
    const own = byNumber(endpoints.taken("wh_1")).get("pn_1");
    assert.equal(own?.[0], refused?.event.id);
    const kept = await deliveries.attempts("wh_1", { event: refused?.event.id }, 10);
    assert.deepEqual(kept.map(({ attempt, status }) => [attempt, status]), [
      [4, 200],
      [3, 400],
      [2, 400],
      [1, 400],
    ]);
    await courier.close();
    await log.close();
  });
});

describe("an endpoint that takes nothing", { timeout: 300_000 }, () => {
  test("is asked less and less, for three days, and then disabled", async () => {
    const [log, { clock, goTo }] = [openMemoryLog(), openTime()];
    const endpoints = openEndpoints(clock, ({ endpoint }) => endpoint === "wh_dead" ? 503 : 200);
    const registry = registryOf([
      ["acme", endpointOf("wh_dead")],
      ["acme", endpointOf("wh_alive")],
    ]);
    const { courier, disabled } = openTestCourier(log, clock, endpoints.sender, registry);
    await begin(log, "acme", NUMBERS);
    for (let round = 0; round < 100; round += 1) await assign(log, "acme", NUMBERS);
    await goTo(courier, START + 4 * DAY_MS);
    assert.deepEqual(disabled, ["wh_dead failing"]);
    assert.equal(endpoints.of("wh_dead").length, SCHEDULE.length + 1);
    assert.equal(endpoints.taken("wh_alive").length, 303);
    const last = endpoints.of("wh_dead").at(-1)?.at ?? 0;
    assert.ok(last > START + 2.5 * DAY_MS && last < START + 3.5 * DAY_MS);
    assert.ok(endpoints.of("wh_alive").every(({ at }) => at === START));
    await courier.close();
    await log.close();
  });

  test("is disabled with the first answer where that is 410", async () => {
    const [log, { clock, goTo }] = [openMemoryLog(), openTime()];
    const endpoints = openEndpoints(clock, () => 410);
    const registry = registryOf([["acme", endpointOf("wh_1")]]);
    const { courier, disabled } = openTestCourier(log, clock, endpoints.sender, registry);
    await begin(log, "acme", NUMBERS);
    await goTo(courier, START + DAY_MS);
    assert.deepEqual(disabled, ["wh_1 gone"]);
    assert.equal(endpoints.of("wh_1").length, 1);
    await courier.close();
    await log.close();
  });

  test("is left alone for as long as it asks", async () => {
    const [log, { clock, goTo }] = [openMemoryLog(), openTime()];
    let asked = 0;
    const hour = HOUR_MS;
    const endpoints = openEndpoints(clock, () => asked++ === 0 ? 429 : 200, hour);
    const registry = registryOf([["acme", endpointOf("wh_1")]]);
    const { courier } = openTestCourier(log, clock, endpoints.sender, registry);
    await begin(log, "acme", NUMBERS);
    await goTo(courier, START + hour - SECOND_MS);
    assert.equal(endpoints.of("wh_1").length, 1);
    await goTo(courier, START + hour);
    assert.equal(endpoints.taken("wh_1").length, 3);
    await courier.close();
    await log.close();
  });
});

const says = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Says>(200) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Says>(
      302,
      400,
      404,
      429,
      500,
      503,
      "TIMED_OUT",
      "UNREACHABLE",
      "BUSY",
      "PROXY_FAILED",
    ),
  },
);

test("whatever an endpoint answers for a while, it has every event in order in the end", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(says, { maxLength: 30 }),
      fc.array(fc.array(fc.constantFrom(...NUMBERS), { minLength: 1, maxLength: 5 }), {
        maxLength: 8,
      }),
      async (answers, changes) => {
        const [log, { clock, goTo }] = [openMemoryLog(), openTime()];
        const rest = [...answers];
        const endpoints = openEndpoints(clock, () => rest.shift() ?? 200);
        const registry = registryOf([["acme", endpointOf("wh_1")]]);
        const { courier, disabled } = openTestCourier(log, clock, endpoints.sender, registry);
        await begin(log, "acme", NUMBERS);
        let at = START;
        for (const numbers of changes) {
          await assign(log, "acme", numbers);
          await goTo(courier, at += 20 * SECOND_MS);
        }
        await goTo(courier, START + 10 * DAY_MS);
        await courier.close();
        if (disabled.length > 0) return;
        const all = changes.flat().length + NUMBERS.length;
        const taken = endpoints.taken("wh_1");
        const given = new Set(taken.map(({ id }) => id));
        const lost = endpoints.of("wh_1").filter(({ event }) => !given.has(event.id));
        // An event that was refused on each attempt is given up, and no other is lost.
        const refused = new Set(lost.map(({ event }) => event.id));
        assert.equal(given.size + refused.size, all);
        for (const id of refused) {
          const tries = endpoints.of("wh_1").filter(({ event }) => event.id === id);
          assert.ok(tries.length >= SCHEDULE.length + 1);
        }
        assert.equal(taken.length, given.size, "no event was taken twice");
        const places = taken.map(({ cursor }) => Number(cursor.split("-")[0]));
        for (const ids of byNumber(taken).values()) {
          const own = taken.flatMap(({ id }, place) => ids.includes(id) ? places[place] ?? 0 : []);
          assert.deepEqual(own, own.toSorted((a, b) => a - b));
        }
        await log.close();
      },
    ),
    { numRuns: runs(100) },
  ));
