import type { OrderBook, Sale, TakenOrder } from "./orders.ts";

/**
 * An order book that lasts as long as the process.
 *
 * @example
 * ```ts
 * import { openMemoryOrderBook, openSandboxCarrier } from "ledgerline/carriers/sandbox";
 *
 * const orders = openMemoryOrderBook();
 * // Two carriers of one book know of each other's orders.
 * const carriers = [openSandboxCarrier({ orders }), openSandboxCarrier({ orders })];
 * ```
 */
export const openMemoryOrderBook = (): OrderBook => {
  const lastByKey = new Map<string, TakenOrder>();
  const cancelled = new Set<number>();
  const sold = new Map<string, { sale: Sale; attempts: number }>();
  let taken = 0;
  return {
    sold: (numbers) => Promise.resolve(new Set(numbers.filter((e164) => sold.has(e164)))),
    take: (key, order) => {
      if (sold.has(order.e164)) return Promise.resolve(null);
      const sequence = ++taken;
      const takenOrder = { ...order, sequence };
      sold.set(order.e164, { sale: { ...takenOrder, key }, attempts: 0 });
      lastByKey.set(key, takenOrder);
      return Promise.resolve(takenOrder);
    },
    last: (key) => {
      const last = lastByKey.get(key);
      return Promise.resolve(
        last === undefined ? null : { ...last, cancelled: cancelled.has(last.sequence) },
      );
    },
    sale: (e164) => Promise.resolve(sold.get(e164)?.sale ?? null),
    sales: (after, limit) => {
      const all = [...sold.values()].map(({ sale }) => sale);
      const later = all.filter(({ sequence }) => sequence > after);
      return Promise.resolve(later.sort((a, b) => a.sequence - b.sequence).slice(0, limit));
    },
    connect: ({ sequence, e164 }, connectionId) => {
      const kept = sold.get(e164);
      if (kept?.sale.sequence !== sequence) return Promise.resolve(false);
      kept.sale = { ...kept.sale, connectionId };
      return Promise.resolve(true);
    },
    cancel: ({ sequence, e164 }) => {
      if (sold.get(e164)?.sale.sequence === sequence) {
        sold.delete(e164);
        cancelled.add(sequence);
      }
      return Promise.resolve(cancelled.has(sequence));
    },
    release: ({ sequence, e164 }, failures) => {
      const kept = sold.get(e164);
      if (kept?.sale.sequence !== sequence) return Promise.resolve("gone");
      if (kept.attempts++ < failures) return Promise.resolve("failed");
      sold.delete(e164);
      return Promise.resolve("released");
    },
  };
};
