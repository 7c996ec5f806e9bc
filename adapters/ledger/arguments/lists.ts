/** What the operator's lists may be given. */
import * as v from "valibot";
import { REQUEST_STATUSES } from "../../../core/number/release-requests.ts";
import { oneOf } from "../../../core/values/choice.ts";
import { E164Schema } from "../../../core/values/e164.ts";
import { exactly, MomentSchema, whole } from "../../validation/shapes.ts";
import { SUBMISSION_STATUSES } from "../../../core/verification/state.ts";
import { IdSchema } from "../../validation/values.ts";

/** A page of a list has at most so many. */
export const MAX_ROWS = 100;

const listOf = <const Statuses extends readonly string[]>(statuses: Statuses) =>
  v.optional(exactly({
    status: v.optional(oneOf(statuses)),
    after: v.optional(IdSchema),
    limit: v.optional(whole(1, MAX_ROWS)),
  }));

export const verificationList = listOf(SUBMISSION_STATUSES);
export const releaseRequestList = listOf(REQUEST_STATUSES);

const MAX_HEADS = 1_000;

export const headsPage = v.optional(exactly({
  after: v.optional(IdSchema),
  limit: v.optional(whole(1, MAX_HEADS)),
}));

/** The longest cursor: it has an organization's id, a number's and little more, escaped. */
const MAX_CURSOR = 4_000;

export const CursorSchema = v.pipe(
  v.string(),
  v.minLength(1, "must not be empty"),
  v.maxLength(MAX_CURSOR, `must have at most ${MAX_CURSOR} characters`),
);

const limit = v.optional(whole(1, MAX_ROWS));

export const listPage = v.optional(exactly({ after: v.optional(IdSchema), limit }));

/** The statuses of numbers that are listed. */
export const LISTED_STATUSES = [
  "purchasing",
  "active",
  "suspended",
  "releasing",
  "failed",
] as const;

export const allNumbers = v.optional(exactly({
  e164: v.optional(E164Schema),
  status: v.optional(oneOf(LISTED_STATUSES)),
  organization: v.optional(IdSchema),
  after: v.optional(CursorSchema),
  limit,
}));

export const numberHistory = v.optional(exactly({
  organization: v.optional(IdSchema),
  after: v.optional(whole(0, Number.MAX_SAFE_INTEGER)),
  limit,
}));

/** Which work is listed. */
export const WORK_STATES = ["due", "stuck", "resting"] as const;

/** An item of the list of work, as it is listed: it may have more members. */
export const workName = v.object({
  organization: v.nullable(IdSchema),
  kind: IdSchema,
  id: IdSchema,
});

export const workList = v.optional(exactly({
  state: v.optional(oneOf(WORK_STATES)),
  until: v.optional(MomentSchema),
  after: v.optional(CursorSchema),
  limit,
}));
