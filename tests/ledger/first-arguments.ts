/** What calls of the ledger are given first. */

/** The names of first arguments, where that is not the caller. */
export const FIRST: Readonly<Record<string, string>> = {
  "reconciliation.run": "input",
  "reconciliation.list": "page",
  "operator.open": "id",
  "operator.organization": "id",
  "operator.issueToken": "organization",
  "operator.revokeToken": "token",
  "operator.addCredits": "organization",
  "operator.nameAssistant": "organization",
  "operator.installSipConnection": "organization",
  "operator.registerConnection": "organization",
  "operator.removeConnection": "organization",
  "operator.connections": "organization",
  "operator.setRequirementGroup": "organization",
  "operator.requirementGroups": "organization",
  "operator.review": "verification",
  "operator.resolveReleaseRequest": "request",
  "operator.holders": "e164",
  "operator.heads": "page",
  "operator.organizations": "page",
  "operator.tokens": "organization",
  "operator.numbers": "list",
  "operator.history": "id",
  "operator.work": "list",
  "operator.verifications": "list",
  "operator.releaseRequests": "list",
  "operator.advanceClock": "milliseconds",
  "work.look": "orderKey",
  authenticate: "token",
  follow: "organization",
  followAll: "options",
  numberPages: "caller",
};

/** Calls that take no argument. */
export const WITHOUT = [
  "operator.installation",
  "operator.renewInstallation",
  "operator.confirmClock",
  "operator.plans",
  "now",
  "doubt",
  "ready",
  "close",
  "work.run",
];
