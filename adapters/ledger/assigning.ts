/** Assignments take turns: each may write all numbers that an organization has, in one statement. */
import * as Effect from "effect/Effect";
import { type Milliseconds, SECOND_MS } from "../../core/values/calendar.ts";
import { elapsed } from "./elapsed.ts";
import { Busy } from "./errors.ts";
import { type Lane, makeLane } from "./places.ts";
import { Ports } from "./services.ts";

/** So many assignments of one organization may wait, and each for so long. */
const WAITING = 64;
const WAIT_MS: Milliseconds = 60 * SECOND_MS;

/** What takes less than this is nothing to others. */
const SHORT_MS: Milliseconds = 25;
const LONGEST_PAUSE_MS: Milliseconds = 5 * SECOND_MS;

/** The one place that assignments have in this process; organizations take turns at it. */
export const makeAssignments = (): Lane => makeLane({ places: 1, each: 1, waiting: WAITING });

/**
 * Runs an assignment in the organization's turn. An embedded database holds the process while it
 * writes, so after a long one the process is left to others for as long, however many wait: all
 * assignments together take half of it at most. Fails with `Busy` (as a defect) where too many wait.
 */
export const inAssignmentTurn = <A, E, R>(
  organization: string,
  assigning: Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R | Ports> => {
  const paced = Effect.gen(function* () {
    const begun = yield* elapsed;
    const answer = yield* assigning;
    const taken = (yield* elapsed) - begun;
    if (taken > SHORT_MS) yield* Effect.sleep(Math.min(taken, LONGEST_PAUSE_MS));
    return answer;
  });
  const busy = (): Effect.Effect<never> => Effect.die(new Busy("The assignment of numbers"));
  return Effect.flatMap(
    Ports,
    ({ assignments }) => assignments.run(organization, WAIT_MS, paced, busy),
  );
};
