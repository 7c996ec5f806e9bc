/** Appending what was decided, as a chain, and telling each command what came of it. */
import * as Effect from "effect/Effect";
import type { Append, AppendOutcome } from "../../../core/ports/mod.ts";
import { unreachable } from "../../../core/values/unreachable.ts";
import type { Each } from "./basis.ts";
import { leftBy, type Step } from "./deciding.ts";
import type { Ports } from "./services.ts";

type Services = Ports["Service"];

/** Settles a command with the outcome of its append; false where it is to be decided again. */
const isSettled = (
  { given, settle }: Each,
  { append, state }: NonNullable<Step["change"]>,
  outcome: AppendOutcome,
): boolean => {
  const { carried } = given.envelope;
  switch (outcome.outcome) {
    case "appended": {
      const left = leftBy(append, state, outcome.head);
      if (carried !== undefined) carried.state = left;
      settle(Effect.succeed({ events: outcome.events, state: left, repeated: false }));
      return true;
    }
    case "claimed":
      // A key that the decision had not asked for is loaded on the next attempt.
      if (!state.asksFor(outcome.claim.key)) given.met.push(outcome.claim.key);
      return false;
    case "repeated":
    case "conflict":
      // Another writer was faster: what it wrote can be read now, and the decision is made again.
      return false;
    default:
      return unreachable(outcome);
  }
};

/** The outcome of an append, or the error that the log gave instead. */
type Answer = AppendOutcome | { readonly outcome: "failed"; readonly error: unknown };

const answerTo = async ({ log, progress }: Services, append: Append): Promise<Answer> => {
  try {
    const outcome = await log.append(append);
    if (outcome.outcome === "appended") progress.noteAppend(append, outcome.head);
    return outcome;
  } catch (error) {
    return { outcome: "failed", error };
  }
};

/**
 * Appends what was decided, and settles each command once that on which it was decided is in the
 * log. Gives those to be decided again.
 */
export const appendAll = async (
  ports: Services,
  steps: readonly Step[],
): Promise<readonly Each[]> => {
  // All are given before the first has its outcome, so that the log can take them together.
  const answers = steps.map(({ change }) =>
    change === null ? null : answerTo(ports, change.append)
  );
  const again: Each[] = [];
  let isCommitted = true;
  for (const [place, { part, change, result }] of steps.entries()) {
    const answer = await answers[place];
    const wasCommitted = isCommitted;
    if (change === null || answer === null || answer === undefined) {
      if (wasCommitted) part.settle(result);
      else again.push(part);
      continue;
    }
    isCommitted = answer.outcome === "appended";
    if (answer.outcome === "failed") part.settle(Effect.die(answer.error));
    else if (!isSettled(part, change, answer)) {
      if (wasCommitted) part.given.tried += 1;
      again.push(part);
    }
  }
  return again;
};
