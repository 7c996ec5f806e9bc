/** The operator's calls about what all organizations have, for those who write clients. */
import { workName } from "../../adapters/ledger/arguments/lists.ts";
import type { Operations } from "../openapi/operation.ts";
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

/** These calls, each with what it reads and answers. */
export const inventoryOperations: Operations = {
  "GET /admin/organizations": {
    id: "listOrganizations",
    summary: "List organizations, by id.",
    query: PageQuery,
    answers: { 200: { says: "A page of organizations.", schema: Organizations } },
  },
  "DELETE /admin/organizations/{id}": {
    id: "closeOrganization",
    summary: "Close an organization: nothing more is bought, and all it has is given back.",
    path: { id: "The organization's id." },
    answers: {
      200: { says: "It is closed, and has no number any more.", schema: ClosedOrganization },
      202: { says: "It is closed; some numbers are not released yet.", schema: ClosedOrganization },
    },
  },
  "GET /admin/organizations/{id}/tokens": {
    id: "listTokens",
    summary: "List an organization's tokens, the oldest first; never their secrets.",
    path: { id: "The organization's id." },
    query: PageQuery,
    answers: { 200: { says: "A page of tokens.", schema: Tokens } },
  },
  "GET /admin/numbers": {
    id: "listNumbers",
    summary: "List numbers over all organizations.",
    query: NumbersQuery,
    answers: { 200: { says: "A page of numbers.", schema: Numbers } },
  },
  "DELETE /admin/numbers/{id}": {
    id: "releaseNumber",
    summary: "End a number or a purchase, whichever organization has it.",
    path: { id: "The number's id." },
    refusals: [409],
    answers: {
      200: { says: "It has been released.", schema: Ended },
      202: { says: "It is being released; that goes on automatically.", schema: Ended },
    },
  },
  "GET /admin/numbers/{id}/history": {
    id: "listNumberHistory",
    summary: "List what happened to a number, the oldest first, also after its release.",
    path: { id: "The number's id." },
    query: HistoryQuery,
    answers: { 200: { says: "A page of events.", schema: History } },
  },
  "GET /admin/work": {
    id: "listWork",
    summary: "List what is due, stuck or resting, the longest due first.",
    query: WorkQuery,
    answers: { 200: { says: "A page of work.", schema: Work } },
  },
  "POST /admin/work/run": {
    id: "runWork",
    summary: "Have one item of work tried now, though it rests.",
    body: workName,
    bodyExample: { organization: "acme", kind: "number", id: "pn_01kg9qxg80k62fnz31851ccj7y" },
    answers: { 200: { says: "What came of it.", schema: WorkTried } },
  },
  "GET /admin/plans": {
    id: "listPlans",
    summary: "List the plans that organizations may have.",
    answers: { 200: { says: "The plans.", schema: Plans } },
  },
};
