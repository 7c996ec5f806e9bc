/** Decides an assistant's name, and whether a number may be assigned to one. */
import { type Handler, NOTHING } from "../../log/decision.ts";
import type { State } from "../../log/state.ts";
import { type IdUnfit, unfitNewId } from "../../organization/ids.ts";
import {
  type OrganizationUnknown,
  self,
  SELF_ROW,
  unknownOrganization,
} from "../../organization/refusals.ts";
import { assistants } from "../../organization/state.ts";
import type { Needs } from "../../ports/mod.ts";
import { isNewId } from "../../values/identity.ts";
import { ok } from "../../values/result.ts";
import { numbers } from "../state.ts";

type Named = string | null | undefined;

/** The reads that show whether an assistant exists: none for an id that may be new. */
export const needsAssistant = (assistant: Named): Needs =>
  assistant === null || assistant === undefined || isNewId(assistant) ? {} : {
    rows: [{ kind: assistants.kind, key: assistant }],
    groups: [{ kind: numbers.kind, group: assistant }],
  };

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
      state.inGroup(numbers, assistant).length > 0,
  );

/** Records the name of an assistant that another system manages. */
export type NameAssistant = {
  readonly type: "NameAssistant";
  readonly assistant: string;
  readonly name: string;
};

export const nameAssistant: Handler<NameAssistant, OrganizationUnknown | IdUnfit> = {
  needs: ({ assistant }) => ({
    ...needsAssistant(assistant),
    rows: [SELF_ROW, { kind: assistants.kind, key: assistant }],
  }),
  decide: (state, { assistant, name }) => {
    if (self(state) === undefined) return unknownOrganization;
    const unfit = unfitAssistant(state, assistant);
    if (unfit !== null) return unfit;
    const same = state.get(assistants, assistant)?.name === name;
    return ok(same ? NOTHING : [{ type: "AssistantNamed", data: { assistant, name } }]);
  },
};
