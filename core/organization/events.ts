import * as v from "valibot";
import { type EventOf, firstVersion } from "../log/definition.ts";
import { MoneySchema } from "../values/money.ts";

/** What can happen to an organization itself. */
export const organizationEvents = {
  OrganizationOpened: firstVersion(v.object({ name: v.string(), plan: v.string() })),
  OrganizationRenamed: firstVersion(v.object({ name: v.string() })),
  PlanChanged: firstVersion(v.object({ plan: v.string() })),
  CreditsAdded: firstVersion(v.object({ amount: MoneySchema })),
  AssistantNamed: firstVersion(v.object({ assistant: v.string(), name: v.string() })),
  SipConnectionInstalled: firstVersion(v.object({
    installation: v.string(),
    providerName: v.string(),
    trunk: v.string(),
    ready: v.boolean(),
  })),
  TokenIssued: firstVersion(v.object({
    token: v.string(),
    /** SHA-256 (hex) of the token; the token itself is never stored. */
    hash: v.string(),
    email: v.string(),
    name: v.string(),
    sandbox: v.boolean(),
  })),
  TokenRevoked: firstVersion(v.object({ token: v.string() })),
};

export type OrganizationEvent = EventOf<typeof organizationEvents>;
