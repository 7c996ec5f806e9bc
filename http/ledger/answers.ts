/** What the ledger's own calls answer. */
import * as v from "valibot";
import { CAMPAIGN_STATUSES, DIRECTIONS, FAILURE_REASONS } from "../../core/events/number.ts";
import { FEATURES, ORDER_WAITS } from "../../core/ports/carrier.ts";
import { Dollars, Id, Number164, orNull, Template, Time } from "../answer.ts";
import { ISSUES } from "../issues.ts";

const number = {
  id: Id,
  e164: Number164,
  source: v.picklist(["managed", "imported"]),
  carrier: orNull(v.string()),
  status: v.picklist(["purchasing", "active", "suspended", "releasing", "failed", "released"]),
  issues: v.array(v.picklist(ISSUES)),
  waitsFor: orNull(v.picklist(ORDER_WAITS)),
  direction: v.picklist(DIRECTIONS),
  label: orNull(v.string()),
  assistant: orNull(v.strictObject({ id: Id, name: orNull(v.string()) })),
  monthlyUsd: orNull(Dollars),
  autoRenewal: v.boolean(),
  trialEndsAt: orNull(Time),
  renewsAt: orNull(Time),
  suspendedAt: orNull(Time),
  failure: orNull(v.strictObject({ reason: v.picklist(FAILURE_REASONS), message: v.string() })),
  createdAt: Time,
  updatedAt: Time,
};

/** A number in a list. */
export const NumberRecord = v.strictObject(number);

/** A page of numbers, the oldest first; `next` is null on the last. */
export const Numbers = v.strictObject({ numbers: v.array(NumberRecord), next: orNull(Id) });

/** All numbers that an assistant has. */
export const Assigned = v.strictObject({ numbers: v.array(NumberRecord) });

/** One number, with what a list leaves out. */
export const WholeNumber = v.strictObject({
  ...number,
  features: v.array(v.picklist(FEATURES)),
  sip: orNull(v.strictObject({
    connection: orNull(v.string()),
    trunk: orNull(v.string()),
    providerName: orNull(v.string()),
  })),
  template: orNull(Template),
  smsCampaign: orNull(v.strictObject({
    profile: orNull(v.string()),
    campaign: orNull(v.string()),
    status: v.picklist(CAMPAIGN_STATUSES),
    updatedAt: Time,
  })),
});

/** A number for sale. */
export const OfferRecord = v.strictObject({
  e164: Number164,
  type: v.picklist(["local", "toll-free"]),
  country: v.string(),
  setupUsd: Dollars,
  monthlyUsd: Dollars,
  features: v.array(v.picklist(FEATURES)),
  region: v.strictObject({
    state: orNull(v.string()),
    locality: orNull(v.string()),
    rateCenter: orNull(v.string()),
  }),
});

/** What the carrier sells now, and which area codes were searched in place of an empty one. */
export const Found = v.strictObject({
  carrier: v.string(),
  offers: v.array(OfferRecord),
  nearby: v.array(v.string()),
});

/** A SIP connection over which numbers are imported. */
export const SipConnections = v.strictObject({
  sipConnections: v.array(v.strictObject({
    id: Id,
    providerName: v.string(),
    trunk: v.string(),
    ready: v.boolean(),
  })),
});

/** Who caused an event. */
export const ActorRecord = v.variant("kind", [
  v.strictObject({ kind: v.literal("user"), tokenId: Id, email: v.string(), name: v.string() }),
  v.strictObject({ kind: v.literal("operator") }),
  v.strictObject({ kind: v.literal("ledger"), automation: v.string() }),
]);

/** An event as the log holds it: its data in the shape of its type's version. */
export const EventRecord = v.strictObject({
  position: v.number(),
  type: v.string(),
  version: v.number(),
  at: Time,
  actor: ActorRecord,
  data: v.unknown(),
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

/** A page of a number's history, the oldest first; `next` is null on the last. */
export const History = v.strictObject({
  events: v.array(EventRecord),
  next: orNull(v.number()),
});

/** Whether a number has been released. */
export const Released = v.strictObject({ released: v.boolean() });

/** A problem as RFC 9457 has it. */
export const Problem = v.looseObject({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  code: v.string(),
  errors: v.optional(v.record(v.string(), v.array(v.string()))),
});
