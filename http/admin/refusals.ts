import { messageOf } from "../errors.ts";
import type {
  ArgumentInvalid,
  CommandIdReused,
  ReconciliationRefusal,
  WorkUnknown,
} from "../../adapters/ledger/api/mod.ts";
import type { RefusalOf } from "../../core/registry/commands.ts";
import type { OpenOrganization } from "../../core/billing/plan.ts";
import type { AddCredits } from "../../core/billing/credits.ts";
import type { NameAssistant } from "../../core/number/decisions/assistants.ts";
import type {
  InstallSipConnection,
  IssueToken,
  RevokeToken,
} from "../../core/organization/decisions.ts";
import type { RegisterConnection, RemoveConnection } from "../../core/organization/connections.ts";
import type { SetRequirementGroup } from "../../core/organization/requirement-groups.ts";
import type { NumberUnknown } from "../../core/number/refusals.ts";
import type { StartRelease } from "../../core/number/decisions/release.ts";
import type { ResolveReleaseRequest } from "../../core/number/decisions/release.ts";
import { failed, type Result } from "../../core/values/result.ts";
import type { ReviewVerification } from "../../core/verification/decisions.ts";
import type { Failure } from "../dialect.ts";
import { encodeReconciliation } from "./encode.ts";

/** Every refusal that a call of the operator can meet. */
type Refusal =
  | RefusalOf<
    | OpenOrganization
    | AddCredits
    | IssueToken
    | RevokeToken
    | NameAssistant
    | InstallSipConnection
    | RegisterConnection
    | RemoveConnection
    | SetRequirementGroup
    | ReviewVerification
    | ResolveReleaseRequest
    | StartRelease
  >
  | NumberUnknown
  | WorkUnknown
  | CommandIdReused
  | ArgumentInvalid;

const STATUS: Readonly<Record<Refusal["code"], Failure["status"]>> = {
  ORGANIZATION_UNKNOWN: 404,
  ORGANIZATION_CLOSED: 409,
  ORGANIZATION_RESERVED: 409,
  ORGANIZATION_ID_UNFIT: 400,
  ID_UNFIT: 400,
  PLAN_UNKNOWN: 400,
  NUMBER_UNKNOWN: 404,
  PURCHASE_IN_PROGRESS: 409,
  WORK_UNKNOWN: 404,
  CREDITS_EXCEEDED: 422,
  TOKEN_UNKNOWN: 404,
  TOKEN_LIMIT_REACHED: 409,
  CONNECTION_UNKNOWN: 404,
  VERIFICATION_UNKNOWN: 404,
  VERIFICATION_OUT_OF_TURN: 409,
  RELEASE_REQUEST_UNKNOWN: 404,
  RELEASE_REQUEST_RESOLVED: 409,
  COMMAND_ID_REUSED: 422,
  INVALID_ARGUMENT: 400,
};

/** The part of the request that a refusal is about, by its name there. */
const fieldsFor = (id: string): { readonly [Code in Refusal["code"]]?: string } => ({
  PLAN_UNKNOWN: "plan",
  ID_UNFIT: id,
  ORGANIZATION_ID_UNFIT: id,
  CREDITS_EXCEEDED: "amount",
});

/**
 * An argument that does not fit, as the body has it: the ledger calls it `input.expiresAt`, and
 * begins its sentence with that.
 */
const inBody = ({ path, message }: ArgumentInvalid) => {
  const from = path.indexOf(".") + 1;
  return { field: path.slice(from), message: message.slice(from) };
};

/**
 * A refusal as a failure of the operator's API, which shows the ledger's own codes. `id` is what
 * the request calls the id that may be new.
 */
export const refused = (refusal: Refusal, id = "id"): Result<never, Failure> => {
  const { code } = refusal;
  const { field, message } = code === "INVALID_ARGUMENT"
    ? inBody(refusal)
    : { field: fieldsFor(id)[code], message: messageOf(refusal) };
  return failed({
    status: STATUS[code],
    code,
    message,
    ...(field === undefined ? {} : { fields: { [field]: [message] } }),
  });
};

type Unreconciled = ReconciliationRefusal | ArgumentInvalid;

const RECONCILIATION_STATUS: Readonly<Record<Unreconciled["code"], Failure["status"]>> = {
  RECONCILIATION_RUNNING: 409,
  CARRIER_UNKNOWN: 400,
  CARRIER_UNREACHABLE: 503,
  CARRIER_FAILED: 502,
  INVALID_ARGUMENT: 400,
};

/** The refusal of a reconciliation; one that was aborted carries its report. */
export const unreconciled = (refusal: Unreconciled): Result<never, Failure> => {
  const { code, message } = refusal;
  return failed({
    status: RECONCILIATION_STATUS[code],
    code,
    message,
    ...(code === "CARRIER_UNKNOWN" ? { fields: { carrier: [message] } } : {}),
    ...("report" in refusal
      ? { extra: { reconciliation: encodeReconciliation(refusal.report) } }
      : {}),
  });
};
