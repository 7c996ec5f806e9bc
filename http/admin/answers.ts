/** What the operator's calls answer. */
import * as v from "valibot";
import { DRIFT_KINDS, REMEDIES } from "../../core/events/drift.ts";
import { SUBMISSION_STATUSES } from "../../core/verification/state.ts";
import { Dollars, Id, Number164, orNull, Time } from "../answer.ts";
import { Submission } from "../speko/answers.ts";
import { ReleaseRequestRecord } from "../talkover/answers.ts";

/** What a plan says but its name. */
export const TermsRecord = v.strictObject({
  maxNumbers: v.number(),
  billing: v.string(),
  verification: v.string(),
  trialDays: v.number(),
  graceDays: v.number(),
  trialNoticeDays: v.number(),
  renewalNoticeDays: v.number(),
  graceNoticeDays: v.number(),
  price: orNull(Dollars),
  markup: v.number(),
  limits: v.strictObject({
    imports: v.number(),
    purchasesPerDay: v.number(),
    purchasesPer30Days: v.number(),
    highestSetup: Dollars,
    highestMonthly: Dollars,
    requestsPerMinute: v.number(),
    searchesPerMinute: v.number(),
  }),
});

/** An organization; null as `terms` where an old event gave only its plan's name. */
export const OrganizationRecord = v.strictObject({
  id: Id,
  name: v.string(),
  plan: v.string(),
  terms: orNull(TermsRecord),
  credits: Dollars,
  verification: v.picklist(["missing", ...SUBMISSION_STATUSES]),
});

/** A new token, which is shown this once: null where the request is repeated under its key. */
export const TokenIssued = v.strictObject({ id: Id, token: v.nullable(v.string()) });

/** The credits that an organization then has. */
export const Credited = v.strictObject({ credits: Dollars });

/** An assistant's name. */
export const Named = v.strictObject({ id: Id, name: v.string() });

/** A SIP connection. */
export const SipConnectionRecord = v.strictObject({
  id: Id,
  providerName: v.string(),
  trunkId: v.string(),
  ready: v.boolean(),
});

/** A connection of the carrier that an organization may use. */
export const ConnectionRecord = v.strictObject({ id: Id, label: v.string() });

/** The connections of an organization. */
export const Connections = v.strictObject({ connections: v.array(ConnectionRecord) });

/** The documents that are filed for an organization's numbers of a kind. */
export const RequirementGroup = v.strictObject({
  country: v.string(),
  type: v.string(),
  requirementGroupId: orNull(Id),
});

/** The requirement groups of an organization. */
export const RequirementGroups = v.strictObject({ requirements: v.array(RequirementGroup) });

/** A number on which the carrier and we do not agree, and what was done about it. */
export const DriftRecord = v.strictObject({
  kind: v.picklist(DRIFT_KINDS),
  e164: Number164,
  organization: orNull(Id),
  holding: orNull(Id),
  carrierId: orNull(v.string()),
  message: v.string(),
  remedy: v.picklist(REMEDIES),
  outcome: v.picklist(["reported", "done", "open", "failed", "skipped"]),
  why: orNull(v.string()),
});

/** What a reconciliation found and did. */
export const ReconciliationRecord = v.strictObject({
  id: Id,
  carrier: v.string(),
  startedAt: Time,
  finishedAt: Time,
  status: v.picklist(["complete", "broken"]),
  broken: orNull(v.strictObject({ kind: v.string(), message: v.string() })),
  seen: v.strictObject({
    ours: v.number(),
    theirs: v.number(),
    agreed: v.number(),
    inFlight: v.number(),
    foreign: v.number(),
  }),
  drifted: v.strictObject(v.entriesFromList(DRIFT_KINDS, v.number())),
  drifts: v.array(DriftRecord),
});

/** A page of reconciliations, the latest first. */
export const Reconciliations = v.strictObject({
  reconciliations: v.array(ReconciliationRecord),
  next: orNull(v.number()),
});

/** A page of verifications, the newest first. */
export const Verifications = v.strictObject({
  verifications: v.array(Submission),
  next: orNull(Id),
});

/** A page of release requests over all organizations, the newest first. */
export const ReleaseRequests = v.strictObject({
  releaseRequests: v.array(v.strictObject({ organization: Id, ...ReleaseRequestRecord.entries })),
  next: orNull(Id),
});

/** The ends of the organizations' logs, by organization. */
export const Heads = v.strictObject({
  heads: v.array(v.strictObject({
    organization: v.string(),
    position: v.number(),
    hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  })),
  next: orNull(v.string()),
});

/** The time of the server's clock. */
export const Now = v.strictObject({ now: Time });

/** Who held a number at a time, over all organizations. */
export const HoldersRecord = v.strictObject({
  e164: Number164,
  at: Time,
  holders: v.array(v.strictObject({
    organization: Id,
    id: Id,
    source: v.picklist(["managed", "imported"]),
    carrier: orNull(v.string()),
    sandbox: v.boolean(),
    status: v.string(),
    createdAt: Time,
  })),
});
