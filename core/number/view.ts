/** What is shown of a number at a time, from its state (`state.ts`) alone. */
import type { OrderWait } from "../ports/carrier.ts";
import type { State } from "../log/state.ts";
import {
  type Assistant,
  assistants,
  type SipConnection,
  sipConnections,
} from "../organization/state.ts";
import type { Instant } from "../values/calendar.ts";
import { renewalDueOf, type Stage } from "./stage.ts";
import { type Holding, type Imported, numbers } from "./state.ts";
import { holdingAt } from "./status.ts";
import { unreachable } from "../values/unreachable.ts";

/** What may be wrong with a number: a closed vocabulary (http/README.md, Speko). */
export type Issue =
  | "PURCHASE_PENDING"
  | "PURCHASE_FAILED"
  | "BILLING_SUSPENDED"
  | "TRIAL_EXPIRED"
  | "COMPLIANCE_SUSPENDED"
  | "INBOUND_ROUTE_MISSING"
  | "SIP_CONNECTION_NOT_READY"
  | "FORWARDING_REQUIRED";

/** Whether a number can take and make calls now, and what is missing; derived, never stored. */
export type Readiness = {
  readonly status: "ready" | "action_required" | "suspended";
  readonly inboundReady: boolean;
  readonly outboundReady: boolean;
  readonly agentReady: boolean;
  readonly forwardingRequired: boolean;
  readonly sipConnectionReady: boolean;
  readonly issues: readonly Issue[];
};

/**
 * The status of a number, in one word. `releasing` and `failed` no longer serve. `released` is in
 * no list: it is the answer to a repeated command whose number has been released since.
 */
export type NumberStatus =
  | "purchasing"
  | "active"
  | "suspended"
  | "releasing"
  | "failed"
  | "released";

/** A number as a reader sees it: the holding, with the names of what it points to. */
export type NumberView = {
  readonly holding: Holding;
  readonly status: NumberStatus;
  /** The name of its assistant; null while none is known. */
  readonly assistantName: string | null;
  readonly sipProviderName: string | null;
  /** The carrier's own id; null while there is none, and for an imported number. */
  readonly carrierId: string | null;
  readonly trialEndsAt: Instant | null;
  readonly isTrial: boolean;
  /** The end of the running period, when the next month is due; null where the number leaves. */
  readonly renewsAt: Instant | null;
  /**
   * When the next month is charged, or a failed charge is tried again; null where neither will be:
   * the renewal is off, or the number leaves, is lent, imported or not bought yet.
   */
  readonly chargesAt: Instant | null;
  /** Whether its next period is paid for at its end; false where no month is paid for at all. */
  readonly autoRenewal: boolean;
  readonly lastChargedAt: Instant | null;
  readonly suspendedAt: Instant | null;
  /** What the order of a number that is being bought waits for at the carrier; null for nothing. */
  readonly waitsFor: OrderWait | null;
  readonly readiness: Readiness;
};

/** The state of a holding. */
export const statusOf = (holding: Holding): NumberStatus =>
  holding.source === "imported" ? "active" : holding.stage.status;

const SUSPENSIONS = {
  unpaid: "BILLING_SUSPENDED",
  compliance: "COMPLIANCE_SUSPENDED",
} as const;

const stageIssues = (holding: Holding): readonly Issue[] => {
  if (holding.source === "imported") return [];
  const { stage } = holding;
  switch (stage.status) {
    case "purchasing":
      return ["PURCHASE_PENDING"];
    case "failed":
      return ["PURCHASE_FAILED"];
    case "suspended":
      return [SUSPENSIONS[stage.why]];
    case "releasing":
      if (stage.why === "trialOver") return ["TRIAL_EXPIRED"];
      return stage.why === "notPaid" ? ["BILLING_SUSPENDED"] : [];
    case "active":
      return [];
    default:
      return unreachable(stage);
  }
};

/** The connection an imported number comes in over; a legacy trunk may belong to a known one. */
const connectionOf = (
  holding: Imported,
  connections: readonly SipConnection[],
): SipConnection | undefined =>
  connections.find((connection) =>
    holding.sipConnection === null
      ? connection.trunk === holding.sipTrunk
      : connection.installation === holding.sipConnection
  );

/**
 * Derives what a number is ready for. A legacy trunk of which we know no ready connection needs
 * its calls forwarded by the owner; an installation must be ready itself.
 */
const readinessOf = (holding: Holding, connection: SipConnection | undefined): Readiness => {
  const { routing: { direction, template }, assistant } = holding;
  const inbound = direction !== "outbound";
  const imported = holding.source === "imported" ? holding : undefined;
  const legacy = imported?.sipConnection === null;
  const sipConnectionReady = imported === undefined || (connection?.ready ?? legacy);
  const forwardingRequired = inbound && legacy && connection?.ready !== true;
  const routed = assistant !== null || template !== null;
  const blocking = [...stageIssues(holding)];
  if (!sipConnectionReady) blocking.push("SIP_CONNECTION_NOT_READY");
  const inboundOnly: Issue[] = [];
  if (inbound && !routed) inboundOnly.push("INBOUND_ROUTE_MISSING");
  if (forwardingRequired) inboundOnly.push("FORWARDING_REQUIRED");
  const status = statusOf(holding);
  const serves = status === "active" && blocking.length === 0;
  // While a purchase is open or failed, only that matters to the owner.
  const issues = status === "purchasing" || status === "failed"
    ? blocking
    : [...blocking, ...inboundOnly];
  const rests = status === "suspended" || status === "releasing";
  return {
    status: rests ? "suspended" : issues.length > 0 ? "action_required" : "ready",
    inboundReady: serves && inbound && inboundOnly.length === 0,
    outboundReady: serves && direction !== "inbound",
    agentReady: assistant !== null,
    forwardingRequired,
    sipConnectionReady,
    issues,
  };
};

const termOf = (holding: Holding) => {
  if (holding.source === "imported") return null;
  const { stage } = holding;
  return "term" in stage ? stage.term : null;
};

/** A resting number is charged as usual, unless it rests because a charge failed: then daily. */
const chargeTimeOf = (stage: Stage | null): Instant | null => {
  if (stage?.status !== "active" && stage?.status !== "suspended") return null;
  const { term } = stage;
  return term.kind === "monthly" && term.autoRenewal ? renewalDueOf(stage) : null;
};

/**
 * The view of one holding at a time.
 *
 * @example
 * ```ts
 * import { type Holding, viewOf } from "ledgerline/core";
 *
 * const statusOf = (holding: Holding): string => viewOf(holding, new Map(), [], 0).status;
 * ```
 */
export const viewOf = (
  held: Holding,
  names: ReadonlyMap<string, string>,
  connections: readonly SipConnection[],
  now: Instant,
): NumberView => {
  const holding = holdingAt(held, now);
  const connection = holding.source === "imported" ? connectionOf(holding, connections) : undefined;
  const stage = holding.source === "managed" ? holding.stage : null;
  const term = termOf(holding);
  const trial = term?.kind === "trial" ? term : null;
  const monthly = term?.kind === "monthly" ? term : null;
  const leaves = stage?.status === "releasing";
  return {
    holding: held,
    status: statusOf(holding),
    assistantName: holding.assistant === null ? null : names.get(holding.assistant) ?? null,
    sipProviderName: holding.source === "imported"
      ? holding.sipProviderName ?? connection?.providerName ?? null
      : null,
    carrierId: stage !== null && "carrierId" in stage ? stage.carrierId : null,
    trialEndsAt: trial?.endsAt ?? null,
    isTrial: trial !== null || (stage?.status === "purchasing" && stage.paidFrom === "trial"),
    renewsAt: leaves ? null : monthly?.endsAt ?? null,
    chargesAt: chargeTimeOf(stage),
    autoRenewal: monthly?.autoRenewal ?? false,
    lastChargedAt: monthly?.lastChargedAt ?? null,
    suspendedAt: stage?.status === "suspended" || stage?.status === "releasing"
      ? stage.since
      : null,
    waitsFor: stage?.status === "purchasing" ? stage.waitsFor ?? null : null,
    readiness: readinessOf(holding, connection),
  };
};

/**
 * The view of a number that was released at a time, from the last view of it: it serves nothing,
 * has no assistant, and will not be charged again.
 */
export const releasedView = (last: NumberView, releasedAt: Instant): NumberView => ({
  ...last,
  holding: { ...last.holding, assistant: null, releaseRequest: null, updatedAt: releasedAt },
  status: "released",
  assistantName: null,
  trialEndsAt: null,
  renewsAt: null,
  chargesAt: null,
  autoRenewal: false,
  suspendedAt: last.suspendedAt ?? releasedAt,
  readiness: {
    ...last.readiness,
    status: "suspended",
    inboundReady: false,
    outboundReady: false,
    agentReady: false,
    forwardingRequired: false,
  },
});

/** The views of numbers at a time, with the assistants and connections that they point to. */
export const viewsWith = (
  holdings: readonly Holding[],
  named: readonly Assistant[],
  connections: readonly SipConnection[],
  now: Instant,
): readonly NumberView[] => {
  const names = new Map(named.map(({ id, name }) => [id, name]));
  return holdings.map((holding) => viewOf(holding, names, connections, now));
};

/**
 * The views of all numbers of an organization at a time, the oldest first.
 *
 * @example
 * ```ts
 * import { State, viewsOf } from "ledgerline/core";
 *
 * const views = viewsOf(State.empty(), Date.parse("2026-01-31T10:00:00Z"));
 * ```
 */
export const viewsOf = (state: State, now: Instant): readonly NumberView[] => {
  const holdings = [...state.all(numbers)]
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  return viewsWith(holdings, state.all(assistants), state.all(sipConnections), now);
};
