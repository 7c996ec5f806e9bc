/** What a dry run takes: a command by its type, with what the call has in its path and its body. */
import * as v from "valibot";
import type { DryCall } from "../../adapters/ledger/api/mod.ts";
import { IdSchema } from "../../adapters/validation/values.ts";
import { only } from "../../core/values/choice.ts";
import { prefilled } from "../../core/verification/draft.ts";
import { exactMembers, NOT_AN_OBJECT, onlyThese } from "../object.ts";
import {
  ASSIGNMENT,
  CALLING,
  CHANGE,
  IMPORT,
  overOne,
  PURCHASE,
  RELEASE_REQUEST,
} from "./schemas.ts";
import { DRAFT, SUBMISSION } from "./verification-schemas.ts";

/** A command of a type with these members, as the ledger's call. */
const command = <const Type extends string, Entries extends v.ObjectEntries>(
  type: Type,
  entries: Entries,
) => exactMembers({ type: only(type), ...entries });

const NUMBER = { number: IdSchema };

/** The commands by their types; each becomes the ledger's call with its arguments. */
export const COMMANDS = {
  purchase: v.pipe(
    command("purchase", PURCHASE),
    v.transform(({ type: call, ...input }): DryCall => ({ call, input })),
  ),
  import: v.pipe(
    command("import", IMPORT),
    overOne(),
    v.transform(({ type: call, ...input }): DryCall => ({ call, input })),
  ),
  change: v.pipe(
    command("change", { ...NUMBER, ...CHANGE }),
    v.transform(({ type: call, number: id, ...input }): DryCall => ({ call, id, input })),
  ),
  release: v.pipe(
    command("release", NUMBER),
    v.transform(({ type: call, number: id }): DryCall => ({ call, id })),
  ),
  removeImport: v.pipe(
    command("removeImport", NUMBER),
    v.transform(({ type: call, number: id }): DryCall => ({ call, id })),
  ),
  assign: v.pipe(
    command("assign", { assistant: IdSchema, ...ASSIGNMENT }),
    v.transform(({ assistant, numbers: ids, direction }): DryCall =>
      direction === undefined
        ? { call: "assign", assistant, ids }
        : { call: "setCalling", assistant, input: { direction, ids } }
    ),
  ),
  direct: v.pipe(
    command("direct", { assistant: IdSchema, ...CALLING }),
    v.transform(({ assistant, direction }): DryCall => ({
      call: "setCalling",
      assistant,
      input: { direction },
    })),
  ),
  requestRelease: v.pipe(
    command("requestRelease", RELEASE_REQUEST),
    v.transform(({ number: holding, reason }): DryCall => ({
      call: "releaseRequests.request",
      input: { holding, reason },
    })),
  ),
  cancelReleaseRequest: v.pipe(
    command("cancelReleaseRequest", { releaseRequest: IdSchema }),
    v.transform(({ releaseRequest: id }): DryCall => ({ call: "releaseRequests.cancel", id })),
  ),
  draftVerification: v.pipe(
    command("draftVerification", DRAFT),
    v.transform(({ type: _type, ...content }): DryCall => ({
      call: "verification.draft",
      content,
    })),
  ),
  submitVerification: v.pipe(
    command("submitVerification", SUBMISSION),
    v.transform(({ type: _type, ...given }): DryCall => ({
      call: "verification.submit",
      content: { ...prefilled(given), attestationAccepted: true },
    })),
  ),
} as const satisfies Readonly<Record<string, v.GenericSchema<unknown, DryCall>>>;

const TYPES = `must be one of ${Object.keys(COMMANDS).join(", ")}`;

/** What is wrong with a command that is of no type: it has a path where it is about the type. */
const fault = ({ input, path }: { readonly input: unknown; readonly path?: unknown }): string => {
  if (input === undefined) return "is required";
  return path === undefined ? NOT_AN_OBJECT : TYPES;
};

/** A command, by its type. */
const Command = v.variant("type", [
  COMMANDS.purchase,
  COMMANDS.import,
  COMMANDS.removeImport,
  COMMANDS.change,
  COMMANDS.release,
  COMMANDS.assign,
  COMMANDS.direct,
  COMMANDS.requestRelease,
  COMMANDS.cancelReleaseRequest,
  COMMANDS.draftVerification,
  COMMANDS.submitVerification,
], fault);

/** The body of `POST /ledger/dry-run`. */
export const DryRunBody = onlyThese({ command: Command });
