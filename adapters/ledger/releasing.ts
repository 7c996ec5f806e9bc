import * as Effect from "effect/Effect";
import { needsNumber } from "../../core/number/decisions/needs.ts";
import { numbers } from "../../core/number/state.ts";
import type { Actor } from "../../core/values/identity.ts";
import { callCarrier } from "./carrier.ts";
import { execute, type Progress, progressOf, read } from "./execute.ts";
import type { Ports } from "./services.ts";

const ACTOR: Actor = { kind: "ledger", automation: "releasing" };

/** Gives a number back to its carrier; a number that is gone there already is as good. */
export const releaseStep = Effect.fnUntraced(function* (
  organization: string,
  holding: string,
): Effect.fn.Return<Progress, never, Ports> {
  const { state } = yield* read(organization, needsNumber({ holding }));
  const number = state.get(numbers, holding);
  if (number?.source !== "managed" || number.stage.status !== "releasing") return "done";
  const { carrier: name, e164, stage: { carrierId } } = number;
  const released = yield* callCarrier(name, (carrier) => carrier.release({ carrierId, e164 }));
  if (!released.ok) return "open";
  const command = { type: "CompleteRelease", holding } as const;
  return progressOf(yield* execute({ organization, actor: ACTOR, command }));
});
