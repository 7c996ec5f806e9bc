/**
 * What the ledger's own API answers to a refusal: the ledger's own codes, as problems (RFC 9457).
 */
import type { ArgumentInvalid } from "../../adapters/ledger/api/mod.ts";
import type { RefusalOf } from "../../core/registry/commands.ts";
import type { ChangeNumber } from "../../core/number/decisions/changes.ts";
import type { StartRelease } from "../../core/number/decisions/release.ts";
import { failed } from "../../core/values/result.ts";
import { NEW_ID_RULE } from "../../core/values/identity.ts";
import type { Failure } from "../dialect.ts";
import { invalidProblem } from "../errors.ts";
import { ownNumber } from "../own-number.ts";

type Refusal = RefusalOf<ChangeNumber | StartRelease> | ArgumentInvalid;

const STATUS: Readonly<Record<Exclude<Refusal["code"], "ID_UNFIT">, Failure["status"]>> = {
  NUMBER_UNKNOWN: 404,
  NUMBER_BEING_RELEASED: 409,
  NUMBER_NOT_IN_SERVICE: 409,
  NUMBER_NOT_RENTED: 409,
  PURCHASE_IN_PROGRESS: 409,
  INVALID_ARGUMENT: 400,
};

/** The failure for a refused change or release. */
export const refused = (
  refusal: Pick<Refusal, "code" | "message"> & { readonly holding?: string },
) => {
  const { code, message } = refusal;
  // Of all ids, only an assistant's can be new here.
  return code === "ID_UNFIT"
    ? failed(invalidProblem({ assistant: [NEW_ID_RULE] }))
    : failed<Failure>({ status: STATUS[code], code, message, ...ownNumber(refusal, "number") });
};
