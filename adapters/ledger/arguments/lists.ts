/** What the operator's lists may be given. */
import * as v from "valibot";
import { REQUEST_STATUSES } from "../../../core/number/release-requests.ts";
import { oneOf } from "../../../core/values/choice.ts";
import { exactly, whole } from "../../validation/shapes.ts";
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
