/** What waits for the operator, and how it was resolved, over all organizations. */
import { ok } from "../../core/values/result.ts";
import type { Call, Outcome, Route } from "../dialect.ts";
import { encodeSubmission } from "../speko/encode.ts";
import { encodeReleaseRequest } from "../talkover/encode.ts";
import { ReleaseRequestsQuery, VerificationsQuery } from "./schemas.ts";

/** 200 `{"verifications": [Submission, …], "next"}`, the newest first. */
const listVerifications = async ({ ledger, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(VerificationsQuery);
  if (!query.ok) return query;
  const { rows, next } = await ledger.operator.verifications(query.value);
  const verifications = rows.map(({ row, organization }) => encodeSubmission(row, organization));
  return ok({ status: 200, body: { verifications, next } });
};

/** 200 `{"releaseRequests": [{"organization", …}], "next"}`, the newest first. */
const listReleaseRequests = async ({ ledger, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(ReleaseRequestsQuery);
  if (!query.ok) return query;
  const { rows, next } = await ledger.operator.releaseRequests(query.value);
  const releaseRequests = rows.map(({ row, organization }) => ({
    organization,
    ...encodeReleaseRequest(row),
  }));
  return ok({ status: 200, body: { releaseRequests, next } });
};

export const listRoutes: readonly Route[] = [
  { method: "GET", path: "/admin/verifications", handle: listVerifications },
  { method: "GET", path: "/admin/release-requests", handle: listReleaseRequests },
];
