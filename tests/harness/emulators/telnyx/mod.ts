/**
 * An emulator of Telnyx's API v2, as far as numbers are searched, ordered, kept and given back. It
 * is a `fetch` whose carrier runs on a test clock, and it fails as instructed. Its answers are
 * checked against the types of Telnyx's own client; `server.ts` puts it behind a socket.
 */
import { openTestClock, type TestClock } from "../../../../adapters/clock/test.ts";
import { type Milliseconds, MINUTE_MS, SECOND_MS } from "../../../../core/values/calendar.ts";
import { type Money, plus } from "../../../../core/values/money.ts";
import { toResponse, UNAUTHENTICATED } from "./answer.ts";
import {
  type Fault,
  type FaultPlan,
  type Often,
  openPlan,
  seededRandom,
  suffer,
} from "./faults.ts";
import { ALL_ENDPOINTS, answer, type Endpoint, route } from "./routes.ts";
import type { Group, ReviewStatus } from "./requirements.ts";
import { openWebhooks, type Webhooks } from "./webhooks.ts";
import { type Account, openAccount, type OrderStatus } from "./account.ts";

/** An order at the carrier. */
export type TelnyxOrder = {
  readonly id: string;
  readonly customerReference: string | null;
  readonly status: OrderStatus;
  readonly numbers: readonly string[];
};

/** A number in the carrier's account. */
export type TelnyxNumber = {
  readonly id: string;
  readonly e164: string;
  readonly customerReference: string | null;
  readonly connectionId: string | null;
  readonly messagingProfileId: string | null;
};

/** What an order cost: setup and first month of its numbers. An order that failed costs nothing. */
export type TelnyxCharge = {
  readonly orderId: string;
  readonly customerReference: string | null;
  readonly amount: Money;
};

export type TelnyxOptions = {
  /** Its time; a new clock from 2026-01-31T10:00:00Z by default. */
  readonly clock?: TestClock | undefined;
  /**
   * How long an order stays pending: 1 s by default; 0: the answer to it says that it succeeded.
   */
  readonly orderMs?: Milliseconds | undefined;
  /** How long a search allows its numbers to be ordered: 15 minutes by default. */
  readonly orderableMs?: Milliseconds | undefined;
  /** How long a new order and its numbers are missing in lists: not at all by default. */
  readonly hiddenMs?: Milliseconds | undefined;
  /** What takes a number's connection off, which is not documented: `""` by default, or null. */
  readonly noConnection?: "empty" | "null" | undefined;
  /** Where the draws of improbable faults begin. */
  readonly seed?: number | undefined;
};

export type Telnyx = {
  /** Answers what is under `/v2`, for any host. */
  readonly fetch: (input: Request | URL | string, init?: RequestInit) => Promise<Response>;
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly webhooks: Webhooks;
  readonly orders: () => readonly TelnyxOrder[];
  readonly numbers: () => readonly TelnyxNumber[];
  readonly charges: () => readonly TelnyxCharge[];
  /** How many requests an endpoint got, including those with a fault. */
  readonly requests: (endpoint: Endpoint) => number;
  /** How many requests had each fault. */
  readonly faults: () => ReadonlyMap<Fault["kind"], number>;
  /** Makes an endpoint fail; the returned function cancels it. `times` counts for each endpoint. */
  readonly fail: (endpoint: Endpoint | "any", fault: Fault, often?: Often) => () => void;
  /** Cancels all faults. */
  readonly heal: () => void;
  /** From now on an order of this number is taken and ends in failure. */
  readonly refuse: (e164: string) => void;
  /**
   * The next order of this number succeeds, and the number is deleted immediately, as in the
   * portal.
   */
  readonly lose: (e164: string) => void;
  /** A requirement group of the account, with all its values; gives its id. */
  readonly group: (group: Omit<Group, "id">) => string;
  /** The requirements of the order of this number have this status from now on. */
  readonly review: (e164: string, status: ReviewStatus) => void;
  /** Lets time pass, and sends the webhooks that fell due. */
  readonly advance: (ms: Milliseconds) => Promise<void>;
  /** Ends all waits for delayed answers. */
  readonly close: () => void;
};

const START = Date.parse("2026-01-31T10:00:00Z");
const API_KEY = "KEY_of_the_emulator";

/** The answer, or a rejection as soon as the caller gives up; the work continues without it. */
const unlessAborted = <Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> =>
  new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
  });

const openSleeps = () => {
  const wakers = new Set<() => void>();
  return {
    sleep: (ms: Milliseconds): Promise<void> =>
      new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          wakers.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        wakers.add(wake);
      }),
    wakeAll: (): void => {
      for (const wake of wakers) wake();
    },
  };
};

const openCounts = <Name>() => {
  const counts = new Map<Name, number>();
  return { counts, add: (name: Name) => void counts.set(name, (counts.get(name) ?? 0) + 1) };
};

/** Carries out requests, each as the fault has it that the plan draws for it. */
const responder = ({ account, plan, sleep, count, befall }: {
  readonly account: Account;
  readonly plan: FaultPlan;
  readonly sleep: (ms: Milliseconds) => Promise<void>;
  readonly count: (endpoint: Endpoint) => void;
  readonly befall: (kind: Fault["kind"]) => void;
}) =>
async (request: Request): Promise<Response> => {
  const { pathname, searchParams: query } = new URL(request.url);
  const body = await request.text();
  const found = route(request.method, pathname);
  const endpoint = found?.endpoint ?? null;
  if (endpoint !== null) count(endpoint);
  const fault = endpoint === null ? undefined : plan.draw(endpoint);
  if (fault !== undefined) befall(fault.kind);
  const carryOut = () =>
    toResponse(
      request.headers.get("authorization") === `Bearer ${API_KEY}`
        ? answer(endpoint, { id: found?.id ?? "", query, body }, account)
        : UNAUTHENTICATED,
    );
  return suffer(fault, carryOut, sleep);
};

/** What is in the account, for tests. */
const viewsOf = (account: Account): Pick<Telnyx, "orders" | "numbers" | "charges"> => ({
  orders: () =>
    account.orders().map((order) => ({
      id: order.id,
      customerReference: order.customerReference,
      status: account.statusOf(order),
      numbers: order.items.map(({ offer }) => offer.e164),
    })),
  numbers: () =>
    account.numbers().map((number) => ({
      id: number.id,
      e164: number.offer.e164,
      customerReference: number.customerReference,
      connectionId: number.connectionId,
      messagingProfileId: number.messagingProfileId,
    })),
  charges: () =>
    account.orders().filter((order) => account.statusOf(order) === "success")
      .map(({ id, customerReference, items }) => ({
        orderId: id,
        customerReference,
        amount: items.map(({ offer }) => plus(offer.setup, offer.monthly)).reduce(plus),
      })),
});

/**
 * Opens an account at the emulated carrier, without orders. Nothing fails until instructed.
 *
 * @example
 * ```ts
 * import { openTelnyxCarrier } from "ledgerline/carriers/telnyx";
 * import { openTelnyx } from "ledgerline/testing";
 *
 * const telnyx = await openTelnyx({ orderMs: 0 });
 * const { apiKey, baseUrl, fetch } = telnyx;
 * const carrier = openTelnyxCarrier({ apiKey, baseUrl, fetch });
 * telnyx.fail("order", { kind: "loseAnswer" }, { times: 1 });
 * ```
 */
export const openTelnyx = async (options: TelnyxOptions = {}): Promise<Telnyx> => {
  const clock = options.clock ?? openTestClock(START);
  const account = openAccount({
    clock,
    orderMs: options.orderMs ?? SECOND_MS,
    orderableMs: options.orderableMs ?? 15 * MINUTE_MS,
    hiddenMs: options.hiddenMs ?? 0,
    noConnection: options.noConnection ?? "empty",
  });
  const random = seededRandom(options.seed ?? 1);
  const plan = openPlan<Endpoint, Fault>(random);
  const requests = openCounts<Endpoint>();
  const befell = openCounts<Fault["kind"]>();
  const webhooks = await openWebhooks(account, random);
  const { sleep, wakeAll } = openSleeps();

  const respond = responder({ account, plan, sleep, count: requests.add, befall: befell.add });
  return {
    fetch: (input, init) => {
      const request = new Request(input, init);
      return unlessAborted(respond(request), request.signal);
    },
    baseUrl: "https://api.telnyx.com/v2",
    apiKey: API_KEY,
    webhooks,
    ...viewsOf(account),
    requests: (endpoint) => requests.counts.get(endpoint) ?? 0,
    faults: () => befell.counts,
    fail: (where, fault, often = {}) => {
      const endings = (where === "any" ? ALL_ENDPOINTS : [where])
        .map((endpoint) => plan.add(endpoint, fault, often));
      return () => endings.forEach((end) => end());
    },
    heal: plan.clear,
    refuse: account.refuse,
    lose: account.lose,
    group: (group) => account.addGroup(group).id,
    review: account.review,
    advance: async (ms) => {
      clock.set(clock.now() + ms);
      await webhooks.deliver();
    },
    close: wakeAll,
  };
};
