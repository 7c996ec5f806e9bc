/**
 * The calls about an organization's numbers, except the search. Each is declared with the schemas
 * of its arguments, which have the names of the arguments that they are for.
 */
import type * as Scope from "effect/Scope";
import * as v from "valibot";
import { CAMPAIGN_STATUSES, DIRECTIONS, type SmsCampaign } from "../../../core/events/number.ts";
import { kindOf, oneOf, only } from "../../../core/values/choice.ts";
import { E164Schema } from "../../../core/values/e164.ts";
import {
  CHARACTERS,
  filledOf,
  MAX_IDS,
  templateFault,
  textOrNullOf,
} from "../../validation/bounds.ts";
import { exactly, MomentSchema, whole } from "../../validation/shapes.ts";
import { IdSchema } from "../../validation/values.ts";
import type { NumberCalls } from "../api/numbers.ts";
import { releaseRequestList } from "../arguments/lists.ts";
import * as given from "../arguments/mod.ts";
import { caller, id, input, options, purchaseOptions, writer } from "./common-arguments.ts";
import { type CallTable, certain, refusable } from "./declaration.ts";
import { dryRun } from "./dry-run.ts";
import {
  assign,
  cancelRelease,
  changeNumber,
  getReleaseRequest,
  importNumber,
  listReleaseRequests,
  release,
  removeImport,
  requestRelease,
  setCalling,
} from "./numbers.ts";
import { pageOfReleaseRequests } from "./lists.ts";
import { purchaseOnce } from "./purchases.ts";
import { listNumbers, pageOfNumbers } from "./number-lists.ts";
import { getNumberAsOf, listNumbersAsOf } from "./past-numbers.ts";
import { getNumber, historySeen, listSipConnections } from "./views.ts";

const Template = v.pipe(
  v.custom<Record<string, unknown>>(
    (value) => templateFault(value) === null,
    ({ input }) => templateFault(input) ?? "must be a JSON object",
  ),
  v.transform((template) => structuredClone(template)),
);

const routing = {
  direction: v.optional(oneOf(DIRECTIONS)),
  label: v.optional(textOrNullOf(CHARACTERS.label)),
  template: v.optional(v.nullable(Template)),
  assistant: v.optional(v.nullable(IdSchema)),
};

export const purchase = exactly({
  e164: E164Schema,
  connection: v.optional(v.nullable(IdSchema)),
  ...routing,
});

export const imported = exactly({
  e164: E164Schema,
  via: v.union(
    [exactly({ sipConnection: IdSchema }), exactly({ sipTrunk: IdSchema })],
    "must be a sipConnection or a sipTrunk",
  ),
  sipProviderName: v.optional(textOrNullOf(CHARACTERS.name)),
  ...routing,
});

export const route = exactly(routing);

export const ids = v.pipe(
  v.array(IdSchema),
  v.maxLength(MAX_IDS, `must name at most ${MAX_IDS} numbers`),
);

export const calling = exactly({
  direction: oneOf(DIRECTIONS),
  ids: v.optional(ids),
});

export const on = v.boolean();

export const campaign: v.GenericSchema<SmsCampaign> = exactly({
  profile: textOrNullOf(CHARACTERS.name),
  campaign: textOrNullOf(CHARACTERS.name),
  status: oneOf(CAMPAIGN_STATUSES),
});

export const change = exactly({
  ...routing,
  autoRenewal: v.optional(v.boolean()),
  smsCampaign: v.optional(campaign),
});

const limit = whole(1, Number.MAX_SAFE_INTEGER);

export const listed = v.optional(exactly({
  asOf: v.optional(MomentSchema),
  after: v.optional(v.object({ createdAt: MomentSchema, id: IdSchema })),
  limit: v.optional(limit),
  filter: given.numberFilter,
}));

export const page = exactly({
  skip: v.optional(whole(0, Number.MAX_SAFE_INTEGER)),
  limit,
  filter: given.numberFilter,
});

export const history = v.optional(exactly({
  after: v.optional(whole(0, Number.MAX_SAFE_INTEGER)),
  limit: v.optional(whole(1, Number.MAX_SAFE_INTEGER)),
}));

export const releaseRequest = exactly({ holding: IdSchema, reason: filledOf(CHARACTERS.reason) });

/** A call of an organization that changes something, with its arguments as the call takes them. */
export const planned = kindOf("call", [
  exactly({ call: only("purchase"), input: purchase }),
  exactly({ call: only("import"), input: imported }),
  exactly({ call: only("route"), id: IdSchema, input: route }),
  exactly({ call: only("change"), id: IdSchema, input: change }),
  exactly({ call: only("assign"), assistant: IdSchema, ids }),
  exactly({ call: only("setCalling"), assistant: IdSchema, input: calling }),
  exactly({ call: oneOf(["release", "removeImport"]), id: IdSchema }),
  exactly({ call: only("setAutoRenewal"), id: IdSchema, on }),
  exactly({ call: only("assignSmsCampaign"), id: IdSchema, campaign }),
  exactly({ call: only("releaseRequests.request"), input: releaseRequest }),
  exactly({ call: only("releaseRequests.cancel"), id: IdSchema }),
  exactly({ call: only("verification.draft"), content: given.draft }),
  exactly({ call: only("verification.submit"), content: given.submission }),
]);

/** The calls about numbers; in `background` goes on what a caller no longer waits for. */
export const numberCalls = (
  background: Scope.Scope,
): Pick<
  CallTable,
  keyof NumberCalls | "purchase" | "import" | "dryRun" | "numbers" | "releaseRequests"
> => ({
  dryRun: refusable([caller, ["planned", planned]], dryRun),
  purchase: refusable(
    [writer, input(purchase), purchaseOptions],
    (caller, input, options = {}) => purchaseOnce(background, caller, input, options),
  ),
  import: refusable(
    [writer, input(imported), options],
    (caller, input, options = {}) => importNumber(caller, input, options),
  ),
  route: refusable(
    [writer, id, input(route)],
    (caller, holding, input) => changeNumber(caller, { type: "ChangeRouting", holding, ...input }),
  ),
  change: refusable(
    [writer, id, input(change)],
    (caller, holding, input) => changeNumber(caller, { type: "ChangeNumber", holding, ...input }),
  ),
  assign: refusable([writer, ["assistant", IdSchema], ["ids", ids]], assign),
  setCalling: refusable([writer, ["assistant", IdSchema], input(calling)], setCalling),
  release: refusable([writer, id], (caller, id) => release(background, caller, id)),
  removeImport: refusable([writer, id], removeImport),
  sipConnections: certain([caller], (caller) => listSipConnections(caller.organization)),
  setAutoRenewal: refusable(
    [writer, id, ["on", on]],
    (caller, holding, on) => changeNumber(caller, { type: "SetAutoRenewal", holding, on }),
  ),
  assignSmsCampaign: refusable(
    [writer, id, ["campaign", campaign]],
    (caller, holding, campaign) =>
      changeNumber(caller, { type: "AssignSmsCampaign", holding, campaign }),
  ),
  numbers: {
    list: certain(
      [caller, ["options", listed]],
      (caller, { asOf, ...options } = {}) =>
        asOf === undefined ? listNumbers(caller, options) : listNumbersAsOf(caller, asOf, options),
    ),
    page: certain([caller, ["options", page]], pageOfNumbers),
    get: certain(
      [caller, id, ["options", given.when]],
      (caller, id, { asOf } = {}) =>
        asOf === undefined ? getNumber(caller, id) : getNumberAsOf(caller, id, asOf),
    ),
    history: certain(
      [caller, id, ["options", history]],
      (caller, id, options = {}) => historySeen(caller, id, options),
    ),
  },
  releaseRequests: {
    list: certain([caller], listReleaseRequests),
    page: certain(
      [caller, ["list", releaseRequestList]],
      (caller, list = {}) => pageOfReleaseRequests(caller, list),
    ),
    get: certain([caller, id], getReleaseRequest),
    request: refusable(
      [writer, input(releaseRequest), options],
      (caller, input, options = {}) => requestRelease(background, caller, input, options),
    ),
    cancel: refusable([writer, id], cancelRelease),
  },
});
