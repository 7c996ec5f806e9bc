import type { OrderBook, TakenOrder } from "./orders.ts";

/** An order book that lasts as long as the process. */
export const openMemoryOrderBook = (): OrderBook => {
  const lastByKey = new Map<string, TakenOrder>();
  const sold = new Map<string, { readonly sequence: number; attempts: number }>();
  let taken = 0;
  return {
    sold: (numbers) => Promise.resolve(new Set(numbers.filter((e164) => sold.has(e164)))),
    take: (key, order) => {
      if (sold.has(order.e164)) return Promise.resolve(null);
      const sequence = ++taken;
      const takenOrder = { ...order, sequence };
      sold.set(order.e164, { sequence, attempts: 0 });
      lastByKey.set(key, takenOrder);
      return Promise.resolve(takenOrder);
    },
    last: (key) => Promise.resolve(lastByKey.get(key) ?? null),
    release: ({ sequence, e164 }, failures) => {
      const sale = sold.get(e164);
      if (sale?.sequence !== sequence) return Promise.resolve("gone");
      if (sale.attempts++ < failures) return Promise.resolve("failed");
      sold.delete(e164);
      return Promise.resolve("released");
    },
  };
};
