import * as v from "valibot";
import { FEATURES, PATTERNS } from "../../../core/ports/carrier.ts";
import type {
  Carrier,
  CarrierError,
  CarrierNumber,
  Clock,
  Offer,
  Order,
} from "../../../core/ports/mod.ts";
import { assertArguments } from "../../validation/argument.ts";
import { type E164, isE164 } from "../../../core/values/e164.ts";
import { failed, ok } from "../../../core/values/result.ts";
import { adapter, ClockSchema, exactly } from "../../validation/shapes.ts";
import { type Inventory, openInventory, take } from "./inventory.ts";
import { magicOf } from "./magic.ts";
import { openMemoryOrderBook } from "./memory.ts";
import { carrierIdOf, statusBy } from "./order-status.ts";
import { requirementsOf, unmetBy } from "./requirements.ts";
import type { OrderBook, Sale, TakenOrder } from "./orders.ts";

const MAX_LIMIT = 100;
const RELEASE_FAILURES = 2;
// How many numbers beyond the limit are read first; each further read is larger by this factor.
const SPARE = 28;
const GROWTH = 4;

const PAGE = 250;
const MACHINE_CLOCK: Clock = { now: () => Date.now() };

const CARRIER_ID = /^sandbox_(\d{7,15})_(\d{1,15})$/;

const UNREACHABLE: CarrierError = {
  kind: "unreachable",
  message: "the sandbox carrier plays unreachable for this number",
};
const ANSWER_LOST: CarrierError = {
  kind: "unknown",
  message: "the sandbox carrier lost its answer to this order",
};
const RELEASE_FAILED: CarrierError = {
  kind: "unknown",
  message: "the sandbox carrier failed to release this number; it will after two attempts",
};
const NOT_AVAILABLE: Order = {
  status: "failed",
  reason: "notAvailable",
  message: "the sandbox carrier does not have this number to sell",
};
const REFUSED: Order = {
  status: "failed",
  reason: "refused",
  message: "the sandbox carrier refuses orders for this number",
};

/** The first `limit` offers that are not sold. One query to the book, unless most are sold. */
const unsold = async (
  offers: Generator<Offer>,
  limit: number,
  orders: OrderBook,
): Promise<readonly Offer[]> => {
  const found: Offer[] = [];
  for (let size = limit + SPARE; found.length < limit; size *= GROWTH) {
    const batch = take(offers, size);
    if (batch.length === 0) break;
    const sold = await orders.sold(batch.map(({ e164 }) => e164));
    found.push(...batch.filter(({ e164 }) => !sold.has(e164)).slice(0, limit - found.length));
  }
  return found;
};

const parseCarrierId = (carrierId: string): { e164: E164; sequence: number } | undefined => {
  const [, digits, sequence] = CARRIER_ID.exec(carrierId) ?? [];
  const e164 = `+${digits}`;
  return isE164(e164) ? { e164, sequence: Number(sequence) } : undefined;
};

const quote = async (
  e164: E164,
  inventory: Inventory,
  orders: OrderBook,
): Promise<Offer | null> => {
  const offer = inventory.offerOf(e164);
  if (offer === undefined || magicOf(e164) === "notAvailable") return null;
  return (await orders.sold([e164])).has(e164) ? null : offer;
};

/** The status of a number by that of its order; a failed order is released when it is read. */
const KEPT_AS: Readonly<Record<Order["status"], CarrierNumber["status"]>> = {
  pending: "pending",
  confirmed: "active",
  failed: "other",
};

/** Sold numbers, as the carrier reports and changes them. */
const keeping = (
  inventory: Inventory,
  orders: OrderBook,
  statusOf: (order: TakenOrder) => Order,
): Pick<Carrier, "findNumber" | "inventory" | "has"> => {
  const kept = (sale: Sale): CarrierNumber => {
    const offer = inventory.offerOf(sale.e164);
    return {
      e164: sale.e164,
      carrierId: carrierIdOf(sale),
      status: KEPT_AS[statusOf(sale).status],
      orderKey: sale.key,
      connectionId: sale.connectionId,
      attached: sale.connectionId !== null,
      ...(offer && { country: offer.country, type: offer.type }),
    };
  };
  return {
    findNumber: async (e164) => {
      const sale = await orders.sale(e164);
      return ok(sale === null ? null : kept(sale));
    },
    inventory: async (after) => {
      const sales = await orders.sales(Number(after ?? 0), PAGE);
      const last = sales.length < PAGE ? undefined : sales[PAGE - 1];
      return ok({ numbers: sales.map(kept), next: last === undefined ? null : `${last.sequence}` });
    },
    has: async ({ carrierId, e164 }) => {
      const sale = await orders.sale(e164);
      return ok(sale !== null && carrierIdOf(sale) === carrierId);
    },
  };
};

/**
 * Where calls go: a number of the sandbox carries no messages, and without a connection no calls.
 */
const connecting = (orders: OrderBook): Pick<Carrier, "connect" | "suspend" | "resume"> => {
  const isSet = async (carrierId: string, connectionId: string | null): Promise<boolean> => {
    const order = parseCarrierId(carrierId);
    return order !== undefined && await orders.connect(order, connectionId);
  };
  const isKept = async (carrierId: string): Promise<boolean> => {
    const order = parseCarrierId(carrierId);
    const sale = order === undefined ? null : await orders.sale(order.e164);
    return sale !== null && sale.sequence === order?.sequence;
  };
  return {
    connect: async ({ carrierId }, connectionId) =>
      ok(await isSet(carrierId, connectionId) ? "connected" : "gone"),
    suspend: async ({ carrierId }) => ok(await isSet(carrierId, null) ? "suspended" : "gone"),
    resume: async ({ carrierId }, { connectionId }) => {
      const isThere = connectionId === null ? isKept(carrierId) : isSet(carrierId, connectionId);
      return ok(await isThere ? "resumed" : "gone");
    },
  };
};

/** The sandbox carrier's order book and clocks. */
export type SandboxOptions = {
  /** In memory by default, lasting as long as the carrier. */
  readonly orders?: OrderBook | undefined;
  /** The machine's by default. */
  readonly clock?: Clock | undefined;
  /** The machine's clock, where `clock` is a test clock. */
  readonly realClock?: Clock | undefined;
};

const ENTRIES: Readonly<Record<keyof SandboxOptions, v.GenericSchema>> = {
  orders: v.optional(adapter<OrderBook>({
    sold: true,
    take: true,
    last: true,
    sale: true,
    sales: true,
    cancel: true,
    connect: true,
    release: true,
  })),
  clock: v.optional(ClockSchema),
  realClock: v.optional(ClockSchema),
};

const OptionsSchema = exactly(ENTRIES);

/** It is in this process, or in its database: only its callers limit its concurrency. */
const CALLS_AT_ONCE = 1_000;

/**
 * The sandbox carrier: a deterministic inventory over real numbering plans, for trying Ledgerline
 * out and for tests (adapters/carrier/README.md). `search` lists the first numbers of each area;
 * `quote` and `order` accept any number that the plan of its country has (for +1: an area code in
 * service and an exchange 2XX to 9XX but not N11; elsewhere: a shape of `plans/other-countries.ts`)
 * unless it is sold or magic (`MAGIC`). A limit outside 1–100 is `refused`. It can be searched by
 * every feature and pattern. Like many real carriers it accepts the same key twice. A slow order is
 * confirmed 3 s after it by `clock` or by `realClock`, whichever comes first. It accepts any
 * connection id. Without a book its orders last as long as the carrier object: a durable log needs
 * a durable book. Throws an `InvalidArgument` that names the option that does not fit.
 *
 * @example
 * ```ts
 * import { openSandboxCarrier } from "ledgerline/carriers/sandbox";
 * const carrier = openSandboxCarrier();
 * ```
 */
export const openSandboxCarrier = (options: SandboxOptions = {}): Carrier => {
  assertArguments({ options: OptionsSchema }, [options]);
  const { orders = openMemoryOrderBook(), clock = MACHINE_CLOCK, realClock = MACHINE_CLOCK } =
    options;
  const inventory = openInventory();

  const statusOf = statusBy(clock, realClock);

  return {
    name: "sandbox",
    settlingMs: 0,
    callsAtOnce: CALLS_AT_ONCE,
    searchesBy: { features: FEATURES, patterns: PATTERNS },
    ...keeping(inventory, orders, statusOf),
    ...connecting(orders),
    search: async (filters) => {
      const { limit } = filters;
      if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
        return failed({ kind: "refused", message: `the limit must be 1 to ${MAX_LIMIT}` });
      }
      return ok(await unsold(inventory.listed(filters), limit, orders));
    },
    quote: async (e164) => {
      if (magicOf(e164) === "unreachable") return failed(UNREACHABLE);
      return ok(await quote(e164, inventory, orders));
    },
    requirements: async (kind) => ok(requirementsOf(kind)),
    order: async ({ key, e164, connectionId, requirementGroupId }) => {
      const magic = magicOf(e164);
      if (magic === "unreachable") return failed(UNREACHABLE);
      if (magic === "orderRefused") return ok(REFUSED);
      const offer = inventory.offerOf(e164);
      const isOffered = magic !== "notAvailable" && magic !== "soldInBetween";
      if (!isOffered || offer === undefined) return ok(NOT_AVAILABLE);
      const unmet = unmetBy(offer, requirementGroupId);
      if (unmet !== null) return ok(unmet);
      const now = { orderedAt: clock.now(), machineOrderedAt: realClock.now() };
      const taken = await orders.take(key, { e164, connectionId, ...now });
      if (taken === null) return ok(NOT_AVAILABLE);
      return magic === "answerLost" ? failed(ANSWER_LOST) : ok(statusOf(taken));
    },
    findOrder: async (key) => {
      const order = await orders.last(key);
      if (order === null) return ok(null);
      const status = statusOf(order);
      if (status.status === "failed") await orders.release(order, 0);
      return ok(status);
    },
    cancel: async (key) => {
      const order = await orders.last(key);
      if (order === null) return ok("none");
      const { status } = statusOf(order);
      if (status === "confirmed") return ok("filled");
      if (status === "pending") return ok(await orders.cancel(order) ? "cancelled" : "open");
      await orders.release(order, 0);
      return ok("cancelled");
    },
    release: async ({ carrierId }) => {
      const order = parseCarrierId(carrierId);
      if (order === undefined) return ok("gone");
      const failures = magicOf(order.e164) === "releaseFailsTwice" ? RELEASE_FAILURES : 0;
      const outcome = await orders.release(order, failures);
      return outcome === "failed" ? failed(RELEASE_FAILED) : ok(outcome);
    },
  };
};
