/** Several servers deliver over one PostgreSQL: nothing is lost or out of order. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openTestClock } from "../../../adapters/clock/test.ts";
import { openPostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { gate } from "../../support/gate.ts";
import { until } from "../../support/eventually.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import {
  assign,
  begin,
  endpointOf,
  openEndpoints,
  openTestCourier,
  type Received,
  registryOf,
  START,
} from "./support.ts";

let server: PostgresServer | undefined;
before(async () => {
  server = await startPostgres();
});
after(() => server?.stop());

const database = (): Promise<string> =>
  (server ?? assert.fail("PostgreSQL did not start")).database();

const NUMBERS = ["pn_1", "pn_2", "pn_3", "pn_4", "pn_5"];

const placeOf = ({ event }: Received): number => Number(event.cursor.split("-")[0]);

/** Asserts that what was received is all of so many events, each number's in order. */
const assertWhole = (received: readonly Received[], count: number): void => {
  assert.equal(new Set(received.map(placeOf)).size, count);
  for (const number of NUMBERS) {
    const own = received.filter(({ event }) => Reflect.get(event.data, "number") === number);
    // The first time that each came; one that came again may come later.
    const first = [...new Set(own.map(placeOf))];
    assert.deepEqual(first, first.toSorted((a, b) => a - b), number);
  }
};

test("two servers give each event to each endpoint once", { timeout: 600_000 }, async () => {
  const url = await database();
  const clock = openTestClock(START);
  const endpoints = openEndpoints(clock, () => 200);
  const owned = ["wh_1", "wh_2", "wh_3"].map((id) => ["acme", endpointOf(id)] as const);
  const logs = await Promise.all([1, 2].map(() => openPostgresLog({ url, connections: 4 })));
  const couriers = logs.map((log) =>
    openTestCourier(log, clock, endpoints.sender, registryOf(owned)).courier
  );
  const [log] = logs;
  assert.ok(log !== undefined);
  await begin(log, "acme", NUMBERS);
  for (let round = 0; round < 40; round += 1) {
    await assign(logs[round % 2] ?? log, "acme", NUMBERS);
  }
  const count = 41 * NUMBERS.length;
  await until(() => owned.every(([, { id }]) => endpoints.of(id).length >= count));
  for (const [, { id }] of owned) {
    assertWhole(endpoints.of(id), count);
    assert.equal(endpoints.of(id).length, count, "none came twice");
  }
  for (const courier of couriers) await courier.close();
  for (const one of logs) await one.close();
});

test("a server that dies in the middle is taken over from, and loses nothing", {
  timeout: 600_000,
}, async () => {
  const url = await database();
  const clock = openTestClock(START);
  const [dying, dead] = [gate(), gate()];
  let sent = 0;
  const received: Received[] = [];
  const owned = [["acme", endpointOf("wh_1")] as const];
  // Of the first server, the fourth message and all later ones hang: it was stopped there.
  const first = openEndpoints(clock, async () => {
    sent += 1;
    if (sent > 3) {
      dying.open();
      await dead.opened;
      return 500;
    }
    return 200;
  });
  const second = openEndpoints(clock, () => 200);
  const logs = await Promise.all([1, 2].map(() => openPostgresLog({ url, connections: 4 })));
  const [one, other] = logs as [(typeof logs)[0] & object, (typeof logs)[0] & object];
  await begin(one, "acme", NUMBERS);
  await assign(one, "acme", NUMBERS);
  const { leases } = one;
  assert.ok(leases !== undefined);
  // A process that is stopped does not renew its leases either.
  let isStopped = false;
  const take: typeof leases.take = (...asked) =>
    isStopped ? new Promise(() => {}) : leases.take(...asked);
  const stopping = { ...one, leases: { ...leases, take } };
  const stopped =
    openTestCourier(stopping, clock, first.sender, registryOf(owned), { leaseMs: 300 }).courier;
  await dying.opened;
  isStopped = true;
  const next =
    openTestCourier(other, clock, second.sender, registryOf(owned), { leaseMs: 300 }).courier;
  const count = 2 * NUMBERS.length;
  await until(() => second.of("wh_1").length >= count - 3);
  // It goes on as if nothing had been: what it writes by now moves nothing back.
  dead.open();
  await stopped.close();
  await assign(one, "acme", NUMBERS);
  await until(() => second.of("wh_1").some((got) => placeOf(got) === 3 * NUMBERS.length));
  received.push(...first.of("wh_1").filter(({ took }) => took), ...second.of("wh_1"));
  assertWhole(received, 3 * NUMBERS.length);
  await next.close();
  for (const log of logs) await log.close();
});
