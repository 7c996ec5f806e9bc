import type { State } from "../../log/state.ts";
import { unfitNewId } from "../../organization/ids.ts";
import { assistants } from "../../organization/state.ts";
import type { Needs } from "../../ports.ts";
import { isNewId } from "../../values/identity.ts";
import { numbers } from "../state.ts";

type Named = string | null | undefined;

/** What tells whether an assistant is known: nothing for an id that may be new, so others cost nothing. */
export const needsAssistant = (assistant: Named): Needs =>
  assistant === null || assistant === undefined || isNewId(assistant)
    ? {}
    : { rows: [{ kind: assistants.kind, key: assistant }], kinds: [numbers.kind] };

/**
 * The refusal of an assistant whose id may not be new, where the organization neither named it nor
 * has a number with it; otherwise null. Reads what `needsAssistant` asks for.
 */
export const unfitAssistant = (
  state: State,
  assistant: Named,
): ReturnType<typeof unfitNewId> =>
  assistant === null || assistant === undefined ? null : unfitNewId(
    "The assistant's id",
    assistant,
    () =>
      state.get(assistants, assistant) !== undefined ||
      state.all(numbers).some((number) => number.assistant === assistant),
  );
