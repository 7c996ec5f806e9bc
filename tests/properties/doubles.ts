/** A carrier and a payments provider that do what a script says, and remember what was done. */
import type {
  Carrier,
  CarrierError,
  CarrierNumber,
  Charge,
  Order,
  Payments,
} from "../../core/ports.ts";
import type { E164 } from "../../core/values/e164.ts";
import { failed, ok } from "../../core/values/result.ts";
import { NUMBERS, offerOf } from "../support/arbitraries.ts";

/** How the world outside behaves until it is told otherwise. */
export type Weather = {
  readonly order:
    | "confirms"
    | "waits"
    | "refuses"
    | "soldInBetween"
    | "unreachable"
    /** The order is taken, its answer lost. */
    | "answerLost"
    /** The order is lost, and so nothing is known of it. */
    | "orderLost"
    | "throws";
  /** What looking for an order, or for offers, comes to. */
  readonly lookUp: "answers" | "unreachable" | "unknown" | "throws";
  readonly release: "releases" | "fails" | "answerLost" | "throws";
  readonly payment:
    | "paid"
    | "declined"
    /** Nothing is taken, and nobody knows. */
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
  release: "releases",
  payment: "paid",
  refund: "refunded",
  notice: "queued",
};

type Taken = { readonly e164: E164; readonly carrierId: string };

/** The world outside, and what it remembers. */
export type Outside = {
  readonly carrier: Carrier;
  readonly payments: Payments;
  weather: Weather;
  /** Charges that were paid and not given back, by their keys. */
  readonly paid: ReadonlyMap<string, Charge>;
  /** Numbers that the carrier has given out. */
  readonly sold: ReadonlySet<E164>;
};

const error = (kind: CarrierError["kind"]) =>
  failed<CarrierError>({ kind, message: `The carrier plays ${kind}.` });

const REFUSED = { status: "failed", reason: "refused", message: "No." } as const;
const SOLD = { status: "failed", reason: "notAvailable", message: "It is sold." } as const;

const keptBy = (
  orders: ReadonlyMap<string, Taken>,
  owned: ReadonlyMap<string, E164>,
  statusOf: (order: Taken) => Order,
): readonly CarrierNumber[] =>
  [...orders].filter(([, { carrierId }]) => owned.has(carrierId)).map(([key, taken]) => ({
    e164: taken.e164,
    carrierId: taken.carrierId,
    status: statusOf(taken).status === "pending" ? "pending" : "active",
    orderKey: key,
    connectionId: null,
  }));

const carrierOf = (
  weather: () => Weather,
  sold: Set<E164>,
): Carrier => {
  const orders = new Map<string, Taken>();
  const owned = new Map<string, E164>();
  const statusOf = ({ carrierId }: Taken): Order =>
    weather().order === "waits" ? { status: "pending" } : { status: "confirmed", carrierId };
  const take = (key: string, e164: E164): Order => {
    if (sold.has(e164)) return SOLD;
    if (orders.has(key)) throw new Error(`the order ${key} is sent twice`);
    const taken = { e164, carrierId: `carrier_${orders.size}` };
    sold.add(e164);
    owned.set(taken.carrierId, e164);
    orders.set(key, taken);
    return statusOf(taken);
  };
  const kept = () => keptBy(orders, owned, statusOf);
  const lookUp = <Value>(find: () => Value) => {
    const { lookUp: how } = weather();
    if (how === "throws") throw new Error("the line broke");
    return how === "answers" ? ok(find()) : error(how);
  };
  return {
    name: "sandbox",
    settlingMs: 0,
    search: async ({ limit }) =>
      lookUp(() => NUMBERS.filter((e164) => !sold.has(e164)).slice(0, limit).map(offerOf)),
    quote: async (e164) => lookUp(() => sold.has(e164) ? null : offerOf(e164)),
    order: async ({ key, e164 }) => {
      const { order: how } = weather();
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
          take(key, e164);
          return error("unknown");
        default:
          return ok(take(key, e164));
      }
    },
    findOrder: async (key) =>
      lookUp(() => {
        const taken = orders.get(key);
        return taken === undefined ? null : statusOf(taken);
      }),
    findNumber: async (e164) => lookUp(() => kept().find((number) => number.e164 === e164) ?? null),
    inventory: async () => lookUp(() => ({ numbers: kept(), next: null })),
    connect: async ({ carrierId }) => lookUp(() => owned.has(carrierId) ? "connected" : "gone"),
    release: async ({ carrierId }) => {
      const { release: how } = weather();
      if (how === "throws") throw new Error("the line broke");
      if (how === "fails") return error("unknown");
      const e164 = owned.get(carrierId);
      const answer = e164 === undefined ? "gone" : "released";
      if (e164 !== undefined) sold.delete(e164);
      owned.delete(carrierId);
      return how === "answerLost" ? error("unknown") : ok(answer);
    },
  };
};

const paymentsOf = (weather: () => Weather, paid: Map<string, Charge>): Payments => {
  const refunded = new Set<string>();
  return {
    charge: async (charge) => {
      if (paid.has(charge.key)) return "paid";
      if (refunded.has(charge.key)) throw new Error(`${charge.key} is charged after its refund`);
      const { payment } = weather();
      if (payment === "throws") throw new Error("the line broke");
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

/** A world outside in fair weather, where nothing was bought yet. */
export const openOutside = (): Outside => {
  const paid = new Map<string, Charge>();
  const sold = new Set<E164>();
  const outside: Outside = {
    carrier: carrierOf(() => outside.weather, sold),
    payments: paymentsOf(() => outside.weather, paid),
    weather: FAIR,
    paid,
    sold,
  };
  return outside;
};
