import * as Effect from "effect/Effect";
import type { NumberImportedElsewhere } from "../../../core/number/decisions/importing.ts";
import { automation } from "../../../core/values/identity.ts";
import type { Result } from "../../../core/values/result.ts";
import { execute } from "./execute.ts";
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
export const despiteImports = Effect.fnUntraced(function* <Value, Refusal extends { code: string }>(
  command: Effect.Effect<Result<Value, Refusal | NumberImportedElsewhere>, never, Ports>,
) {
  let answer = yield* command;
  for (let ended = 0; ended < MOST && isInTheWay(answer); ended++) {
    const { organization, holder: holding } = answer.error.claim;
    yield* execute({ organization, actor: ACTOR, command: { type: "EndImport", holding } });
    answer = yield* command;
  }
  return answer;
});

const isInTheWay = <Value>(
  answer: Result<Value, { readonly code: string }>,
): answer is { readonly ok: false; readonly error: NumberImportedElsewhere } =>
  !answer.ok && answer.error.code === "NUMBER_IMPORTED";
