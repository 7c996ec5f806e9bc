import * as Effect from "effect/Effect";
import * as Predicate from "effect/Predicate";
import type { NumberImportedElsewhere } from "../../../core/number/decisions/imports.ts";
import { automation } from "../../../core/values/identity.ts";
import { execute } from "./execute.ts";
import type { Tagged } from "./refusals.ts";
import type { Ports } from "./services.ts";

const ACTOR = automation("imports");

/** How many imports of one number are ended in a row: each may be followed by another one. */
const MOST = 10;

/**
 * Executes a command that the carrier's answer proves, and ends imports of the number that are in
 * its way. The import ends before the command is appended: where the process stops in between, the
 * next caller of the command finds nothing in the way. The appended command takes the import's key,
 * so that an import comes before it, and is ended, or after it, and is refused.
 */
export const despiteImports = <Value, Refusal>(
  command: Effect.Effect<Value, Refusal | Tagged<NumberImportedElsewhere>, Ports>,
) => {
  const endingAtMost = (most: number): typeof command =>
    most === 0 ? command : Effect.catchIf(command, isInTheWay, ({ claim }) =>
      Effect.andThen(
        // An import that is refused its end is in the way once more, or is there no longer.
        Effect.ignore(execute({
          organization: claim.organization,
          actor: ACTOR,
          command: { type: "EndImport", holding: claim.holder },
        })),
        endingAtMost(most - 1),
      ));
  return endingAtMost(MOST);
};

const isInTheWay = (refusal: unknown): refusal is Tagged<NumberImportedElsewhere> =>
  Predicate.isTagged(refusal, "NUMBER_IMPORTED");
