/** What tables show of each kind of record. */
import type { Column } from "../table.ts";
import { memberOf } from "./print.ts";

const column = (title: string, member: string): Column => ({ title, of: (row) => row[member] });

/** The member of a member. */
const inner = (title: string, member: string, name: string): Column => ({
  title,
  of: (row) => memberOf(row[member], name),
});

const joined = (value: unknown): unknown => Array.isArray(value) ? value.join(" ") : value;

/** As an organization has it in the operator's calls. */
export const ORGANIZATION: readonly Column[] = [
  column("ID", "id"),
  column("NAME", "name"),
  column("PLAN", "plan"),
  column("CREDITS", "credits"),
  column("VERIFICATION", "verification"),
];

/** The same in a list. */
export const ORGANIZATIONS: readonly Column[] = [
  ...ORGANIZATION,
  column("NUMBERS", "numbers"),
  column("OPENED", "openedAt"),
];

/** A token, without its secret. */
export const TOKENS: readonly Column[] = [
  column("ID", "id"),
  column("EMAIL", "email"),
  column("NAME", "name"),
  column("SANDBOX", "sandbox"),
  column("SCOPE", "scope"),
  column("ISSUED", "issuedAt"),
  column("EXPIRES", "expiresAt"),
  column("LAST USED", "lastUsedAt"),
];

/** A plan. */
export const PLANS: readonly Column[] = [
  column("NAME", "name"),
  column("NUMBERS", "maxNumbers"),
  column("BILLING", "billing"),
  column("VERIFICATION", "verification"),
  column("TRIAL DAYS", "trialDays"),
  column("GRACE DAYS", "graceDays"),
  column("TRIAL NOTICE", "trialNoticeDays"),
  column("RENEWAL NOTICE", "renewalNoticeDays"),
  column("GRACE NOTICE", "graceNoticeDays"),
  column("PRICE", "price"),
  column("MARKUP", "markup"),
  inner("IMPORTS", "limits", "imports"),
  inner("A DAY", "limits", "purchasesPerDay"),
  inner("HIGHEST SETUP", "limits", "highestSetup"),
  inner("A MONTH", "limits", "highestMonthly"),
];

/** What is for sale. */
export const OFFERS: readonly Column[] = [
  column("NUMBER", "e164"),
  column("TYPE", "type"),
  column("SETUP", "setupUsd"),
  column("MONTHLY", "monthlyUsd"),
  { title: "FEATURES", of: ({ features }) => joined(features) },
  {
    title: "PLACE",
    of: ({ region }) =>
      [memberOf(region, "locality"), memberOf(region, "state")]
        .filter((part) => typeof part === "string").join(", "),
  },
];

/** A number that an organization has. */
export const NUMBERS: readonly Column[] = [
  column("ID", "id"),
  column("NUMBER", "e164"),
  column("STATUS", "status"),
  inner("ASSISTANT", "assistant", "id"),
  column("MONTHLY", "monthlyUsd"),
  column("RENEWS", "renewsAt"),
  column("LABEL", "label"),
];

/** The same of one number, with what a list has no place for. */
export const NUMBER: readonly Column[] = [
  ...NUMBERS,
  column("SOURCE", "source"),
  column("CARRIER", "carrier"),
  column("DIRECTION", "direction"),
  { title: "ISSUES", of: ({ issues }) => joined(issues) },
  { title: "FEATURES", of: ({ features }) => joined(features) },
  column("TRIAL ENDS", "trialEndsAt"),
  column("SUSPENDED", "suspendedAt"),
  inner("FAILURE", "failure", "message"),
  column("CREATED", "createdAt"),
];

/** The same over all organizations. */
export const ALL_NUMBERS: readonly Column[] = [
  column("ORGANIZATION", "organization"),
  ...NUMBERS,
  column("SANDBOX", "sandbox"),
];

const actorOf = (actor: unknown): unknown =>
  memberOf(actor, "email") ?? memberOf(actor, "automation") ?? memberOf(actor, "kind");

/** An event of a number. */
export const EVENTS: readonly Column[] = [
  column("POSITION", "position"),
  column("AT", "at"),
  column("TYPE", "type"),
  { title: "ACTOR", of: ({ actor }) => actorOf(actor) },
  column("DATA", "data"),
];

/** What an automation has to do. */
export const WORK: readonly Column[] = [
  column("DUE", "due"),
  column("AUTOMATION", "automation"),
  column("ORGANIZATION", "organization"),
  column("KIND", "kind"),
  column("ID", "id"),
  column("STUCK", "stuck"),
  column("RESTS S", "restsSeconds"),
  column("REASON", "reason"),
];

/** What came of an item of work that was tried. */
export const TRIED: readonly Column[] = [column("OUTCOME", "outcome"), column("REASON", "reason")];

/** What a reconciliation found. */
export const RECONCILIATION: readonly Column[] = [
  column("ID", "id"),
  column("CARRIER", "carrier"),
  column("STATUS", "status"),
  inner("BROKEN", "broken", "message"),
  inner("OURS", "seen", "ours"),
  inner("THEIRS", "seen", "theirs"),
  inner("AGREED", "seen", "agreed"),
];

/** On what the carrier and we do not agree. */
export const DRIFTS: readonly Column[] = [
  column("DRIFT", "kind"),
  column("NUMBER", "e164"),
  column("ORGANIZATION", "organization"),
  column("REMEDY", "remedy"),
  column("OUTCOME", "outcome"),
  column("MESSAGE", "message"),
];
