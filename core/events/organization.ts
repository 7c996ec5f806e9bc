import * as v from "valibot";
import {
  type DefinitionsOf,
  type EventOf,
  firstVersion,
  salt,
  type Salted,
  secondVersion,
  TextOrNull,
  thirdVersion,
} from "./definition.ts";
import { NUMBER_TYPES, type NumberType } from "../ports/carrier.ts";
import { type Money, MoneySchema } from "../values/money.ts";
import type { Instant } from "../values/calendar.ts";
import type { PlanTerms } from "../values/plan.ts";
import { MaybeWholeSchema, WholeSchema } from "../values/whole.ts";

/**
 * A plan, and what it said when it was given: that holds from then on, whatever is said later of a
 * plan of this name. Events of version 1 have no terms: the catalogue's hold, as they did then.
 */
export type AgreedPlan = Salted & {
  readonly plan: string;
  readonly terms?: PlanTerms | undefined;
};

/** What a token may do, and for how long. Events of version 1 have neither. */
export type TokenTerms = {
  /** Left out of one that may also write. */
  readonly scope?: "read" | undefined;
  /** From when on it is not valid; left out of one that is valid until it is revoked. */
  readonly expiresAt?: Instant | undefined;
};

/** The data of everything that can happen to an organization itself. */
export type OrganizationEventData = {
  OrganizationOpened: AgreedPlan & { readonly name: string };
  OrganizationRenamed: { readonly name: string };
  PlanChanged: AgreedPlan;
  CreditsAdded: { readonly amount: Money };
  AssistantNamed: { readonly assistant: string; readonly name: string };
  SipConnectionInstalled: {
    readonly installation: string;
    readonly providerName: string;
    readonly trunk: string;
    readonly ready: boolean;
  };
  /** The operator lets the organization send calls to this connection of the carrier. */
  ConnectionRegistered: { readonly connection: string; readonly label: string };
  ConnectionRemoved: { readonly connection: string };
  /**
   * What fulfils the carrier's requirements for numbers of a country and type; null: nothing does.
   */
  RequirementGroupSet: {
    readonly country: string;
    readonly type: NumberType;
    readonly group: string | null;
  };
  TokenIssued: {
    readonly token: string;
    /** SHA-256 (hex) of the token; the token itself is never stored. */
    readonly hash: string;
    readonly email: string;
    readonly name: string;
    readonly sandbox: boolean;
  } & TokenTerms;
  TokenRevoked: { readonly token: string };
};

/** The schemas of `AgreedPlan`. */
const agreed = {
  plan: v.string(),
  salt,
  terms: v.optional(v.object({
    maxNumbers: WholeSchema,
    billing: v.picklist(["trial", "subscription", "credits"]),
    verification: v.picklist(["none", "submitted", "approved"]),
    trialDays: MaybeWholeSchema,
    graceDays: MaybeWholeSchema,
    trialNoticeDays: MaybeWholeSchema,
    renewalNoticeDays: MaybeWholeSchema,
    graceNoticeDays: MaybeWholeSchema,
    price: v.optional(MoneySchema),
    markup: MaybeWholeSchema,
    limits: v.object({
      imports: WholeSchema,
      purchasesPerDay: WholeSchema,
      purchasesPer30Days: WholeSchema,
      highestSetup: MoneySchema,
      highestMonthly: MoneySchema,
      requestsPerMinute: WholeSchema,
      searchesPerMinute: WholeSchema,
    }),
  })),
};

/** Every event of an organization, with its newest schema. */
export const organizationEvents: DefinitionsOf<OrganizationEventData> = {
  OrganizationOpened: thirdVersion(v.object({ name: v.string(), ...agreed })),
  OrganizationRenamed: firstVersion(v.object({ name: v.string() })),
  PlanChanged: thirdVersion(v.object(agreed)),
  CreditsAdded: firstVersion(v.object({ amount: MoneySchema })),
  AssistantNamed: firstVersion(v.object({ assistant: v.string(), name: v.string() })),
  SipConnectionInstalled: firstVersion(v.object({
    installation: v.string(),
    providerName: v.string(),
    trunk: v.string(),
    ready: v.boolean(),
  })),
  ConnectionRegistered: firstVersion(v.object({ connection: v.string(), label: v.string() })),
  ConnectionRemoved: firstVersion(v.object({ connection: v.string() })),
  RequirementGroupSet: firstVersion(v.object({
    country: v.string(),
    type: v.picklist(NUMBER_TYPES),
    group: TextOrNull,
  })),
  TokenIssued: secondVersion(v.object({
    token: v.string(),
    hash: v.string(),
    email: v.string(),
    name: v.string(),
    sandbox: v.boolean(),
    scope: v.optional(v.picklist(["read"])),
    expiresAt: MaybeWholeSchema,
  })),
  TokenRevoked: firstVersion(v.object({ token: v.string() })),
};

/** Anything that can happen to an organization itself. */
export type OrganizationEvent = EventOf<OrganizationEventData>;
