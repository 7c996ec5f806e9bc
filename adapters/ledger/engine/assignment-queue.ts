/** Assignments take turns: each may write all numbers of an organization at the same time. */
import * as Deferred from "effect/Deferred";
import * as Effect from "effect/Effect";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import { type Closing, untilClosed } from "./close-signal.ts";
import { elapsed } from "./elapsed.ts";
import { Busy } from "./errors.ts";
import { makeLane } from "./carrier-lanes.ts";
import { type Assignments, Ports } from "./services.ts";

/** How many assignments of one organization may wait, and how long each. */
const WAITING = 64;
const WAIT_MS: Milliseconds = 60 * SECOND_MS;

/** An assignment that takes no longer does not affect others. */
const SHORT_MS: Milliseconds = 25;
/** One that takes longer lets others begin: its database may give no answer at all. */
const LONGEST_MS: Milliseconds = 2 * SECOND_MS;
const LONGEST_PAUSE_MS: Milliseconds = SECOND_MS;

/** No assignment runs, and none waits. */
export const makeAssignments = (): Assignments => ({
  own: makeLane({ places: Number.MAX_SAFE_INTEGER, each: 1, waiting: WAITING }),
  turns: makeLane({ places: 1, each: 1, waiting: WAITING }),
});

const busy: Effect.Effect<never> = Effect.suspend(() =>
  Effect.die(new Busy("The assignment of numbers"))
);

/**
 * Runs an assignment after those of its organization that came before. Fails with `Busy` (as a
 * defect) where too many of them wait.
 */
export const afterOwnAssignments = <A, E, R>(
  organization: string,
  assigning: Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R | Ports> =>
  Effect.flatMap(
    Ports,
    ({ assignments }) => assignments.own.run(organization, WAIT_MS, assigning, () => busy),
  );

/**
 * Keeps the place until the assignment is over, or has taken very long; and then for as long as it
 * took, up to a second, which is left to others.
 */
const keep = Effect.fnUntraced(function* (over: Deferred.Deferred<void>, closing: Closing) {
  const begun = yield* elapsed;
  yield* Effect.raceFirst(Deferred.await(over), Effect.sleep(LONGEST_MS));
  const taken = (yield* elapsed) - begun;
  if (taken <= SHORT_MS) return;
  const pause = Effect.sleep(Math.min(taken, LONGEST_PAUSE_MS));
  yield* Effect.raceFirst(pause, untilClosed(closing));
});

/**
 * Runs an assignment in the organization's turn. An embedded database serves no other request while
 * it writes, so one is written at a time, and afterwards the database is left to others for the
 * same time (a second at most), however many assignments wait. The answer does not wait for that. A
 * database in another process does not block this one, and has no turns. Fails with `Busy` (as a
 * defect) where the turn does not come.
 */
export const inAssignmentTurn = <A, E, R>(
  organization: string,
  assigning: Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R | Ports> =>
  Effect.flatMap(Ports, ({ log, assignments: { turns }, closing }) => {
    if (log.isEmbedded !== true) return assigning;
    const begin = Effect.gen(function* () {
      const entered = yield* Deferred.make<boolean>();
      const over = yield* Deferred.make<void>();
      const keeping = Effect.andThen(Deferred.succeed(entered, true), keep(over, closing));
      const late = Effect.asVoid(Deferred.succeed(entered, false));
      const kept = turns.run(organization, WAIT_MS, keeping, () => late);
      // Begun synchronously: a caller that lets all promises settle has let the assignment begin.
      yield* Effect.forkDetach(kept, { startImmediately: true });
      return { entered, over };
    });
    return Effect.acquireUseRelease(
      begin,
      ({ entered }) => Effect.flatMap(Deferred.await(entered), (isIn) => isIn ? assigning : busy),
      ({ over }) => Deferred.succeed(over, undefined),
    );
  });
