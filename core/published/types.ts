/**
 * The types of published events: what leaves the ledger, by feed and webhook. They are a vocabulary
 * of their own, thin and without personal data: ids, what changed, and where to read the rest. A
 * type may get further members; one whose members change their meaning gets another name.
 */
import * as v from "valibot";
import { DISABLED_WHYS, type DisabledWhy } from "../events/webhook.ts";
import { NUMBER_TYPES, type NumberType } from "../ports/carrier.ts";
import { about, Dollars, Id, type PublishedTypes, Time } from "./definition.ts";
import { type NumberPublished, numberTypes } from "./number-types.ts";

const organization = {
  "organization.opened": about("The organization was opened.", { plan: v.string() }),
  "organization.renamed": about("The organization has another name.", {}),
  "organization.plan_changed": about("The organization is on another plan.", { plan: v.string() }),
  "organization.closed": about("The organization was closed; its numbers are released.", {}),
  "credits.added": about("Credits were added to the balance.", { amount: Dollars }),
  "assistant.named": about("An assistant has a name, or another one.", { assistant: Id }),
  "sip_connection.installed": about(
    "A SIP connection was installed, or changed.",
    { installation: Id, ready: v.boolean() },
  ),
  "connection.registered": about("Numbers may send calls to the connection.", { connection: Id }),
  "connection.removed": about("Numbers may no longer get the connection.", { connection: Id }),
  "requirements.changed": about(
    "What fulfils the carrier's requirements for such numbers has changed.",
    { country: v.string(), type: v.picklist(NUMBER_TYPES), fulfilled: v.boolean() },
  ),
  "token.issued": about(
    "A token was issued; null: it does not expire.",
    { token: Id, scope: v.picklist(["read", "write"]), expiresAt: v.nullable(Time) },
  ),
  "token.revoked": about("A token was revoked.", { token: Id }),
};

const verification = { verification: Id };

const verifications = {
  "verification.submitted": about("The business's verification awaits review.", verification),
  "verification.approved": about("The verification was approved.", verification),
  "verification.rejected": about("The verification was rejected.", verification),
  "verification.revoked": about("The approval was revoked.", verification),
};

const endpoint = { webhook: Id };

const webhooks = {
  "webhook.added": about("An endpoint for webhooks was added.", endpoint),
  "webhook.changed": about("The endpoint's URL, types or description have changed.", endpoint),
  "webhook.rotated": about("The endpoint has another secret.", endpoint),
  "webhook.disabled": about(
    "The endpoint is sent nothing more: it said so (gone), failed for three days, or was disabled.",
    { ...endpoint, why: v.picklist(DISABLED_WHYS) },
  ),
  "webhook.enabled": about("The endpoint is sent to again.", endpoint),
  "webhook.removed": about("The endpoint was removed.", endpoint),
};

const reconciliation = {
  "inventory.reconciled": about(
    "The carrier's inventory was compared with the ledger's; for the operator.",
    { reconciliation: Id, carrier: v.string(), drifts: v.number(), completed: v.boolean() },
  ),
};

/** The data of every published event, by type. */
export type PublishedData = NumberPublished & {
  "organization.opened": { readonly plan: string };
  "organization.renamed": Record<never, never>;
  "organization.plan_changed": { readonly plan: string };
  "organization.closed": Record<never, never>;
  "credits.added": { readonly amount: string };
  "assistant.named": { readonly assistant: string };
  "sip_connection.installed": { readonly installation: string; readonly ready: boolean };
  "connection.registered": { readonly connection: string };
  "connection.removed": { readonly connection: string };
  "requirements.changed": {
    readonly country: string;
    readonly type: NumberType;
    readonly fulfilled: boolean;
  };
  "token.issued": {
    readonly token: string;
    readonly scope: "read" | "write";
    readonly expiresAt: string | null;
  };
  "token.revoked": { readonly token: string };
  "verification.submitted": { readonly verification: string };
  "verification.approved": { readonly verification: string };
  "verification.rejected": { readonly verification: string };
  "verification.revoked": { readonly verification: string };
  "webhook.added": { readonly webhook: string };
  "webhook.changed": { readonly webhook: string };
  "webhook.rotated": { readonly webhook: string };
  "webhook.disabled": { readonly webhook: string; readonly why: DisabledWhy };
  "webhook.enabled": { readonly webhook: string };
  "webhook.removed": { readonly webhook: string };
  "inventory.reconciled": {
    readonly reconciliation: string;
    readonly carrier: string;
    readonly drifts: number;
    readonly completed: boolean;
  };
};

/** Every published type by its name, with what it says and the schema of its data. */
export const PUBLISHED: PublishedTypes<PublishedData> = {
  ...organization,
  ...numberTypes,
  ...verifications,
  ...webhooks,
  ...reconciliation,
};

/** The name of a published type. */
export type PublishedName = keyof PublishedData;

/** The names of all published types. */
export const PUBLISHED_NAMES = Object.keys(PUBLISHED) as readonly PublishedName[];

/** An event of one of these types as it leaves the ledger. */
export type PublishedOf<Name extends PublishedName> = {
  [Each in Name]: {
    /** The same for ever, wherever and however often it is sent. */
    readonly id: string;
    readonly type: Each;
    /** When it happened, in UTC. */
    readonly at: string;
    readonly organization: string;
    /** The path at which what it is about can be read. */
    readonly subject: string;
    readonly data: PublishedData[Each];
  };
}[Name];

/** An event as it leaves the ledger. */
export type PublishedEvent = PublishedOf<PublishedName>;
