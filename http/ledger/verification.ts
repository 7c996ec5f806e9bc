/** The calls about the verification of the organization's business. */
import { ok } from "../../core/values/result.ts";
import type { Call, Outcome, Route } from "../dialect.ts";
import { encodeSubmission, encodeVerification } from "./encode-requests.ts";
import { refused } from "./refusals.ts";
import { DraftBody, SubmissionBody } from "./verification-schemas.ts";

const PATH = "/ledger/verification";

/** 200 `{"status", "submission", "prefill"}`. */
const read = async ({ ledger, caller }: Call): Promise<Outcome> =>
  ok({ status: 200, body: encodeVerification(await ledger.verification.get(caller)) });

/** 200 with the submission, a draft; what is left out stays as it was. */
const draft = async ({ ledger, caller, body }: Call): Promise<Outcome> => {
  const content = await body(DraftBody);
  if (!content.ok) return content;
  const drafted = await ledger.verification.draft(caller, content.value);
  return drafted.ok
    ? ok({ status: 200, body: encodeSubmission(drafted.value) })
    : refused(drafted.error);
};

/** 200 with the submission, which is then reviewed; refused while something is missing. */
const submit = async ({ ledger, caller, body }: Call): Promise<Outcome> => {
  const content = await body(SubmissionBody);
  if (!content.ok) return content;
  const submitted = await ledger.verification.submit(caller, content.value);
  return submitted.ok
    ? ok({ status: 200, body: encodeSubmission(submitted.value) })
    : refused(submitted.error);
};

export const verificationRoutes: readonly Route[] = [
  { method: "GET", path: PATH, handle: read },
  { method: "PUT", path: `${PATH}/draft`, handle: draft },
  { method: "POST", path: `${PATH}/submit`, handle: submit },
];
