/** What a dry run answers. */
import * as v from "valibot";
import { Dollars, orNull } from "../answer.ts";
import { Problem } from "./answers.ts";
import { EligibilityRecord } from "./organization-answers.ts";

/** What a command would add, and a purchase cost; or the problem by which it would be refused. */
export const DryRunRecord = v.strictObject({
  accepted: v.boolean(),
  events: v.array(v.strictObject({ type: v.string(), version: v.number(), data: v.unknown() })),
  purchase: orNull(v.strictObject({
    setupUsd: Dollars,
    monthlyUsd: Dollars,
    paidFrom: v.picklist(["trial", "subscription", "credits", "nothing"]),
    debitedUsd: Dollars,
    eligibility: v.strictObject({ before: EligibilityRecord, after: EligibilityRecord }),
  })),
  refusal: orNull(Problem),
});
