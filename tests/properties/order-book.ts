/** The orders of the carrier in `scripted-ports.ts`. */
import { type Instant, MINUTE_MS } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";

/** An order that was taken. */
export type Taken = { readonly e164: E164; readonly carrierId: string };

/** An order may be taken, or become visible, as late as this after it was sent. */
export const SETTLING_MS = MINUTE_MS;

/** The orders that were sent to a carrier, and the outcome of each, as it becomes visible. */
export const orderBook = (sold: Set<E164>, now: () => Instant, wrongs: string[]) => {
  const orders = new Map<string, Taken>();
  const owned = new Map<string, E164>();
  const cancelled = new Set<string>();
  const under = new Map<string, { readonly takenFrom: Instant; readonly e164: E164 }>();
  const hidden = new Map<string, Instant>();
  const take = (key: string, e164: E164): Taken | null => {
    if (sold.has(e164)) return null;
    const taken = { e164, carrierId: `carrier_${orders.size}` };
    sold.add(e164);
    owned.set(taken.carrierId, e164);
    orders.set(key, taken);
    return taken;
  };
  const arrive = () => {
    for (const [key, { takenFrom, e164 }] of under) {
      if (takenFrom > now()) continue;
      under.delete(key);
      take(key, e164);
    }
  };
  return {
    orders,
    owned,
    arrive,
    /** Null when the number is sold. */
    send: (key: string, e164: E164, how: "atOnce" | "late" | "unseen"): Taken | null => {
      arrive();
      if (orders.has(key) || under.has(key)) wrongs.push(`the order ${key} is sent twice`);
      if (how === "unseen") hidden.set(key, now() + SETTLING_MS);
      if (how !== "late") return take(key, e164);
      under.set(key, { takenFrom: now() + SETTLING_MS, e164 });
      return null;
    },
    /** Cancels the order under this key, which remains as a failed one. */
    cancel: ({ e164, carrierId }: Taken): void => {
      if (!owned.delete(carrierId)) return;
      sold.delete(e164);
      cancelled.add(carrierId);
    },
    isCancelled: ({ carrierId }: Taken): boolean => cancelled.has(carrierId),
    /** The order with this key, as far as it can be seen. */
    find: (key: string): Taken | undefined => {
      arrive();
      return (hidden.get(key) ?? 0) > now() ? undefined : orders.get(key);
    },
  };
};
