/** A carrier and a payments provider that do what a script says, and remember what was done. */
import type {
  Cancellation,
  Carrier,
  CarrierError,
  CarrierNumber,
  Charge,
  Clock,
  Order,
  Payments,
} from "../../core/ports/mod.ts";
import type { Instant } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import { failed, ok, type Result } from "../../core/values/result.ts";
import { NUMBERS, offerOf } from "../harness/arbitraries/contents.ts";
import { orderBook, SETTLING_MS, type Taken } from "./order-book.ts";
import { CONNECTION, routeBook, type RouteWeather } from "./route-double.ts";

/** How the outside world behaves by default. */
export type Weather = {
  readonly order:
    | "confirms"
    | "waits"
    /** The order is taken, and waits until documents are reviewed. */
    | "reviews"
    | "refuses"
    | "soldInBetween"
    | "unreachable"
    /** The order is taken, its answer lost. */
    | "answerLost"
    /** The order is lost, and so the carrier does not have it. */
    | "orderLost"
    /** The order is taken much later, its answer lost. */
    | "takenLate"
    /** The order is taken, its answer lost, and no look-up shows it for a long time. */
    | "seenLate"
    | "throws";
  /** The outcome of looking for an order, or for offers. */
  readonly lookUp: "answers" | "unreachable" | "unknown" | "throws";
  /** The outcome of cancelling an order that is not filled yet. */
  readonly cancel:
    | "cancels"
    /** It says that it does not cancel it now. */
    | "stays"
    /** Nothing is done, and nothing is reported. */
    | "unknown"
    /** The order is cancelled, the answer lost. */
    | "answerLost"
    | "throws";
  readonly release: "releases" | "fails" | "answerLost" | "throws";
  readonly route: RouteWeather;
  readonly payment:
    | "paid"
    | "declined"
    /** Nothing is taken now, and nothing is reported. */
    | "unknown"
    /** The money is taken, the answer lost. */
    | "answerLost"
    | "throws";
  readonly refund: "refunded" | "unknown" | "answerLost" | "throws";
  readonly notice: "queued" | "fails";
};

/** All goes well. */
export const FAIR: Weather = {
  order: "confirms",
  lookUp: "answers",
  cancel: "cancels",
  release: "releases",
  route: "changes",
  payment: "paid",
  refund: "refunded",
  notice: "queued",
};

/** The world outside, and what it remembers. */
export type Outside = {
  readonly carrier: Carrier;
  readonly payments: Payments;
  weather: Weather;
  /** Charges that were paid and not given back, by their keys. */
  readonly paid: ReadonlyMap<string, Charge>;
  /** Numbers that the carrier has given out. */
  readonly sold: ReadonlySet<E164>;
  /** Those of them that nothing is attached to. */
  readonly detached: () => readonly E164[];
  /** Forbidden calls that were made anyway. */
  readonly wrongs: readonly string[];
};

const error = (kind: CarrierError["kind"]) =>
  failed<CarrierError>({ kind, message: `The carrier plays ${kind}.` });

const REFUSED = { status: "failed", reason: "refused", message: "No." } as const;
const SOLD = { status: "failed", reason: "notAvailable", message: "It is sold." } as const;

const keptBy = (
  orders: ReadonlyMap<string, Taken>,
  owned: ReadonlyMap<string, E164>,
  statusOf: (order: Taken) => Order,
  isDetached: (carrierId: string) => boolean,
): readonly CarrierNumber[] =>
  [...orders].filter(([, { carrierId }]) => owned.has(carrierId)).map(([key, taken]) => ({
    e164: taken.e164,
    carrierId: taken.carrierId,
    status: statusOf(taken).status === "pending" ? "pending" : "active",
    orderKey: key,
    connectionId: isDetached(taken.carrierId) ? null : CONNECTION,
    attached: !isDetached(taken.carrierId),
  }));

/** Records the requirement group of an order, which is the same each time it is sent. */
const groupWatch = (wrongs: string[]) => {
  const groups = new Map<string, string | null>();
  return (key: string, group: string | null): void => {
    const before = groups.has(key) ? groups.get(key) : group;
    if (before !== group) wrongs.push(`the order ${key} is sent with another requirement group`);
    groups.set(key, group);
  };
};

/** The status of an order that is taken, and not confirmed. */
const PENDING: Readonly<Partial<Record<Weather["order"], Order>>> = {
  waits: { status: "pending" },
  reviews: { status: "pending", waitsFor: "review" },
};

/** What happens to an order whose answer is lost. */
const SENT = { answerLost: "atOnce", takenLate: "late", seenLate: "unseen" } as const;

/** How an order that `find` shows is cancelled in this weather. */
const cancelling = (
  weather: () => Weather,
  find: (key: string) => Taken | undefined,
  statusOf: (order: Taken) => Order,
  cancel: (order: Taken) => void,
) =>
async (key: string): Promise<Result<Cancellation, CarrierError>> => {
  const { cancel: how } = weather();
  if (how === "throws") throw new Error("the line broke");
  if (how === "unknown") return error("unknown");
  const taken = find(key);
  if (taken === undefined) return ok("none");
  const { status } = statusOf(taken);
  if (status !== "pending") return ok(status === "confirmed" ? "filled" : "cancelled");
  if (how === "stays") return ok("open");
  cancel(taken);
  return how === "answerLost" ? error("unknown") : ok("cancelled");
};

/** How a number is released in this weather. */
const releasing =
  (weather: () => Weather, owned: Map<string, E164>, sold: Set<E164>): Carrier["release"] =>
  async ({ carrierId }) => {
    const { release: how } = weather();
    if (how === "throws") throw new Error("the line broke");
    if (how === "fails") return error("unknown");
    const e164 = owned.get(carrierId);
    const answer = e164 === undefined ? "gone" : "released";
    if (e164 !== undefined) sold.delete(e164);
    owned.delete(carrierId);
    return how === "answerLost" ? error("unknown") : ok(answer);
  };

/** What its numbers are attached to, changed as this weather has it. */
const routesIn = (
  weather: () => Weather,
  owned: ReadonlyMap<string, E164>,
  now: () => Instant,
  wrongs: string[],
) => routeBook({ owned, weather: () => weather().route, now, lateMs: SETTLING_MS, wrongs });

/** Those of these numbers that nothing is attached to. */
const detachedOf = (numbers: readonly CarrierNumber[]): readonly E164[] =>
  numbers.filter(({ attached }) => attached === false).map(({ e164 }) => e164);

const carrierOf = (
  weather: () => Weather,
  sold: Set<E164>,
  now: () => Instant,
  wrongs: string[],
): Pick<Outside, "carrier" | "detached"> => {
  const book = orderBook(sold, now, wrongs);
  const { orders, owned, arrive, send, find } = book;
  const { isDetached, calls } = routesIn(weather, owned, now, wrongs);
  const statusOf = (taken: Taken): Order =>
    book.isCancelled(taken)
      ? REFUSED
      : PENDING[weather().order] ?? { status: "confirmed", carrierId: taken.carrierId };
  const noteGroup = groupWatch(wrongs);
  const answer = (taken: Taken | null): Order => taken === null ? SOLD : statusOf(taken);
  const kept = () => {
    arrive();
    return keptBy(orders, owned, statusOf, isDetached);
  };
  const lookUp = <Value>(find: () => Value) => {
    const { lookUp: how } = weather();
    if (how === "throws") throw new Error("the line broke");
    return how === "answers" ? ok(find()) : error(how);
  };
  const carrier: Carrier = {
    name: "sandbox",
    settlingMs: SETTLING_MS,
    ...calls,
    search: async ({ limit }) =>
      lookUp(() => NUMBERS.filter((e164) => !sold.has(e164)).slice(0, limit).map(offerOf)),
    quote: async (e164) => lookUp(() => sold.has(e164) ? null : offerOf(e164)),
    order: async ({ key, e164, requirementGroupId: group = null }) => {
      const { order: how } = weather();
      noteGroup(key, group);
      switch (how) {
        case "refuses":
          return ok(REFUSED);
        case "soldInBetween":
          return ok(SOLD);
        case "unreachable":
          return error("unreachable");
        case "orderLost":
          return error("unknown");
        case "throws":
          throw new Error("the line broke");
        case "answerLost":
        case "takenLate":
        case "seenLate":
          send(key, e164, SENT[how]);
          return error("unknown");
        default:
          return ok(answer(send(key, e164, "atOnce")));
      }
    },
    findOrder: async (key) =>
      lookUp(() => {
        const taken = find(key);
        return taken === undefined ? null : statusOf(taken);
      }),
    cancel: cancelling(weather, find, statusOf, book.cancel),
    findNumber: async (e164) => lookUp(() => kept().find((number) => number.e164 === e164) ?? null),
    inventory: async () => lookUp(() => ({ numbers: kept(), next: null })),
    has: async ({ carrierId }) => lookUp(() => owned.has(carrierId)),
    connect: async ({ carrierId }) => lookUp(() => owned.has(carrierId) ? "connected" : "gone"),
    release: releasing(weather, owned, sold),
  };
  return { carrier, detached: () => detachedOf(kept()) };
};

const paymentsOf = (
  weather: () => Weather,
  paid: Map<string, Charge>,
  wrongs: string[],
): Payments => {
  const refunded = new Set<string>();
  return {
    charge: async (charge) => {
      const { payment } = weather();
      if (payment === "throws") throw new Error("the line broke");
      if (payment === "unknown") return payment;
      if (paid.has(charge.key)) return payment === "answerLost" ? "unknown" : "paid";
      if (refunded.has(charge.key)) {
        wrongs.push(`${charge.key} is charged after its refund`);
        return "declined";
      }
      if (payment === "paid" || payment === "answerLost") paid.set(charge.key, charge);
      return payment === "answerLost" ? "unknown" : payment;
    },
    refund: async (key) => {
      const { refund } = weather();
      if (refund === "throws") throw new Error("the line broke");
      if (refund === "unknown") return refund;
      if (paid.delete(key)) refunded.add(key);
      return refund === "answerLost" ? "unknown" : refund;
    },
  };
};

/**
 * An outside world in fair weather, where nothing was bought yet; it has the clock of the ledger.
 */
export const openOutside = ({ now }: Clock): Outside => {
  const paid = new Map<string, Charge>();
  const sold = new Set<E164>();
  const wrongs: string[] = [];
  const outside: Outside = {
    ...carrierOf(() => outside.weather, sold, now, wrongs),
    payments: paymentsOf(() => outside.weather, paid, wrongs),
    weather: FAIR,
    paid,
    sold,
    wrongs,
  };
  return outside;
};
