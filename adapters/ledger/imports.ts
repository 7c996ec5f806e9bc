import * as Effect from "effect/Effect";
import type { NumberImportedElsewhere } from "../../core/number/decisions/importing.ts";
import { importClaim, worldOfCarrier } from "../../core/values/claim-key.ts";
import type { E164 } from "../../core/values/e164.ts";
import { automation } from "../../core/values/identity.ts";
import type { Result } from "../../core/values/result.ts";
import { execute, read } from "./execute.ts";
import { Ports } from "./services.ts";

const ACTOR = automation("imports");

/**
 * Ends an import of the number in the live world, where the ledger's own carrier is the sandbox: an
 * import that is older than the worlds is there, though there is one world.
 */
export const endOlderImport = Effect.fnUntraced(function* (organization: string, e164: E164) {
  const { carrier } = yield* Ports;
  if (worldOfCarrier(carrier) !== "sandbox") return;
  const { snapshot } = yield* read(organization, { claims: [importClaim("live", e164)] });
  for (const { organization: importer, holder: holding } of snapshot.claims) {
    yield* execute({
      organization: importer,
      actor: ACTOR,
      command: { type: "EndImport", holding },
    });
  }
});

/** So many imports of one number are ended in a row: each may be followed by another one. */
const MOST = 10;

/**
 * Gives a command that the carrier's word proves, and ends whatever imports of the number are in its
 * way. The import ends before the command is appended: where the process stops in between, whoever
 * gives the command next finds nothing in the way. The appended command takes the import's key, so
 * that an import comes before it, and is ended, or after it, and is refused.
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
