/**
 * Load, decide, append: the one way by which anything changes. Commands of one organization that
 * wait are decided one after the other, each on the state that the one before leaves, and appended
 * together, each at the head that the one before leads to. So where one is not appended none of
 * those after it is, and they are decided again; what came of a command is told once that on which
 * it was decided is in the log.
 */
import * as Effect from "effect/Effect";
import type { State } from "../../../core/log/state.ts";
import type { EarlierCommand } from "../../../core/ports/mod.ts";
import type { CommandIdReused } from "../api/mod.ts";
import { appendAll } from "./appending.ts";
import { basisOf, type Each, type Failure } from "./basis.ts";
import type { Done, Given } from "./command.ts";
import { copyOf, decideAll } from "./deciding.ts";
import { Busy } from "./errors.ts";
import { refuse } from "./refusals.ts";
import type { Round } from "./rounds.ts";
import type { Ports } from "./services.ts";
import { atLog } from "./spans.ts";

type Services = Ports["Service"];

/** How often a command is decided at most, though none before it in a round is in the way. */
const MAX_ATTEMPTS = 30;
/** How many commands go together at most. */
const MAX_TOGETHER = 64;

/** How many of those that wait go together: each has its own id, and reads no whole kind. */
const together = (waiting: readonly Each[]): number => {
  const ids = new Set<string>();
  let count = 0;
  for (const { given: { id, isApart } } of waiting) {
    if (count > 0 && isApart || count === MAX_TOGETHER || id !== null && ids.has(id.id)) break;
    if (id !== null) ids.add(id.id);
    count += 1;
    if (isApart) break;
  }
  return count;
};

/** What came of a command that was given before. */
const repeated = (
  { id }: Given,
  state: State,
  { fingerprint, events }: EarlierCommand,
): Effect.Effect<Done, Failure> =>
  fingerprint === id?.fingerprint
    ? Effect.succeed({ events, state, repeated: true })
    : refuse<CommandIdReused>({
      code: "COMMAND_ID_REUSED",
      message: "The command id was used before, for another request; give this one a new id.",
    });

/** Loads, decides and appends. Gives the parts that are to be decided again, in their order. */
const attempt = async (
  ports: Services,
  organization: string,
  parts: readonly Each[],
): Promise<readonly Each[]> => {
  // 1. Load what the decisions need, and the commands themselves if they were given before.
  const basis = await atLog(ports, parts, "log load", () => basisOf(ports, organization, parts));
  if (basis === null) {
    for (const { given } of parts) given.isApart = true;
    return parts;
  }
  const { state, earlier } = basis;
  const fresh = parts.filter((part) => !earlier.has(part));
  // Their state is not one that others are decided on, and change.
  for (const [{ given, settle }, known] of earlier) settle(repeated(given, copyOf(state), known));
  // 2. Decide: the domain gives events, or a refusal.
  const steps = decideAll(ports, fresh, state);
  const left = fresh.slice(steps.length);
  // What the first one needs may be another thing by now.
  if (steps.length === 0 && left[0] !== undefined) left[0].given.tried += 1;
  // 3. Append, if the log is still where it was loaded.
  const again = await atLog(ports, fresh, "log append", () => appendAll(ports, steps));
  return [...again, ...left];
};

/** A round of the commands of one organization. */
export const roundOf = (ports: Services): Round<Given, Done, Failure> => ({
  together,
  run: async (parts) => {
    const [first, ...others] = parts;
    if (first === undefined) return [];
    const { given: { envelope: { organization }, tried }, settle } = first;
    if (tried >= MAX_ATTEMPTS) {
      settle(Effect.die(new Busy(`The log of ${organization}`)));
      return others;
    }
    try {
      return await attempt(ports, organization, parts);
    } catch (error) {
      for (const part of parts) part.settle(Effect.die(error));
      return [];
    }
  },
});
