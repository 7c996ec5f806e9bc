import * as v from "valibot";
import { ScopeSchema } from "../../adapters/ledger/arguments/mod.ts";
import {
  CursorSchema,
  LISTED_STATUSES,
  MAX_ROWS,
  WORK_STATES,
} from "../../adapters/ledger/arguments/lists.ts";
import { E164Schema } from "../../core/values/e164.ts";
import { REQUEST_STATUSES } from "../../core/number/release-requests.ts";
import { CarrierNameSchema } from "../../core/events/number.ts";
import { CHARACTERS, filledOf } from "../../adapters/validation/bounds.ts";
import { SUBMISSION_STATUSES } from "../../core/verification/state.ts";
import { whole, wholeText } from "../../adapters/validation/shapes.ts";
import { emailOf } from "../../adapters/validation/email.ts";
import { type Money, moneyFault, parseMoney } from "../../core/values/money.ts";
import { onlyThese } from "../object.ts";
import { MomentText, TimeSchema } from "../time.ts";
import { NumberTypeSchema } from "../requirements.ts";
import { IdSchema, NumberCountrySchema } from "../../adapters/validation/values.ts";

/** 1 to 500 characters, of which at least one is not white space. */
const Text = filledOf(CHARACTERS.title);

export const OrganizationBody = v.object({ name: Text, plan: Text });

/** Unknown fields are refused: a misspelt `scope` or `expiresAt` must not mean none. */
export const TokenBody = onlyThese({
  email: emailOf(CHARACTERS.title),
  name: Text,
  sandbox: v.optional(v.boolean(), false),
  scope: v.optional(ScopeSchema, "write"),
  expiresAt: v.optional(MomentText),
});

/** Dollars as a decimal string, more than zero. */
const Amount = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): Money => {
    const amount = parseMoney(dataset.value);
    if (amount !== undefined && amount.micros > 0) return amount;
    addIssue({ message: moneyFault(dataset.value) ?? "must be above 0" });
    return NEVER;
  }),
);

export const CreditsBody = v.object({ amount: Amount });

export const HoldersQuery = v.object({ at: v.optional(TimeSchema) });

export const AssistantBody = v.object({ name: Text });

export const ConnectionBody = v.object({ label: Text });

/**
 * `requirementGroupId` null removes the group; it is required, since a misspelt name would remove
 * it too.
 */
export const RequirementGroupBody = v.object({
  country: NumberCountrySchema,
  type: NumberTypeSchema,
  requirementGroupId: v.nullable(IdSchema),
});

export const SipConnectionBody = v.object({
  providerName: Text,
  trunkId: Text,
  ready: v.boolean(),
});

export const ReasonBody = v.object({ reason: Text });

/** Ten years of 365.25 days: a test that advances further has a mistake. */
const MAX_SECONDS = 315_576_000;

export const AdvanceBody = v.object({ seconds: whole(0, MAX_SECONDS) });

/** Unknown fields are refused: a misspelt `carrier` must not mean the default one. */
export const ReconciliationBody = onlyThese({ carrier: v.optional(CarrierNameSchema) });

const MAX_REPORTS = 100;
const MAX_HEADS = 1_000;

/** `before` is the `next` of an earlier page. */
export const ReconciliationsQuery = v.object({
  before: v.optional(wholeText(1)),
  limit: v.optional(wholeText(1, MAX_REPORTS)),
});

const statusOf = <const Statuses extends readonly string[]>(statuses: Statuses) =>
  v.exactOptional(v.picklist(statuses, `must be one of ${statuses.join(", ")}`));

const listOf = <const Statuses extends readonly string[]>(statuses: Statuses) =>
  v.object({
    status: statusOf(statuses),
    after: v.exactOptional(IdSchema),
    limit: v.exactOptional(wholeText(1, MAX_ROWS)),
  });

/** `after` is the `next` of an earlier page. */
export const VerificationsQuery = listOf(SUBMISSION_STATUSES);
export const ReleaseRequestsQuery = listOf(REQUEST_STATUSES);

/** `after` is the `next` of an earlier page, an organization's id. */
export const HeadsQuery = v.object({
  after: v.optional(IdSchema),
  limit: v.optional(wholeText(1, MAX_HEADS)),
});

const limit = v.exactOptional(wholeText(1, MAX_ROWS));

/** `after` is the `next` of an earlier page, an id. */
export const PageQuery = v.object({ after: v.exactOptional(IdSchema), limit });

/** A raw + in a query is read as a space. */
const NumberText = v.pipe(
  v.string(),
  v.transform((text) => text.replace(/^ /, "+")),
  E164Schema,
);

export const NumbersQuery = v.object({
  e164: v.exactOptional(NumberText),
  status: statusOf(LISTED_STATUSES),
  organization: v.exactOptional(IdSchema),
  after: v.exactOptional(CursorSchema),
  limit,
});

/** `organization` is needed for a number that has been released. */
export const HistoryQuery = v.object({
  organization: v.exactOptional(IdSchema),
  after: v.exactOptional(wholeText(0)),
  limit,
});

export const WorkQuery = v.object({
  state: statusOf(WORK_STATES),
  until: v.exactOptional(TimeSchema),
  after: v.exactOptional(CursorSchema),
  limit,
});
