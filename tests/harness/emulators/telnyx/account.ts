/**
 * What the emulated carrier knows: which numbers it offered, its orders, and whose numbers are
 * whose.
 */
import { openInventory } from "../../../../adapters/carrier/sandbox/inventory.ts";
import type { Clock, Offer } from "../../../../core/ports/mod.ts";
import { type Group, openReviews, type Review, type ReviewStatus } from "./requirements.ts";
import type { Instant, Milliseconds } from "../../../../core/values/calendar.ts";

/** One number within an order; its id is not the number's. */
export type OrderItem = { readonly id: string; readonly numberId: string; readonly offer: Offer };

/** An order as it was taken. */
export type NumberOrder = {
  readonly id: string;
  readonly customerReference: string | null;
  readonly connectionId: string | null;
  readonly createdAt: Instant;
  readonly settlesAt: Instant;
  readonly fails: boolean;
  /** The status of its requirements when it was taken; null where there are none. */
  readonly review: ReviewStatus | null;
  /** The one part that it is carried out in; a real order has one for each country and type. */
  readonly partId: string;
  readonly items: readonly OrderItem[];
};

/** A number of the account. */
export type OwnedNumber = {
  readonly id: string;
  readonly offer: Offer;
  readonly order: NumberOrder;
  readonly connectionId: string | null;
  readonly messagingProfileId: string | null;
  readonly customerReference: string | null;
  readonly updatedAt: Instant;
};

export type OrderStatus = "pending" | "success" | "failure";

/** How the emulated carrier behaves. */
type AccountOptions = {
  readonly clock: Clock;
  /** How long an order stays pending; 0: it is settled in the answer to it. */
  readonly orderMs: Milliseconds;
  /** How long a search allows its numbers to be ordered. */
  readonly orderableMs: Milliseconds;
  /** How long a new order and its numbers do not show in lists. */
  readonly hiddenMs: Milliseconds;
  /** The value for no connection in a change of a number. */
  readonly noConnection: "empty" | "null";
};

export type Account = Pick<AccountOptions, "noConnection"> & {
  readonly clock: Clock;
  readonly inventory: ReturnType<typeof openInventory>;
  /** In the order in which they came. */
  readonly orders: () => readonly NumberOrder[];
  /** The numbers of the account, those on their way too. */
  readonly numbers: () => readonly OwnedNumber[];
  readonly number: (id: string) => OwnedNumber | undefined;
  readonly isTaken: (e164: string) => boolean;
  readonly isOrderable: (e164: string) => boolean;
  readonly isListed: (order: NumberOrder) => boolean;
  readonly statusOf: (order: NumberOrder) => OrderStatus;
  /** The status of its requirements; null where there are none. */
  readonly reviewOf: (order: NumberOrder) => Review | null;
  /** When it ended or will end, if nothing more happens. */
  readonly settlesAt: (order: NumberOrder) => Instant;
  /** The requirements of the latest order of this number have this status from now on. */
  readonly review: (e164: string, status: ReviewStatus) => void;
  /** The requirement group with this id. */
  readonly group: (id: string) => Group | undefined;
  readonly addGroup: (group: Omit<Group, "id">) => Group;
  /** Notes that a search returned these. */
  readonly show: (offers: readonly Offer[]) => void;
  readonly take: (
    offers: readonly Offer[],
    terms: Pick<NumberOrder, "customerReference" | "connectionId" | "review">,
  ) => NumberOrder;
  readonly change: (
    number: OwnedNumber,
    changes: Partial<
      Pick<OwnedNumber, "connectionId" | "messagingProfileId" | "customerReference">
    >,
  ) => OwnedNumber;
  readonly remove: (number: OwnedNumber) => void;
  /** Cancels an order that is pending. */
  readonly cancel: (order: NumberOrder) => void;
  /** From now on an order of this number ends in failure. */
  readonly refuse: (e164: string) => void;
  /** The next order of this number succeeds, and the number is deleted immediately. */
  readonly lose: (e164: string) => void;
};

// It remembers nothing, so all accounts can share it.
const INVENTORY = openInventory();

const FIRST_NUMBER_ID = 1_293_384_261_075_731_499n;

const uuid = (kind: string, count: number): string =>
  `${kind}-0000-4000-8000-${String(count).padStart(12, "0")}`;

/** The earliest end of an order, by the review of its requirements. */
const reviewedAt = (review: Review | null, orderMs: Milliseconds): Instant => {
  if (review === null) return -Infinity;
  if (review.status === "cancelled") return review.at;
  return review.status === "approved" ? review.at + orderMs : Infinity;
};

/** The status of orders, and when each ends. */
const statusBy = ({ clock, orderMs, reviewOf, cancelled }: {
  readonly clock: Clock;
  readonly orderMs: Milliseconds;
  readonly reviewOf: Account["reviewOf"];
  /** The ids of orders that were cancelled. */
  readonly cancelled: ReadonlySet<string>;
}): Pick<Account, "settlesAt" | "statusOf"> => {
  const settlesAt = (order: NumberOrder): Instant =>
    Math.max(order.settlesAt, reviewedAt(reviewOf(order), orderMs));
  const statusOf = (order: NumberOrder): OrderStatus => {
    if (cancelled.has(order.id)) return "failure";
    if (clock.now() < settlesAt(order)) return "pending";
    return order.fails || reviewOf(order)?.status === "cancelled" ? "failure" : "success";
  };
  return { settlesAt, statusOf };
};

/** How a number begins that was ordered so. */
const ownedBy = (
  { customerReference, connectionId }: Pick<OwnedNumber, "customerReference" | "connectionId">,
) => ({ customerReference, connectionId, messagingProfileId: null });

/** An account without orders and numbers. */
export const openAccount = (options: AccountOptions): Account => {
  const { clock, orderMs, orderableMs, hiddenMs, noConnection } = options;
  const orders: NumberOrder[] = [];
  const owned = new Map<string, OwnedNumber>();
  const shownAt = new Map<string, Instant>();
  const [refused, lost, cancelled] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let items = 0;

  const { reviewOf, note, group, addGroup } = openReviews(clock);
  const { settlesAt, statusOf } = statusBy({ clock, orderMs, reviewOf, cancelled });
  const numbers = (): readonly OwnedNumber[] =>
    [...owned.values()].filter(({ order }) => statusOf(order) !== "failure");
  const newItem = (offer: Offer): OrderItem => {
    const count = ++items;
    return { id: uuid("1e000000", count), numberId: `${FIRST_NUMBER_ID + BigInt(count)}`, offer };
  };
  return {
    clock,
    noConnection,
    inventory: INVENTORY,
    orders: () => orders,
    numbers,
    number: (id) => numbers().find((number) => number.id === id),
    isTaken: (e164) => {
      const number = owned.get(e164);
      return number !== undefined && statusOf(number.order) !== "failure";
    },
    isOrderable: (e164) => clock.now() - (shownAt.get(e164) ?? -Infinity) <= orderableMs,
    isListed: (order) => clock.now() - order.createdAt >= hiddenMs,
    statusOf,
    reviewOf,
    settlesAt,
    review: (e164, status) => {
      const order = orders.findLast(({ items }) => items.some(({ offer }) => offer.e164 === e164));
      if (order !== undefined) note(order, status);
    },
    group,
    addGroup,
    show: (offers) => {
      for (const { e164 } of offers) shownAt.set(e164, clock.now());
    },
    take: (offers, terms) => {
      const createdAt = clock.now();
      const order: NumberOrder = {
        ...terms,
        id: uuid("0de00000", orders.length + 1),
        partId: uuid("50b00000", orders.length + 1),
        createdAt,
        settlesAt: createdAt + orderMs,
        fails: offers.some(({ e164 }) => refused.has(e164)),
        items: offers.map(newItem),
      };
      orders.push(order);
      for (const { numberId: id, offer } of order.items) {
        if (lost.delete(offer.e164)) continue;
        owned.set(offer.e164, { ...ownedBy(terms), id, offer, order, updatedAt: createdAt });
      }
      return order;
    },
    change: (number, changes) => {
      const changed = { ...number, ...changes, updatedAt: clock.now() };
      owned.set(number.offer.e164, changed);
      return changed;
    },
    remove: ({ offer }) => void owned.delete(offer.e164),
    cancel: ({ id }) => void cancelled.add(id),
    refuse: (e164) => void refused.add(e164),
    lose: (e164) => void lost.add(e164),
  };
};
