import * as v from "valibot";
import { CAMPAIGN_STATUSES, DIRECTIONS } from "../../core/events/number.ts";
import { CHARACTERS, textOf } from "../../adapters/validation/bounds.ts";
import { wholeText } from "../../adapters/validation/shapes.ts";
import { onlyThese } from "../object.ts";
import { TemplateSchema } from "../template.ts";
import { TimeSchema } from "../time.ts";
import { IdSchema } from "../../adapters/validation/values.ts";

/** As many events of a history as one answer has. */
const MAX_EVENTS = 100;

/** `after` is the `next` of an earlier page. */
export const HistoryQuery = v.object({
  after: v.optional(wholeText(0), "0"),
  limit: v.optional(wholeText(1, MAX_EVENTS), String(MAX_EVENTS)),
});

export const ListQuery = v.object({ asOf: v.optional(TimeSchema) });

const Name = v.nullable(textOf(CHARACTERS.name));

const Campaign = onlyThese({
  profile: v.exactOptional(Name, null),
  campaign: v.exactOptional(Name, null),
  status: v.picklist(CAMPAIGN_STATUSES, `must be one of ${CAMPAIGN_STATUSES.join(", ")}`),
});

/**
 * The body of `PATCH /ledger/numbers/{id}`. What is left out stays; null clears label, template and
 * assistant.
 */
export const ChangeBody = onlyThese({
  direction: v.exactOptional(v.picklist(DIRECTIONS, "must be inbound, outbound or both")),
  label: v.exactOptional(v.nullable(textOf(CHARACTERS.label))),
  assistant: v.exactOptional(v.nullable(IdSchema)),
  template: v.exactOptional(v.nullable(TemplateSchema)),
  autoRenewal: v.exactOptional(v.boolean("must be true or false")),
  smsCampaign: v.exactOptional(Campaign),
});
