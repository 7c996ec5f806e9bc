/** Telnyx as a carrier, over its API v2 with `fetch` alone. */
import * as Effect from "effect/Effect";
import type { Carrier, CarrierError, Clock } from "../../../core/ports/mod.ts";
import { MINUTE_MS } from "../../../core/values/calendar.ts";
import { assertArguments } from "../../validation/argument.ts";
import { withDefaults } from "../../validation/optional.ts";
import { failed, ok, type Result } from "../../../core/values/result.ts";
import { type Call, openClient, Traceparent } from "./client.ts";
import { LIMITS } from "./limits.ts";
import { openNumbers } from "./numbers.ts";
import { openOffers, SEARCHES_BY } from "./offers.ts";
import { OptionsSchema, type TelnyxOptions } from "./options.ts";
import { openOrders } from "./orders.ts";
import { openRequirements } from "./requirements.ts";
import { openRoutes } from "./routes.ts";
import { uncertain } from "./attempt-failure.ts";
import { TELNYX_URL } from "./url.ts";

export type { TelnyxOptions } from "./options.ts";

const MACHINE_CLOCK: Clock = { now: () => Date.now() };

const withoutSlashes = (url: string): string => {
  let end = url.length;
  while (url.endsWith("/", end)) end -= 1;
  return url.slice(0, end);
};

/**
 * The carrier Telnyx (https://developers.telnyx.com, API v2). Prices are in USD; another currency,
 * like anything else that its documentation does not have, is a malformed answer and so `unknown`.
 *
 * Telnyx has no idempotency key: our order key goes with the order as its customer reference, by
 * which `findOrder` finds it, and `order` sends it once. Reads, changes and releases are repeated
 * where that may help. Carrier ids are those of `/phone_numbers`, so an order is confirmed as soon
 * as its number is listed there. If it is not within 15 minutes after the order was filled, or if
 * Telnyx reports it as deleted, the order has failed. An order is cancelled by its parts, while
 * they are pending. A suspended number has neither a connection nor a messaging profile.
 * `unreachable` means certainly not accepted: no connection, the circuit open, too many requests
 * (Telnyx's limit, 429, or ours); `refused` is any other 4xx, but a 404 only with Telnyx's code for
 * it. An order that is refused for a number that is no longer offered has failed as not available.
 *
 * Telnyx's regulatory requirements are fulfilled by requirement groups, whose ids go with orders.
 * An order that it accepts without all of them stays pending, and says what it waits for; one that
 * it refuses or cancels because of them has failed with `requirementsMissing`.
 *
 * Throws an `InvalidArgument` that names the option that does not fit.
 *
 * @example
 * ```ts
 * import { openTelnyxCarrier } from "ledgerline/carriers/telnyx";
 *
 * const carrier = openTelnyxCarrier({ apiKey: "KEY…" });
 * ```
 */
export const openTelnyxCarrier = (options: TelnyxOptions): Carrier => {
  assertArguments({ options: OptionsSchema }, [options]);
  const limits = withDefaults(LIMITS, options.limits);
  const { callMs, sightMs } = limits;
  const client = openClient({
    apiKey: options.apiKey,
    baseUrl: withoutSlashes(options.baseUrl ?? TELNYX_URL),
    fetch: options.fetch ?? globalThis.fetch,
    limits,
    onCircuit: options.onCircuit,
  });
  const numbers = openNumbers(client);
  const routes = openRoutes(client, numbers);
  const clock = options.clock ?? MACHINE_CLOCK;
  const offers = openOffers(client, clock);
  const requirements = openRequirements(client);
  const orders = openOrders({ client, numbers, offers, clock, sightMs });

  const run = <Value>(call: Call<Value>): Promise<Result<Value, CarrierError>> => {
    const late = Effect.fail(uncertain(`Telnyx gave no answer within ${callMs} ms.`));
    const timely = Effect.timeoutOrElse(call, { duration: callMs, orElse: () => late });
    const answered = Effect.match(timely, { onFailure: failed, onSuccess: ok });
    // Now, while the caller's span can be asked for.
    const traceparent = options.traceparent?.() ?? null;
    return Effect.runPromise(Effect.provideService(answered, Traceparent, traceparent));
  };

  return {
    name: "telnyx",
    settlingMs: MINUTE_MS,
    // A call sends its requests sequentially, so they do not wait for each other here.
    callsAtOnce: Math.max(2, limits.concurrency),
    searchesBy: SEARCHES_BY,
    search: (filters) => run(offers.search(filters)),
    quote: (e164, kind) => run(offers.quote(e164, kind)),
    requirements: (kind) => run(requirements.of(kind)),
    order: (request) => run(orders.place(request)),
    findOrder: (key) => run(orders.find(key)),
    cancel: (key) => run(orders.cancel(key)),
    findNumber: (e164) => run(numbers.find(e164)),
    inventory: (after) => run(numbers.page(after)),
    has: (number) => run(numbers.has(number)),
    connect: (number, connectionId) => run(numbers.connect(number, connectionId)),
    suspend: (number) => run(routes.suspend(number)),
    resume: (number, route) => run(routes.resume(number, route)),
    release: (number) => run(numbers.release(number)),
  };
};
