import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import type { LeaseKey, Leases } from "../../../core/ports/mod.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { ask, Ports } from "./services.ts";

/** A lease is renewed after this part of its time, for as long as the work goes on. */
const RENEWAL_SHARE = 1 / 3;

/**
 * Work that a caller waits for is leased after this: before other servers look, on a notification.
 */
const LONG_MS: Milliseconds = 100;

// Nothing depends on a lease, so where the log cannot be asked the work goes on without one.
const anyhow = <Value>(effect: Effect.Effect<Value>): Effect.Effect<void> =>
  effect.pipe(Effect.asVoid, Effect.catchDefect(() => Effect.void));

/**
 * Never interrupted: a lease that is granted after its end was requested would stay until it
 * lapses.
 */
const take = (leases: Leases, key: LeaseKey, leaseMs: Milliseconds): Effect.Effect<void> =>
  Effect.uninterruptible(anyhow(ask(() => leases.take([key], leaseMs))));

const renew = (leases: Leases, key: LeaseKey, leaseMs: Milliseconds): Effect.Effect<never> =>
  Effect.forever(Effect.delay(take(leases, key, leaseMs), leaseMs * RENEWAL_SHARE));

const end = (leases: Leases, key: LeaseKey): Effect.Effect<void> =>
  anyhow(ask(() => leases.end([key])));

/**
 * Does the work while this process holds the lease; returns `busy` immediately where another one
 * does.
 */
export const whileLeased = Effect.fnUntraced(function* <A, E, R>(
  key: LeaseKey,
  work: Effect.Effect<A, E, R>,
  busy: A,
) {
  const { log: { leases }, leaseMs } = yield* Ports;
  if (leases === undefined) return yield* work;
  const [taken] = yield* ask(() => leases.take([key], leaseMs));
  if (taken === undefined) return busy;
  const renewing = yield* Effect.forkChild(renew(leases, key, leaseMs));
  return yield* Effect.ensuring(
    work,
    Effect.andThen(Fiber.interrupt(renewing), end(leases, key)),
  );
});

/**
 * Does the work, and keeps other servers off it if it takes long. A caller waits for the result, so
 * the work does not wait for a lease; and most work is over before a lease would pay.
 */
export const besideLease = Effect.fnUntraced(function* <A, E, R>(
  key: LeaseKey,
  work: Effect.Effect<A, E, R>,
) {
  const { log: { leases }, leaseMs } = yield* Ports;
  if (leases === undefined) return yield* work;
  let isTaken = false;
  const taking = Effect.suspend(() => {
    isTaken = true;
    return take(leases, key, leaseMs);
  });
  const holding = yield* Effect.forkChild(
    Effect.andThen(Effect.delay(taking, LONG_MS), renew(leases, key, leaseMs)),
  );
  return yield* Effect.ensuring(
    work,
    Effect.andThen(
      Fiber.interrupt(holding),
      Effect.suspend(() => isTaken ? end(leases, key) : Effect.void),
    ),
  );
});
