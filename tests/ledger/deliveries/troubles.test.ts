/** What deliveries do about endpoints that hang, change, or are of all organizations, and forks. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { WebhookEndpoint } from "../../../core/webhooks/state.ts";
import { ForkedLog } from "../../../adapters/ledger/feed/cursor.ts";
import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import type { EventLog } from "../../../core/ports/mod.ts";
import { SECOND_MS } from "../../../core/values/calendar.ts";
import { until } from "../../support/eventually.ts";
import { gate } from "../../support/gate.ts";
import {
  assign,
  begin,
  endpointOf,
  openEndpoints,
  openTestCourier,
  openTime,
  registryOf,
  type Says,
  START,
} from "./support.ts";

const organizationOf = (place: number): string => `acme-${String(place).padStart(3, "0")}`;

const times = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

describe("deliveries", { timeout: 300_000 }, () => {
  test("reach a sound endpoint while more hang than there are places", async () => {
    const [log, { clock }] = [openMemoryLog(), openTime()];
    const ended = gate();
    const hang = async (): Promise<number> => {
      await ended.opened;
      return 500;
    };
    const endpoints = openEndpoints(
      clock,
      ({ endpoint }): Says => endpoint === "sound" ? 200 : hang(),
    );
    const all: (readonly [string, WebhookEndpoint])[] = [["acme", endpointOf("sound")]];
    const registry = registryOf(all);
    const { courier } = openTestCourier(log, clock, endpoints.sender, registry);
    await begin(log, "acme", ["pn_1"]);
    await until(() => endpoints.taken("sound").length === 1);
    for (const place of times(200)) {
      registry.add(organizationOf(place), endpointOf(`hangs-${place}`));
      await begin(log, organizationOf(place), ["pn_1"]);
    }
    await assign(log, "acme", ["pn_1"]);
    await until(() => endpoints.taken("sound").length === 2);
    ended.open();
    await courier.close();
    await log.close();
  });

  test("stop within a round where the endpoint is removed, and go where it moves to", async () => {
    const [log, { clock }] = [openMemoryLog(), openTime()];
    const endpoint = endpointOf("wh_1");
    const registry = registryOf([["acme", endpoint]]);
    const urls = new Set<string>();
    let sent = 0;
    const endpoints = openEndpoints(clock, ({ url }) => {
      urls.add(url);
      sent += 1;
      if (sent === 10) registry.change({ ...endpoint, url: "https://moved.example/hook" });
      if (sent === 300) registry.drop("wh_1");
      return 200;
    });
    const numbers = times(50).map((at) => `pn_${at}`);
    await begin(log, "acme", numbers);
    for (const _ of times(40)) await assign(log, "acme", numbers);
    const { courier } = openTestCourier(log, clock, endpoints.sender, registry);
    await courier.settle();
    assert.deepEqual([...urls], [endpoint.url, "https://moved.example/hook"]);
    assert.ok(sent >= 300 && sent < 600, `${sent} were sent`);
    await courier.close();
    await log.close();
  });
});

describe("deliveries to the operator", { timeout: 300_000 }, () => {
  test("ask a dead endpoint once at a time, for all organizations", async () => {
    const [log, { clock, goTo }] = [openMemoryLog(), openTime()];
    let isDead = true;
    const endpoints = openEndpoints(clock, () => isDead ? 503 : 200);
    const registry = registryOf([["operator", endpointOf("wh_all")]]);
    for (const place of times(50)) await begin(log, organizationOf(place), ["pn_1", "pn_2"]);
    const { courier } = openTestCourier(log, clock, endpoints.sender, registry);
    await goTo(courier, START + 60 * SECOND_MS);
    const asked = endpoints.of("wh_all").length;
    assert.ok(asked <= 8, `it was asked ${asked} times`);
    isDead = false;
    await goTo(courier, START + 600 * SECOND_MS);
    await courier.settle();
    assert.equal(new Set(endpoints.taken("wh_all").map(({ id }) => id)).size, 100);
    await courier.close();
    await log.close();
  });

  test("of an endpoint that begins now leave out what was before, however much", async () => {
    const [log, { clock }] = [openMemoryLog(), openTime()];
    const endpoints = openEndpoints(clock, () => 200);
    const numbers = times(50).map((at) => `pn_${at}`);
    await begin(log, "acme", numbers);
    for (const _ of times(20)) await assign(log, "acme", numbers);
    let read = 0;
    const counting: EventLog = {
      ...log,
      events: (...asked) => {
        read += 1;
        return log.events(...asked);
      },
    };
    const { head } = await log.load("acme", {});
    const [last] = await log.events("acme", head.position - 1, 1);
    const addedAt = (last?.at ?? 0) + 1;
    const registry = registryOf([["operator", endpointOf("wh_1", { from: null, addedAt })]]);
    const { courier } = openTestCourier(counting, clock, endpoints.sender, registry);
    await courier.settle();
    assert.deepEqual(endpoints.of("wh_1"), []);
    assert.ok(read < 20, `${read} pages were read`);
    await courier.close();
    await log.close();
  });
});

test("after the restore of a backup an endpoint has what the log has now", async () => {
  const [log, other, { clock }] = [openMemoryLog(), openMemoryLog(), openTime()];
  const endpoints = openEndpoints(clock, () => 200);
  const registry = registryOf([["acme", endpointOf("wh_1")]]);
  for (const one of [log, other]) await begin(one, "acme", ["pn_1"]);
  const reports: unknown[] = [];
  const first = openTestCourier(log, clock, endpoints.sender, registry);
  await assign(log, "acme", ["pn_1", "pn_1", "pn_1"]);
  await first.courier.settle();
  assert.equal(endpoints.taken("wh_1").length, 4);
  await first.courier.close();
  // What was kept of deliveries is of the log that was lost.
  const restored: EventLog = { ...other, deliveries: log.deliveries };
  await begin(other, "acme", ["pn_2", "pn_3", "pn_4", "pn_5"]);
  const report = (_what: string, error: unknown): void => void reports.push(error);
  const next = openTestCourier(restored, clock, endpoints.sender, registry, { report });
  await next.courier.settle();
  await next.courier.settle();
  const numbers = endpoints.taken("wh_1").slice(4).map(({ data }) => Reflect.get(data, "number"));
  assert.deepEqual([...new Set(numbers)].toSorted(), ["pn_2", "pn_3", "pn_4", "pn_5"]);
  assert.ok(reports.every((error) => error instanceof ForkedLog) && reports.length > 0);
  await next.courier.close();
  for (const one of [log, other]) await one.close();
});
