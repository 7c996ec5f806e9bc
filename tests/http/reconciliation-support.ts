/** An application whose carrier's order book the tests can change directly. */
import assert from "node:assert/strict";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import type { OrderBook, Sale } from "../../adapters/carrier/sandbox/orders.ts";
import { openTestClock, type TestClock } from "../../adapters/clock/test.ts";
import type { LedgerOptions } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { Carrier, CarrierNumber, EventLog } from "../../core/ports/mod.ts";
import type { E164 } from "../../core/values/e164.ts";
import { ok } from "../../core/values/result.ts";
import { ADMIN_TOKEN, openTestApp, type TestApp, type TestResponse } from "../support/app.ts";

export const START = Date.parse("2026-01-31T10:00:00Z");
export const [ONE, TWO, THREE]: readonly [E164, E164, E164] = [
  "+14155550101",
  "+14155550102",
  "+14155550103",
];

/** Orders under this key look as if they had no key. */
export const NO_KEY = "";

/** The carrier, whose look-ups and inventory show numbers so. */
export const showing = (
  carrier: Carrier,
  shown: (number: CarrierNumber) => CarrierNumber,
): Carrier => ({
  ...carrier,
  findNumber: async (e164) => {
    const found = await carrier.findNumber(e164);
    return found.ok && found.value !== null ? ok(shown(found.value)) : found;
  },
  inventory: async (after) => {
    const page = await carrier.inventory(after);
    return page.ok ? ok({ ...page.value, numbers: page.value.numbers.map(shown) }) : page;
  },
});

/** The sandbox carrier, where an order may have no key. */
const keyless = (carrier: Carrier): Carrier =>
  showing(
    carrier,
    (number) => number.orderKey === NO_KEY ? { ...number, orderKey: null } : number,
  );

export type World = {
  readonly app: TestApp;
  readonly token: string;
  readonly orders: OrderBook;
  readonly clock: TestClock;
  readonly log: EventLog;
  readonly buy: (e164: E164, connectionId?: string) => Promise<string>;
  readonly list: () => Promise<readonly string[]>;
  readonly reconcile: (body?: unknown) => Promise<TestResponse>;
  /** The drifts of a reconciliation that must complete. */
  readonly drifts: () => Promise<readonly string[]>;
  readonly sale: (e164: E164) => Promise<Sale>;
  /** The carrier assigns a number under this key, as if it had been ordered. */
  readonly order: (e164: E164, key: string) => Promise<void>;
};

/** Opens a world in which the organization acme buys; `play` changes the carrier's behaviour. */
export const openWorld = async (
  options: Partial<LedgerOptions> = {},
  play: (carrier: Carrier) => Carrier = (carrier) => carrier,
): Promise<World> => {
  const clock = openTestClock(START);
  const orders = openMemoryOrderBook();
  const log = options.log ?? openMemoryLog();
  const sandbox = openSandboxCarrier({ orders, clock, realClock: clock });
  const carrier = play(keyless(sandbox));
  const app = openTestApp({
    carrier,
    clock,
    setClock: clock.set,
    runsAutomations: false,
    waitMs: 20,
    ...options,
    log,
  });
  const token = await app.organization("acme");
  const world: World = {
    app,
    token,
    orders,
    clock,
    log,
    buy: async (phoneNumber, connectionId) => {
      if (connectionId !== undefined) {
        const path = `/admin/organizations/acme/connections/${connectionId}`;
        await app.admin("PUT", path, { label: "Main" });
      }
      const body = { phoneNumber, teamId: "acme", connectionId };
      const bought = await app.request("POST", "/api/phone-numbers/purchase", { token, body });
      assert.ok(bought.status === 200 || bought.status === 202, JSON.stringify(bought.json));
      return bought.json.phoneNumber.id;
    },
    list: async () => {
      const { json } = await app.request("GET", "/ledger/numbers", { token });
      return json.numbers.map((number: Record<string, string>) => number["e164"]);
    },
    reconcile: (body) =>
      app.request("POST", "/admin/reconciliations", {
        token: ADMIN_TOKEN,
        ...(body === undefined ? {} : { body }),
      }),
    drifts: async () => {
      const { status, json } = await world.reconcile();
      assert.equal(status, 200, JSON.stringify(json));
      assert.equal(json.status, "complete");
      return json.drifts.map((drift: Record<string, string>) =>
        `${drift["kind"]} ${drift["e164"]}: ${drift["remedy"]}, ${drift["outcome"]}`
      );
    },
    sale: async (e164) => {
      const sale = await orders.sale(e164);
      assert.ok(sale, `${e164} is not sold`);
      return sale;
    },
    order: async (e164, key) => {
      const now = { orderedAt: clock.now(), machineOrderedAt: clock.now() };
      assert.ok(await orders.take(key, { e164, connectionId: null, ...now }));
    },
  };
  return world;
};

/** The key under which a number was bought that was released since. */
export const ourOldKey = async (world: World, e164: E164): Promise<string> => {
  const id = await world.buy(e164);
  const { key } = await world.sale(e164);
  const { token } = world;
  const released = await world.app.request("DELETE", `/v1/phone-numbers/${id}`, { token });
  assert.equal(released.status, 200);
  assert.equal(await world.orders.sale(e164), null);
  return key;
};
