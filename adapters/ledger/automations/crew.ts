/**
 * Concurrent work of the automations: organizations take turns, and none has more than its share.
 */
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import { openTickets, type Tickets } from "../engine/tickets.ts";
import type { Ports } from "../engine/services.ts";

/** One piece of work. */
export type Task = {
  /** Tasks of one lane share its places; what waits in one lane delays no other. */
  readonly lane: string;
  /** The organization's id on whose behalf it runs. */
  readonly party: string;
  /** While a task of this name waits or runs, no other of that name begins. */
  readonly name: string;
  /** Must not fail; a defect is lost. */
  readonly work: Effect.Effect<void, never, Ports>;
};

/** Does the work of all automations of one ledger. */
export type Crew = {
  /**
   * Has a task done in its turn. False, and nothing is done, where its name is taken, too many
   * tasks of its party wait, or the crew is closed.
   */
  readonly begin: (task: Task) => boolean;
  /** Whether nothing runs and nothing waits. */
  readonly isIdle: () => boolean;
  /** Waits until nothing runs and nothing waits. */
  readonly idle: Effect.Effect<void>;
  /** Drops waiting tasks, lets running ones finish their current step, and waits for that. */
  readonly close: Effect.Effect<void>;
};

/** Tasks of a lane that run concurrently, and how many of them one organization may have. */
const PLACES = 8;
const EACH = 2;
/** Tasks of one organization that wait in a lane; what is beyond is begun at a later look. */
const WAITING = 10_000;

/** Only promises are waited for, so that those who let all promises settle have let it begin. */
const SOON = Effect.promise(() => Promise.resolve());

/** A crew whose tasks run by `fork`. */
export const makeCrew = (
  fork: (work: Task["work"]) => Fiber.Fiber<void>,
): Crew => {
  const lanes = new Map<string, Tickets>();
  /** Running tasks by name; null for waiting ones. */
  const tasks = new Map<string, Fiber.Fiber<void> | null>();
  const waiters = new Set<() => void>();
  let isClosed = false;

  const laneOf = (name: string): Tickets => {
    const lane = lanes.get(name) ?? openTickets({ places: PLACES, each: EACH, waiting: WAITING });
    lanes.set(name, lane);
    return lane;
  };

  const leave = (name: string): void => {
    tasks.delete(name);
    if (tasks.size > 0) return;
    for (const resume of waiters) resume();
    waiters.clear();
  };

  return {
    begin: ({ lane, party, name, work }) => {
      if (isClosed || tasks.has(name)) return false;
      const tickets = laneOf(lane);
      const ticket = tickets.take(party);
      if (ticket === null) return false;
      tasks.set(name, null);
      const start = (): void => {
        if (isClosed) return;
        const fiber = fork(Effect.andThen(SOON, work));
        tasks.set(name, fiber);
        // Also of a fiber that is interrupted before it begins.
        fiber.addObserver(() => {
          tickets.giveBack(ticket);
          leave(name);
        });
      };
      if (ticket.isIn) start();
      else ticket.enter = start;
      return true;
    },
    isIdle: () => tasks.size === 0,
    idle: Effect.callback<void>((resume) => {
      if (tasks.size === 0) return resume(Effect.void);
      const go = (): void => resume(Effect.void);
      waiters.add(go);
      return Effect.sync(() => void waiters.delete(go));
    }),
    close: Effect.suspend(() => {
      isClosed = true;
      const underWay = [...tasks.values()].filter((fiber) => fiber !== null);
      for (const [name, fiber] of tasks) if (fiber === null) leave(name);
      return Fiber.interruptAll(underWay);
    }),
  };
};
