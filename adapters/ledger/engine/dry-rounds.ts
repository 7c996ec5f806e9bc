/** Rounds in which a command is decided as any other is, and nothing is appended. */
import * as Effect from "effect/Effect";
import type { RecordedEvent } from "../../../core/ports/mod.ts";
import { basisOfOne, type Each, type Failure } from "./basis.ts";
import type { Done, Given } from "./command.ts";
import { decideAll } from "./deciding.ts";
import { Busy } from "./errors.ts";
import type { Ports } from "./services.ts";

type Services = Ports["Service"];

/** How often a command is decided at most: what it needs may be another thing each time. */
const MAX_ATTEMPTS = 30;

/**
 * Loads what the decision needs, and decides: null where it needs something else by now. A decision
 * of an organization reads the claims that its events take, so the append would find them free.
 */
const decided = async (
  ports: Services,
  given: Given,
): Promise<Effect.Effect<Done, Failure> | null> => {
  const part: Each = { given, settle: () => {} };
  const { state: basis } = await basisOfOne(ports, part);
  const [step] = decideAll(ports, [part], basis);
  if (step === undefined) return null;
  const { change, result } = step;
  if (change === null) return result;
  const { append: { organization, at, actor, events: drafts }, state } = change;
  const first = state.head.position + 1;
  // They are in no chain: nothing is to hold their hashes, which take time where they are many.
  const events = drafts.map((draft, place): RecordedEvent => ({
    ...draft,
    organization,
    position: first + place,
    at,
    actor,
    command: null,
    hash: "",
  }));
  return Effect.succeed({ events, state, repeated: false });
};

/**
 * Rounds whose result is what a command would add: its events where they would follow the head,
 * without hashes, and the state after them. Nothing is appended, and no other command waits for it.
 */
export const openDryRounds = (ports: Services): Services["rounds"] => ({
  give: (organization, given, _round, around) => {
    const deciding = async (): Promise<Effect.Effect<Done, Failure>> => {
      for (let tried = 0; tried < MAX_ATTEMPTS; tried += 1) {
        const result = await decided(ports, given);
        if (result !== null) return result;
      }
      return Effect.die(new Busy(`The log of ${organization}`));
    };
    return around(Effect.flatten(Effect.promise(deciding)));
  },
});
