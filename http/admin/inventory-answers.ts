/** What the operator's calls answer about what all organizations have. */
import * as v from "valibot";
import { ScopeSchema } from "../../adapters/ledger/arguments/mod.ts";
import { Id, orNull, Time } from "../answer.ts";
import { OrganizationRecord, TermsRecord } from "./answers.ts";
import { EventRecord, NumberRecord } from "../ledger/answers.ts";

/** Organizations, by id; `next` is null on the last page. */
export const Organizations = v.strictObject({
  organizations: v.array(v.strictObject({
    ...OrganizationRecord.entries,
    numbers: v.number(),
    imports: v.number(),
    tokens: v.number(),
    openedAt: Time,
  })),
  next: orNull(v.string()),
});

/** An organization that was closed, and how many numbers and tokens it still has. */
export const ClosedOrganization = v.strictObject({
  ...OrganizationRecord.entries,
  numbers: v.number(),
  tokens: v.number(),
});

/** An organization's tokens, the oldest first, without their secrets. */
export const Tokens = v.strictObject({
  tokens: v.array(v.strictObject({
    id: Id,
    email: v.string(),
    name: v.string(),
    sandbox: v.boolean(),
    scope: ScopeSchema,
    issuedAt: orNull(Time),
    expiresAt: orNull(Time),
    lastUsedAt: orNull(Time),
  })),
  next: orNull(v.string()),
});

/** Numbers over all organizations. */
export const Numbers = v.strictObject({
  numbers: v.array(
    v.strictObject({ organization: Id, sandbox: v.boolean(), ...NumberRecord.entries }),
  ),
  next: orNull(v.string()),
});

/** A page of a number's history, the oldest first. */
export const History = v.strictObject({
  organization: Id,
  events: v.array(EventRecord),
  next: orNull(v.number()),
});

/** What is due, the longest due first. */
export const Work = v.strictObject({
  work: v.array(v.strictObject({
    organization: orNull(Id),
    automation: v.string(),
    kind: v.string(),
    id: v.string(),
    due: Time,
    ageSeconds: v.number(),
    stuck: v.boolean(),
    restsSeconds: orNull(v.number()),
    reason: orNull(v.string()),
  })),
  next: orNull(v.string()),
});

/** What came of an item that was tried. */
export const WorkTried = v.strictObject({
  outcome: v.picklist(["done", "open", "elsewhere"]),
  reason: orNull(v.string()),
});

/** Whether a number has been released. */
export const Ended = v.strictObject({ released: v.boolean() });

/** The plans that organizations may have. */
export const Plans = v.strictObject({
  plans: v.array(v.strictObject({ name: v.string(), ...TermsRecord.entries })),
});
