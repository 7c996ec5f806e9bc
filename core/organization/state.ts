/**
 * The state of an organization, its assistants, SIP connections and tokens, folded from its events
 * (`events/organization.ts`); `decisions.ts` and `billing/` decide them.
 */
import type { TokenTerms } from "../events/organization.ts";
import type { Fact, FactOf, TypeWith } from "../events/vocabulary.ts";
import type { Subject } from "../log/state.ts";
import { type Money, NO_MONEY, plus } from "../values/money.ts";
import type { Instant } from "../values/calendar.ts";
import { type Place, type PlaceData, placeOf } from "../values/claim-key.ts";
import { CLOSED_PLAN, type PlanTerms } from "../values/plan.ts";
import { unreachable } from "../values/unreachable.ts";
import { creditedBy } from "./credits.ts";

/** How far the verification of an organization's business has come. */
export type VerificationStatus =
  | "missing"
  | "draft"
  | "submitted"
  | "approved"
  | "rejected"
  | "revoked";

/** How many numbers an organization has, and had. */
export type Counts = {
  readonly held: number;
  readonly everBought: number;
  readonly imported: number;
};

/** What must agree for every purchase: small, and of one size however long the log is. */
export type Organization = {
  readonly name: string;
  readonly plan: string;
  /** What was agreed with the plan (`planOf`); left out where an old event gave it. */
  readonly terms?: PlanTerms | undefined;
  /** Since when it is closed; left out where it is open. */
  readonly closedAt?: Instant | undefined;
  readonly credits: Money;
  /** When the credits last changed; when the organization was opened, if they never did. */
  readonly creditedAt: Instant;
  /** Bought numbers that count against the plan: purchasing, active or suspended. */
  readonly held: number;
  /** Numbers ever bought, without failed purchases: a trial needs this to be 0. */
  readonly everBought: number;
  readonly verification: {
    readonly id: string | null;
    readonly status: VerificationStatus;
    /** Whether it was revoked, and none was approved since: a new draft does not undo that. */
    readonly revoked: boolean;
  };
  readonly openedAt: Instant;
  /** Imported numbers that are held. */
  readonly imported: number;
  /**
   * The same counts of the sandbox beside a live carrier: none of it takes a place from the above.
   */
  readonly sandbox: Counts;
  /** Tokens in use. */
  readonly tokens: number;
};

/** The organization's own row has this key. */
export const SELF = "self";

const OPENED: Organization = {
  name: "",
  plan: "",
  credits: NO_MONEY,
  creditedAt: 0,
  held: 0,
  everBought: 0,
  verification: { id: null, status: "missing", revoked: false },
  openedAt: 0,
  imported: 0,
  sandbox: { held: 0, everBought: 0, imported: 0 },
  tokens: 0,
};

/** The counts of the places that are asked for. */
export const countsOf = (row: Organization, place: Place): Counts =>
  place === "own" ? row : row.sandbox;

/** The row with one number more or less of each of these, in the places that an event speaks of. */
const counted = (
  row: Organization,
  event: { readonly data: PlaceData },
  change: 1 | -1,
  ...what: readonly (keyof Counts)[]
): Organization => {
  const place = placeOf(event.data);
  const counts = countsOf(row, place);
  const next = {
    held: counts.held,
    everBought: counts.everBought,
    imported: counts.imported,
  };
  for (const each of what) next[each] += change;
  return place === "own" ? { ...row, ...next } : { ...row, sandbox: next };
};

const verified = (
  row: Organization,
  change: Partial<Organization["verification"]>,
): Organization => ({ ...row, verification: { ...row.verification, ...change } });

/** The row with what an event does to the credits. */
const credited = (row: Organization, event: Fact): Organization => {
  const amount = creditedBy(event);
  if (amount.micros === 0) return row;
  return { ...row, credits: plus(row.credits, amount), creditedAt: event.at };
};

const own = (): readonly string[] => [SELF];

/** The events that change the organization's own row. */
type OrganizationType =
  | "OrganizationOpened"
  | "OrganizationRenamed"
  | "PlanChanged"
  | "CreditsAdded"
  | "PurchaseRequested"
  | "PurchaseFailed"
  | "NumberAdopted"
  | "Renewed"
  | "ReleaseStarted"
  | "NumberImported"
  | "Released"
  | TokenType
  | Exclude<TypeWith<{ readonly verification: string }>, "ReviewerNotified">;

/** What an event that gives a plan says, and since when the organization is closed by it. */
const given = (
  { data: { salt: _salt, ...data }, at }: FactOf<"OrganizationOpened" | "PlanChanged">,
) => ({ terms: undefined, ...data, closedAt: data.plan === CLOSED_PLAN ? at : undefined });

/**
 * A closed organization waits until it has neither numbers nor tokens. (Those that are being
 * released, and failed purchases, wait for automations of their own.)
 */
const workOf = (row: Organization) => {
  const { closedAt: due, sandbox } = row;
  const left = row.tokens + row.held + row.imported + sandbox.held + sandbox.imported;
  return due !== undefined && left > 0 ? { automation: "closing", due } as const : null;
};

/** The organization itself. */
export const organizations: Subject<Organization, OrganizationType> = {
  kind: "organization",
  keys: {
    OrganizationOpened: own,
    OrganizationRenamed: own,
    PlanChanged: own,
    CreditsAdded: own,
    PurchaseRequested: own,
    PurchaseFailed: own,
    NumberAdopted: own,
    Renewed: own,
    ReleaseStarted: own,
    NumberImported: own,
    Released: ({ data }) => data.source === "imported" ? [SELF] : [],
    TokenIssued: own,
    TokenRevoked: own,
    VerificationDrafted: own,
    VerificationSubmitted: own,
    VerificationApproved: own,
    VerificationRejected: own,
    VerificationRevoked: own,
  },
  evolve: (row = OPENED, event) => {
    switch (event.type) {
      case "OrganizationOpened":
        return {
          ...row,
          ...given(event),
          creditedAt: event.at,
          openedAt: event.at,
        };
      case "OrganizationRenamed":
        return { ...row, ...event.data };
      case "PlanChanged":
        return { ...row, ...given(event) };
      case "CreditsAdded":
      case "Renewed":
        return credited(row, event);
      case "PurchaseRequested":
        return credited(counted(row, event, 1, "held", "everBought"), event);
      case "PurchaseFailed":
        return credited(counted(row, event, -1, "held", "everBought"), event);
      case "NumberAdopted":
        return counted(row, event, 1, "held", "everBought");
      case "ReleaseStarted":
        return counted(row, event, -1, "held");
      case "NumberImported":
        return counted(row, event, 1, "imported");
      case "Released":
        return counted(row, event, -1, "imported");
      case "TokenIssued":
        return { ...row, tokens: row.tokens + 1 };
      case "TokenRevoked":
        return { ...row, tokens: row.tokens - 1 };
      case "VerificationDrafted":
        return verified(row, { id: event.data.verification, status: "draft" });
      case "VerificationSubmitted":
        return verified(row, { id: event.data.verification, status: "submitted" });
      case "VerificationApproved":
        return verified(row, { status: "approved", revoked: false });
      case "VerificationRejected":
        return verified(row, { status: "rejected" });
      case "VerificationRevoked":
        return verified(row, { status: "revoked", revoked: true });
      default:
        return unreachable(event);
    }
  },
  work: workOf,
};

/** An assistant of another system; its name is known once the operator gives it. */
export type Assistant = { readonly id: string; readonly name: string };

export const assistants: Subject<Assistant, "AssistantNamed"> = {
  kind: "assistant",
  keys: { AssistantNamed: ({ data }) => [data.assistant] },
  evolve: (_row, { data: { assistant: id, name } }) => ({ id, name }),
};

/** A SIP connection, over which imported numbers come in. */
export type SipConnection = {
  readonly installation: string;
  readonly providerName: string;
  readonly trunk: string;
  readonly ready: boolean;
};

export const sipConnections: Subject<SipConnection, "SipConnectionInstalled"> = {
  kind: "sipConnection",
  keys: { SipConnectionInstalled: ({ data }) => [data.installation] },
  evolve: (_row, { data }) => data,
};

/** A bearer token, known only by its hash. A revoked one is deleted. */
export type Token = {
  readonly id: string;
  readonly hash: string;
  readonly email: string;
  readonly name: string;
  /** Whether what it buys comes from the sandbox carrier, whichever the server uses. */
  readonly sandbox: boolean;
} & TokenTerms;

type TokenType = TypeWith<{ readonly token: string }>;

const tokenOf = ({ data }: FactOf<TokenType>): readonly string[] => [data.token];

export const tokens: Subject<Token, TokenType> = {
  kind: "token",
  keys: { TokenIssued: tokenOf, TokenRevoked: tokenOf },
  evolve: (_row, event) => {
    switch (event.type) {
      case "TokenIssued": {
        const { token: id, ...token } = event.data;
        return { id, ...token };
      }
      case "TokenRevoked":
        return undefined;
      default:
        return unreachable(event);
    }
  },
};
