/** The operator's calls about what all organizations have, for those who write clients. */
import { workName } from "../../adapters/ledger/arguments/lists.ts";
import { EVENT, NUMBER } from "../ledger/number-operations.ts";
import type { Operations } from "../openapi/operation.ts";
import { ORGANIZATION, PLAN, TOKEN } from "./examples.ts";
import {
  ClosedOrganization,
  Ended,
  History,
  Numbers,
  Organizations,
  Plans,
  Tokens,
  Work,
  WorkTried,
} from "./inventory-answers.ts";
import { HistoryQuery, NumbersQuery, PageQuery, WorkQuery } from "./schemas.ts";

const NOW = "2026-01-31T10:00:00Z";

const CLOSED = {
  ...ORGANIZATION,
  plan: "ledgerline:closed",
  terms: {
    ...ORGANIZATION.terms,
    maxNumbers: 0,
    billing: "trial",
    limits: { ...PLAN.limits, imports: 0, purchasesPerDay: 0, purchasesPer30Days: 0 },
  },
};

const WORK = {
  organization: "acme",
  automation: "releasing",
  kind: "number",
  id: NUMBER.id,
  due: NOW,
  ageSeconds: 90,
  stuck: false,
  restsSeconds: 30,
  reason: "The carrier could not be reached.",
};

/** These calls, each with what it reads and answers. */
export const inventoryOperations: Operations = {
  "GET /admin/organizations": {
    id: "listOrganizations",
    summary: "List organizations, by id.",
    query: PageQuery,
    answers: {
      200: {
        says: "A page of organizations.",
        schema: Organizations,
        example: {
          organizations: [{ ...ORGANIZATION, numbers: 1, imports: 0, tokens: 1, openedAt: NOW }],
          next: null,
        },
      },
    },
  },
  "DELETE /admin/organizations/{id}": {
    id: "closeOrganization",
    summary: "Close an organization: nothing more is bought, and all it has is given back.",
    path: { id: "The organization's id." },
    answers: {
      200: {
        says: "It is closed, and has neither numbers nor tokens any more.",
        schema: ClosedOrganization,
        example: { ...CLOSED, numbers: 0, tokens: 0 },
      },
      202: {
        says: "It is closed; some numbers are not released, or tokens not revoked yet.",
        schema: ClosedOrganization,
        example: { ...CLOSED, numbers: 1, tokens: 0 },
      },
    },
  },
  "GET /admin/organizations/{id}/tokens": {
    id: "listTokens",
    summary: "List an organization's tokens, the oldest first; never their secrets.",
    path: { id: "The organization's id." },
    query: PageQuery,
    answers: {
      200: {
        says: "A page of tokens.",
        schema: Tokens,
        example: {
          tokens: [{
            id: TOKEN,
            email: "alice@example.com",
            name: "Alice Johnson",
            sandbox: false,
            scope: "write",
            issuedAt: NOW,
            expiresAt: null,
            lastUsedAt: NOW,
          }],
          next: null,
        },
      },
    },
  },
  "GET /admin/numbers": {
    id: "listNumbers",
    summary: "List numbers over all organizations.",
    query: NumbersQuery,
    answers: {
      200: {
        says: "A page of numbers.",
        schema: Numbers,
        example: { numbers: [{ organization: "acme", sandbox: true, ...NUMBER }], next: null },
      },
    },
  },
  "DELETE /admin/numbers/{id}": {
    id: "releaseNumber",
    summary: "End a number or a purchase, whichever organization has it.",
    path: { id: "The number's id." },
    refusals: [409],
    answers: {
      200: { says: "It has been released.", schema: Ended, example: { released: true } },
      202: {
        says: "It is being released; that goes on automatically.",
        schema: Ended,
        example: { released: false },
      },
    },
  },
  "GET /admin/numbers/{id}/history": {
    id: "listNumberHistory",
    summary: "List what happened to a number, the oldest first, also after its release.",
    path: { id: "The number's id." },
    query: HistoryQuery,
    answers: {
      200: {
        says: "A page of events.",
        schema: History,
        example: { organization: "acme", events: [EVENT], next: null },
      },
    },
  },
  "GET /admin/work": {
    id: "listWork",
    summary: "List what is due, stuck or resting, the longest due first.",
    query: WorkQuery,
    answers: {
      200: { says: "A page of work.", schema: Work, example: { work: [WORK], next: null } },
    },
  },
  "POST /admin/work/run": {
    id: "runWork",
    summary: "Have one item of work tried now, though it rests.",
    body: workName,
    bodyExample: { organization: "acme", kind: "number", id: "pn_01kg9qxg80k62fnz31851ccj7y" },
    answers: {
      200: {
        says: "What came of it.",
        schema: WorkTried,
        example: { outcome: "open", reason: WORK.reason },
      },
    },
  },
  "GET /admin/plans": {
    id: "listPlans",
    summary: "List the plans that organizations may have.",
    answers: { 200: { says: "The plans.", schema: Plans, example: { plans: [PLAN] } } },
  },
};
