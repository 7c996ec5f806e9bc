/** An example of each published event, for those who write receivers. */
import {
  PUBLISHED_NAMES,
  type PublishedData,
  type PublishedName,
} from "../../core/published/types.ts";
import type { E164 } from "../../core/values/e164.ts";

const NUMBER = "pn_01kg9qxg80k62fnz31851ccj7y";
const REQUEST = "rr_01kg9qxg80k62fnz31851ccj81";

const number = { number: NUMBER, e164: "+14155550101" as E164 };
const request = { request: REQUEST, ...number };
const verification = { verification: "vs_01kg9qxg80k62fnz31851ccj80" };
const webhook = { webhook: "wh_01kg9qxg80k62fnz31851ccj83" };
const ended = { deadline: "2026-02-28T10:00:00Z" };

const DATA: PublishedData = {
  "organization.opened": { plan: "Growth" },
  "organization.renamed": {},
  "organization.plan_changed": { plan: "Growth" },
  "organization.closed": {},
  "credits.added": { amount: "25.00" },
  "assistant.named": { assistant: "asst_1" },
  "sip_connection.installed": { installation: "inst_1", ready: true },
  "connection.registered": { connection: "1494404757140276705" },
  "connection.removed": { connection: "1494404757140276705" },
  "requirements.changed": { country: "GB", type: "local", fulfilled: true },
  "token.issued": {
    token: "tk_01kg9qxg80k62fnz31851ccj7x",
    scope: "read",
    expiresAt: "2027-01-31T00:00:00Z",
  },
  "token.revoked": { token: "tk_01kg9qxg80k62fnz31851ccj7x" },
  "number.purchase_requested": { ...number, country: "US", type: "local" },
  "number.purchase_waiting": { ...number, waitsFor: "review" },
  "number.purchase_cancelled": number,
  "number.purchase_failed": { ...number, reason: "notAvailable", refunded: "1.15" },
  "number.purchased": {
    ...number,
    term: "monthly",
    endsAt: "2026-01-31T10:00:00Z",
    amount: "1.15",
  },
  "number.imported": number,
  "number.adopted": { ...number, endsAt: "2026-01-31T10:00:00Z" },
  "number.trial_ending": { ...number, ...ended },
  "number.renewal_due": { ...number, ...ended },
  "number.ending": { ...number, ...ended },
  "number.grace_ending": { ...number, ...ended },
  "number.trial_ended": number,
  "number.trial_converted": number,
  "number.renewed": {
    ...number,
    period: 2,
    from: "2026-01-31T10:00:00Z",
    to: "2026-02-28T10:00:00Z",
    amount: "1.15",
  },
  "number.payment_failed": {
    ...number,
    period: 2,
    amount: "1.15",
    retryAt: "2026-02-01T10:00:00Z",
    graceEndsAt: "2026-02-07T10:00:00Z",
  },
  "number.refunded": number,
  "number.suspended": { ...number, why: "unpaid" },
  "number.reinstated": number,
  "number.auto_renewal_changed": { ...number, on: false },
  "number.repriced": { ...number, monthly: "1.50" },
  "number.routing_changed": { ...number, direction: "both" },
  "number.assigned": { ...number, assistant: "asst_1" },
  "number.unassigned": { ...number, assistant: "asst_1" },
  "number.sms_campaign_changed": { ...number, status: "ASSIGNED" },
  "number.release_started": { ...number, why: "byUser" },
  "number.released": { ...number, why: "byUser" },
  "release.requested": request,
  "release.cancelled": request,
  "release.rejected": request,
  "release.approved": request,
  "verification.submitted": verification,
  "verification.approved": verification,
  "verification.rejected": verification,
  "verification.revoked": verification,
  "webhook.added": webhook,
  "webhook.changed": webhook,
  "webhook.rotated": webhook,
  "webhook.disabled": { ...webhook, why: "failing" },
  "webhook.enabled": webhook,
  "webhook.removed": webhook,
  "inventory.reconciled": {
    reconciliation: "rc_01kg9qxg80k62fnz31851ccj82",
    carrier: "telnyx",
    drifts: 0,
    completed: true,
  },
};

/** Where what an example is about is read. */
const subjectOf = (type: PublishedName): string => {
  const [kind] = type.split(".");
  if (kind === "number") return `/ledger/numbers/${NUMBER}`;
  if (kind === "release") return `/ledger/release-requests/${REQUEST}`;
  if (kind === "verification") return "/ledger/verification";
  if (kind === "credits") return "/ledger/credits";
  if (kind === "webhook") return `/ledger/webhooks/${webhook.webhook}`;
  if (kind === "assistant") return "/ledger/assistants/asst_1/numbers";
  return kind === "inventory" ? "/admin/reconciliations" : "/ledger/organization";
};

/** A place in a feed. */
export const CURSOR = `7-${"5f".repeat(32)}`;

const exampleOf = (type: PublishedName) => ({
  id: `ev_${"5f".repeat(16)}`,
  type,
  at: "2026-01-31T10:00:00Z",
  organization: type === "inventory.reconciled" ? "ledgerline:reconciliations" : "acme",
  subject: subjectOf(type),
  data: DATA[type],
});

type Example = ReturnType<typeof exampleOf>;

/** The event of each type, as webhooks have it; the feed's have a `cursor` too. */
export const EXAMPLES = Object.fromEntries(
  PUBLISHED_NAMES.map((type) => [type, exampleOf(type)]),
) as Readonly<Record<PublishedName, Example>>;
