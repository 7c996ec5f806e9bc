/** What the tests of the carriers' contract have in common. */
import assert from "node:assert/strict";
import type {
  Carrier,
  CarrierNumber,
  Offer,
  Order,
  SearchFilters,
} from "../../../core/ports/mod.ts";
import type { E164 } from "../../../core/values/e164.ts";
import type { Result } from "../../../core/values/result.ts";
import type { CarrierCallName } from "../faulty-carrier.ts";
import type { TransportFaults } from "./transport.ts";

/** A carrier to be tested, whose inventory may be in use already. */
export type CarrierSubject = {
  readonly carrier: Carrier;
  /** Filters that find at least five numbers (`ENOUGH`), some of them in `locality`. */
  readonly filters: SearchFilters;
  /** A town in which `filters` would find numbers, and not only there. */
  readonly locality: string;
  /** Towns that people write in several ways: each way finds some number. */
  readonly towns?:
    | readonly { readonly filters: SearchFilters; readonly ways: readonly string[] }[]
    | undefined;
  /** Filters that find nothing. */
  readonly none: SearchFilters;
  /** A number that the carrier does not offer. */
  readonly notOffered: E164;
  /** Where the carrier requires documents; left out where it never requires any. */
  readonly documents?: {
    /** Filters that find such a number. */
    readonly filters: SearchFilters;
    /**
     * A requirement group with which the carrier confirms an order, immediately or after a while.
     */
    readonly accepted: string;
    /** A requirement group that the carrier does not accept. */
    readonly declined: string;
  } | undefined;
  /** A number that can be ordered, and whose order is pending for a while; any other by default. */
  readonly slow?: E164 | undefined;
  /** Lets time pass, so that an order that is pending comes nearer its end. */
  readonly pass: () => Promise<void>;
  /** Makes the transport to the carrier fail; left out only where the options say why. */
  readonly faults?: TransportFaults<CarrierCallName> | undefined;
  readonly close: () => Promise<void>;
};

/**
 * How many numbers the suite needs: the longest list that it asks for. Each test releases what it
 * has bought, which is two numbers at most.
 */
export const ENOUGH = 5;

const MAX_PASSES = 20;

export const valueOf = <Value, Failure>(result: Result<Value, Failure>): Value => {
  assert.ok(result.ok, `expected an answer, not ${JSON.stringify(result)}`);
  return result.value;
};

export const newKey = (): string => `od_${crypto.randomUUID()}`;

/** All that the carrier keeps for us, page by page. */
export const inventoryOf = async (
  { carrier }: CarrierSubject,
): Promise<readonly CarrierNumber[]> => {
  const numbers: CarrierNumber[] = [];
  const asked = new Set<string | null>();
  let after: string | null = null;
  do {
    assert.ok(!asked.has(after), "a page of the inventory leads back to an earlier one");
    asked.add(after);
    const page: Awaited<ReturnType<Carrier["inventory"]>> = await carrier.inventory(after);
    const { numbers: some, next } = valueOf(page);
    numbers.push(...some);
    after = next;
  } while (after !== null);
  return numbers;
};

export const settled = async ({ carrier, pass }: CarrierSubject, key: string): Promise<Order> => {
  for (let passes = 0; passes < MAX_PASSES; passes++) {
    const order = valueOf(await carrier.findOrder(key));
    assert.ok(order !== null, "the carrier knows nothing of an order that it took");
    if (order.status !== "pending") return order;
    await pass();
  }
  return assert.fail("an order stayed pending");
};

/** The outcome of an order that may become visible as late as the carrier says. */
export const found = async (subject: CarrierSubject, key: string): Promise<Order> => {
  const { carrier, pass } = subject;
  const looks = carrier.settlingMs === 0 ? 0 : MAX_PASSES;
  for (let look = 0; look < looks; look += 1) {
    if (valueOf(await carrier.findOrder(key)) !== null) break;
    await pass();
  }
  return settled(subject, key);
};

export const first = async ({ carrier, filters }: CarrierSubject): Promise<Offer> => {
  const [offer] = valueOf(await carrier.search({ ...filters, limit: 1 }));
  assert.ok(offer !== undefined, "the carrier has nothing left to offer");
  return offer;
};

export const buy = async (subject: CarrierSubject, e164: E164) => {
  const key = newKey();
  valueOf(await subject.carrier.order({ key, e164, connectionId: null }));
  const order = await settled(subject, key);
  assert.ok(order.status === "confirmed", `expected a confirmed order, not ${order.status}`);
  return { key, e164, carrierId: order.carrierId };
};

export const isListed = async (
  { carrier, filters }: CarrierSubject,
  e164: E164,
): Promise<boolean> => valueOf(await carrier.search(filters)).some((offer) => offer.e164 === e164);
