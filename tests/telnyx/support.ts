/** The real application, with the real Telnyx adapter, on an emulated Telnyx. */
import { NO_LIMITS } from "../../core/values/plan.ts";
import assert from "node:assert/strict";
import { openTelnyxCarrier, type TelnyxOptions } from "../../adapters/carrier/telnyx/mod.ts";
import { openTestClock, type TestClock } from "../../adapters/clock/test.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import type { Carrier, Payments } from "../../core/ports/mod.ts";
import { openTestApp, type TestApp, type TestResponse } from "../support/app.ts";
import {
  openTelnyx,
  type Telnyx,
  type TelnyxOptions as EmulatorOptions,
} from "../harness/emulators/telnyx/mod.ts";

export type TelnyxApp = {
  readonly telnyx: Telnyx;
  readonly app: TestApp;
  readonly clock: TestClock;
  /** The keys under which money was charged, each as often as it was. */
  readonly paid: readonly string[];
};

export type TelnyxAppOptions = {
  readonly emulator?: EmulatorOptions;
  readonly limits?: NonNullable<TelnyxOptions["limits"]>;
  readonly app?: Parameters<typeof openTestApp>[0];
};

export const START = Date.parse("2026-01-31T10:00:00Z");

/** Without verification, so that a test can buy with credits immediately. */
const PLANS = {
  Large: {
    name: "Large",
    maxNumbers: 1_000,
    billing: "subscription",
    verification: "none",
    limits: NO_LIMITS,
  },
  Credits: {
    name: "Credits",
    maxNumbers: 1_000,
    billing: "credits",
    verification: "none",
    limits: NO_LIMITS,
  },
} as const;

/** The adapter unchanged except for its waits, which tests skip. */
export const carrierOf = (
  telnyx: Telnyx,
  clock: TestClock,
  limits: TelnyxAppOptions["limits"] = {},
): Carrier => {
  const { apiKey, baseUrl, fetch } = telnyx;
  return openTelnyxCarrier({ apiKey, baseUrl, fetch, clock, limits: { backoffMs: 2, ...limits } });
};

/** Short limits, and a circuit that stays closed: the effects of single answers are tested. */
export const HOSTILE_LIMITS = {
  attemptMs: 100,
  orderMs: 100,
  backoffMs: 1,
  longestWaitMs: 5,
  failures: 1_000_000,
};

const openPayments = (paid: string[]): Payments => ({
  ...includedPayments,
  charge: (charge) => {
    // Asking twice under one key is harmless: that is the port's promise.
    if (!paid.includes(charge.key)) paid.push(charge.key);
    return includedPayments.charge(charge);
  },
  refund: (key) => {
    if (paid.includes(key)) paid.splice(paid.indexOf(key), 1);
    return includedPayments.refund(key);
  },
});

const WEBHOOK_URL = "https://ledgerline.example/webhooks/telnyx";

/** The application as Telnyx reaches it with a webhook. */
const receiverOf = ({ request }: TestApp) => async (sent: Request): Promise<Response> => {
  const headers = Object.fromEntries(sent.headers);
  const { pathname } = new URL(sent.url);
  const { status } = await request("POST", pathname, { headers, body: await sent.text() });
  return new Response(null, { status });
};

/** Uses both, on one clock, and closes them whatever the outcome. */
export const withTelnyx = async (
  options: TelnyxAppOptions,
  use: (opened: TelnyxApp) => Promise<void>,
): Promise<void> => {
  const clock = openTestClock(START);
  const telnyx = await openTelnyx({ orderMs: 0, ...options.emulator, clock });
  const paid: string[] = [];
  const app = openTestApp({
    carrier: carrierOf(telnyx, clock, options.limits),
    payments: openPayments(paid),
    plans: PLANS,
    clock,
    setClock: clock.set,
    telnyxPublicKey: telnyx.webhooks.publicKey,
    ...options.app,
  });
  telnyx.webhooks.to({ url: WEBHOOK_URL, receive: receiverOf(app) });
  try {
    await use({ telnyx, app, clock, paid });
  } finally {
    telnyx.close();
    await app.close();
  }
};

/** A caller of an organization, using Talkturo's API. */
export type Customer = {
  readonly token: string;
  /** Numbers of an area code that are for sale, at most 100. */
  readonly search: (limit: number, areaCode?: string) => Promise<readonly string[]>;
  readonly buy: (e164: string) => Promise<TestResponse>;
  readonly numbers: () => Promise<
    readonly { readonly id: string; readonly phone_number: string; readonly status: string }[]
  >;
  readonly release: (id: string) => Promise<TestResponse>;
};

/** Opens an organization on the plan, with this many dollars of credits. */
export const openCustomer = async (
  app: TestApp,
  teamId: string,
  { plan = "Large", credits = 0 }: { readonly plan?: string; readonly credits?: number } = {},
): Promise<Customer> => {
  const token = await app.organization(teamId, plan);
  if (credits > 0) {
    await app.admin("POST", `/admin/organizations/${teamId}/credits`, { amount: `${credits}.00` });
  }
  const path = "/api/phone-numbers";
  return {
    token,
    search: async (limit, areaCode = "415") => {
      const body = { filters: { countryCode: "US", areaCode, limit } };
      const { status, json } = await app.request("POST", `${path}/search`, { token, body });
      assert.equal(status, 200, JSON.stringify(json));
      return json.numbers.map(({ phoneNumber }: { readonly phoneNumber: string }) => phoneNumber);
    },
    buy: (phoneNumber) =>
      app.request("POST", `${path}/purchase`, { token, body: { phoneNumber, teamId } }),
    numbers: async () =>
      (await app.request("GET", `${path}/purchase?teamId=${teamId}`, { token })).json.numbers,
    release: (id) => app.request("DELETE", `${path}/${id}`, { token }),
  };
};

/** Does this for each, with bounded concurrency. */
export const forEachAtOnce = async <Item>(
  items: readonly Item[],
  atOnce: number,
  act: (item: Item) => Promise<unknown>,
): Promise<void> => {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await act(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};

const CALM_STEPS = 10;
const STEP_S = 30;

/** Five minutes pass, in steps between which unfinished work is done, as in production. */
export const settle = async (app: TestApp): Promise<void> => {
  for (let steps = 0; steps < CALM_STEPS; steps++) await app.advance(STEP_S);
};

/** How many of these have each status. */
export const tally = (
  items: readonly { readonly status: string | number }[],
): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { status } of items) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

/**
 * Compares these customers' numbers with the carrier's: each active number is one number and one
 * order there, each order was charged once, and nothing is in progress. Returns how many.
 */
export const assertSame = async (
  { telnyx }: TelnyxApp,
  customers: readonly Customer[],
): Promise<number> => {
  const held = (await Promise.all(customers.map(({ numbers }) => numbers()))).flat();
  const serving = held.filter(({ status }) => status !== "error");
  assert.deepEqual(Object.keys(tally(serving)), serving.length === 0 ? [] : ["active"]);
  const ours = serving.map((each) => each.phone_number).toSorted();
  assert.deepEqual(telnyx.numbers().map(({ e164 }) => e164).toSorted(), ours);
  const references = telnyx.numbers().map(({ customerReference }) => customerReference);
  const orders = telnyx.orders().filter(({ status }) => status === "success");
  const keys = orders.map(({ customerReference }) => customerReference);
  assert.equal(new Set(keys).size, keys.length, "two orders under one key");
  assert.ok(references.every((reference) => keys.includes(reference)));
  assert.equal(telnyx.charges().length, orders.length);
  return ours.length;
};
