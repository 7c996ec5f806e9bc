/**
 * Virtual time: the queue of everything that happens in a simulated run. Time does not move
 * until the next event; events of one moment happen in an order that the tape gives. No real timer
 * is ever waited for.
 */
import * as Clock from "effect/Clock";
import * as Context from "effect/Context";
import * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import { MixedScheduler, Scheduler } from "effect/Scheduler";
import { Paces } from "../../../adapters/ledger/engine/paces.ts";
import type { Instant, Milliseconds } from "../../../core/values/calendar.ts";
import type { Tape } from "./tape.ts";

type Event = {
  readonly at: Instant;
  /** Whether time may pass it by: it then happens as soon as something else happens. */
  readonly idle: boolean;
  readonly happen: () => void;
};

/** Lets all promises that can settle now do so. */
const drained = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** More events than this in one run mean that something goes round in circles. */
const MAX_EVENTS = 60_000;

/** A line of time that begins at `start`. */
export class Timeline {
  #now: Instant;
  #events: Event[] = [];
  #happened = 0;
  #thrown: { readonly error: unknown } | null = null;
  readonly #tape: Tape;

  constructor(start: Instant, tape: Tape) {
    this.#now = start;
    this.#tape = tape;
  }

  get now(): Instant {
    return this.#now;
  }

  /** How many events have happened. */
  get happened(): number {
    return this.#happened;
  }

  /** Lets something happen `delay` from now; returns a function that cancels it. */
  after(delay: Milliseconds, happen: () => void, idle = false): () => void {
    const event = { at: this.#now + Math.max(0, delay), idle, happen };
    this.#events.push(event);
    return () => {
      this.#events = this.#events.filter((other) => other !== event);
    };
  }

  /** Ends the run with this error, at its next event at the latest. */
  fail(error: unknown): void {
    this.#thrown ??= { error };
  }

  /** Lets events happen until `done`; throws when nothing more will happen, or when it failed. */
  async until(done: () => boolean): Promise<void> {
    for (;;) {
      await drained();
      if (this.#thrown !== null) throw this.#thrown.error;
      if (done()) return;
      this.#step();
    }
  }

  /** Whether nothing is left that happens at this moment. */
  isStill(): boolean {
    return this.#events.every(({ at }) => at > this.#now);
  }

  #step(): void {
    if (this.#happened++ > MAX_EVENTS) throw new Error("the run does not come to an end");
    if (this.isStill()) this.#now = this.#next();
    const ready = this.#events.filter(({ at }) => at <= this.#now);
    const event = ready[ready.length > 1 ? this.#tape.below(ready.length) : 0];
    if (event === undefined) return;
    this.#events = this.#events.filter((other) => other !== event);
    event.happen();
  }

  /** When something happens next that is waited for. */
  #next(): Instant {
    const waited = this.#events.filter(({ idle }) => !idle).map(({ at }) => at);
    if (waited.length === 0) throw new Error("nothing more will happen, and a call still waits");
    return waited.reduce((first, at) => Math.min(first, at), Number.POSITIVE_INFINITY);
  }
}

const NANOS = 1_000_000n;

/**
 * Services of Effect under which fibers wait by this line of time, as long as `isOn`. Sleeping for
 * `idleMs` is idling: time may pass it by.
 */
export const servicesOn = (
  timeline: Timeline,
  idleMs: Milliseconds,
  isOn: () => boolean,
): Context.Context<never> => {
  const nanos = () => BigInt(timeline.now) * NANOS;
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: () => timeline.now,
    currentTimeMillis: Effect.sync(() => timeline.now),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) =>
      Effect.callback((resume) => {
        const ms = Duration.toMillis(duration);
        const wake = () => {
          if (isOn()) resume(Effect.void);
        };
        return Effect.sync(timeline.after(ms, wake, ms === idleMs));
      }),
  };
  // Fibers continue in microtasks, so that none is pending between two events.
  const scheduler = new MixedScheduler("async", (run) => {
    let isCalledOff = false;
    queueMicrotask(() => {
      if (!isCalledOff) run();
    });
    return () => {
      isCalledOff = true;
    };
  });
  return Context.make(Clock.Clock, clock).pipe(
    Context.add(Scheduler, scheduler),
    // A pause would be by the machine's own time.
    Context.add(Paces, false),
  );
};
