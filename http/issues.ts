import type { Issue } from "../core/number/view.ts";

/** What may be wrong with a number, in the words of every wire that says so. */
export const ISSUES = [
  "PURCHASE_PENDING",
  "PURCHASE_FAILED",
  "BILLING_SUSPENDED",
  "TRIAL_EXPIRED",
  "COMPLIANCE_SUSPENDED",
  "INBOUND_ROUTE_MISSING",
  "SIP_CONNECTION_NOT_READY",
  "FORWARDING_REQUIRED",
] as const satisfies readonly Issue[];
