/** The suite passes a carrier that fulfils its port, and finds each that does not. */
import { describe } from "node:test";
import { openSandboxCarrier } from "../../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../../adapters/clock/test.ts";
import type { Carrier, Order } from "../../../core/ports/mod.ts";
import { ok } from "../../../core/values/result.ts";
import { SANDBOX_OPTIONS, sandboxSubject } from "../../contract/carrier/sandbox.ts";
import { carrierContract } from "../contract/carrier.ts";
import { findsOut, type Planted } from "./support.ts";

const CARRIERS: Planted<Carrier> = {
  "sells a number twice": ({ order }) => ({
    order: async (asked) => {
      const placed = await order(asked);
      const sold = placed.ok && placed.value.status === "failed";
      return sold ? ok({ status: "confirmed", carrierId: "again" }) : placed;
    },
  }),
  "says that it cancelled, and fills the order": ({ cancel }) => ({
    cancel: async (key) => {
      const answer = await cancel?.(key);
      return answer?.ok === true && answer.value === "none" ? answer : ok("cancelled");
    },
  }),
  "cancels what it does not call off": ({ findOrder }) => ({
    cancel: async (key) => {
      const order = await findOrder(key);
      if (!order.ok || order.value === null) return ok("none");
      return ok(order.value.status === "confirmed" ? "filled" : "cancelled");
    },
  }),
  "knows orders that were never made": () => ({ cancel: () => Promise.resolve(ok("open")) }),
  "forgets the keys of orders": ({ order }) => ({
    order: (asked) => order({ ...asked, key: `${asked.key} or so` }),
  }),
  "still offers what is sold": ({ search }) => {
    let first: ReturnType<Carrier["search"]> | null = null;
    return { search: (filters) => first ??= search(filters) };
  },
  "releases the number's present holder": (carrier) => ({
    release: async ({ e164 }) => {
      const found = await carrier.findNumber(e164);
      if (!found.ok || found.value === null) return ok("gone");
      return carrier.release(found.value);
    },
  }),
  "leaves the last number out of its inventory": ({ inventory }) => ({
    inventory: async (after) => {
      const page = await inventory(after);
      return page.ok ? ok({ ...page.value, numbers: page.value.numbers.slice(0, -1) }) : page;
    },
  }),
  "has an inventory without end": ({ inventory }) => ({
    inventory: async () => {
      const page = await inventory(null);
      return page.ok ? ok({ ...page.value, next: "the first again" }) : page;
    },
  }),
  "does not say how long its orders take": () => ({ settlingMs: Number.NaN }),
  "has a name that no event can hold": () => ({ name: "Acme Telephony Inc." }),
  "says that it requires nothing": () => ({ requirements: () => Promise.resolve(ok([])) }),
  "requires something of everybody": () => ({
    requirements: () => Promise.resolve(ok([{ id: "all", name: "Papers", description: null }])),
  }),
  "sells without the documents that it requires": ({ order }) => ({
    order: (asked) => order({ requirementGroupId: "rg_any", ...asked }),
  }),
  "accepts any documents": ({ order }) => ({
    order: (asked) =>
      order(
        asked.requirementGroupId === undefined ? asked : { ...asked, requirementGroupId: "any" },
      ),
  }),
  "loses the requirement group on its way": ({ order }) => ({
    order: ({ requirementGroupId: _lost, ...asked }) => order(asked),
  }),
  "refuses for documents as for anything else": ({ order }) => ({
    order: async (asked) => {
      const placed = await order(asked);
      if (!placed.ok || placed.value.status !== "failed") return placed;
      return ok({ ...placed.value, reason: "notAvailable" });
    },
  }),
  "keeps every number": () => ({ release: () => Promise.resolve(ok("released")) }),
  "finds an order by the start of its key": ({ findOrder, order }) => {
    const keys = new Set<string>();
    return {
      order: (asked) => {
        keys.add(asked.key);
        return order(asked);
      },
      findOrder: (key) => findOrder([...keys].find((known) => known.startsWith(key)) ?? key),
    };
  },
  "returns its last order, whichever is asked for": ({ findOrder, order }) => {
    let last = "";
    return {
      order: (asked) => {
        last = asked.key;
        return order(asked);
      },
      findOrder: (key) => findOrder(last === "" ? key : last),
    };
  },
  "gives prices in dollars": ({ search }) => ({
    search: async (filters) => {
      const found = await search(filters);
      return found.ok
        ? ok(found.value.map((offer) => ({ ...offer, monthly: { micros: 1.15, currency: "USD" } })))
        : found;
    },
  }),
  "says no more than that it is confirmed": ({ findOrder }) => ({
    findOrder: async (key) => {
      const found = await findOrder(key);
      return found.ok && found.value !== null
        ? ok({ status: "confirmed" } as unknown as Order)
        : found;
    },
  }),
  "quotes nothing when it is given the country": ({ quote }) => ({
    quote: (e164, kind) => kind?.country === undefined ? quote(e164) : Promise.resolve(ok(null)),
  }),
  "suspends no number": () => ({ suspend: () => Promise.resolve(ok("suspended")) }),
  "resumes no number": () => ({ resume: () => Promise.resolve(ok("resumed")) }),
  "suspends the number's present holder": (carrier) => ({
    suspend: async ({ e164 }) => {
      const found = await carrier.findNumber(e164);
      if (!found.ok || found.value === null) return ok("gone");
      return carrier.suspend?.(found.value) ?? ok("gone");
    },
  }),
  "says that a number is attached which is not": ({ findNumber }) => ({
    findNumber: async (e164) => {
      const found = await findNumber(e164);
      return found.ok && found.value !== null ? ok({ ...found.value, attached: true }) : found;
    },
  }),
  "gives a number back that it is to suspend": (carrier) => ({
    suspend: async (number) => {
      await carrier.release(number);
      return ok("suspended");
    },
  }),
  "detaches what a resumption says nothing of": (carrier) => ({
    resume: async (number, route) => {
      if (route.connectionId === null) await carrier.suspend?.(number);
      return carrier.resume?.(number, route) ?? ok("gone");
    },
  }),
  "ignores towns": ({ search }) => ({
    search: ({ locality: _town, ...filters }) => search(filters),
  }),
};

describe("the contract of carriers", () => {
  findsOut(CARRIERS, (runner, plant) =>
    carrierContract(runner, "planted", () => {
      const clock = openTestClock(0);
      const carrier = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
      return Promise.resolve(sandboxSubject(plant(carrier), clock));
    }, SANDBOX_OPTIONS));
});
