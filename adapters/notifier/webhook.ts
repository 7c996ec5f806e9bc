import * as v from "valibot";
import type { Notifier } from "../../core/ports/mod.ts";
import { assertArguments } from "../validation/argument.ts";
import { isoTime, type Milliseconds } from "../../core/values/calendar.ts";
import { failed, ok } from "../../core/values/result.ts";
import { sentOnce } from "../fetch/send-once.ts";
import { WebhookSecretSchema } from "../signatures/secret-schema.ts";
import { openSigner } from "../signatures/signer.ts";
import { CallableSchema, exactly, WaitSchema, WebUrlSchema } from "../validation/shapes.ts";

const TIMEOUT_MS: Milliseconds = 5_000;

type Submission = Parameters<Notifier["announce"]>[0];

// Chat systems show `text`; the rest is for programs. The legal name stays out of `text`, where an
// applicant could write a chat system's markup into it.
const bodyOf = (submission: Submission, jobId: string): string =>
  JSON.stringify({
    type: "verification.submitted",
    text: `Verification ${submission.id} of organization ${submission.organization} awaits review.`,
    jobId,
    submission: { ...submission, submittedAt: isoTime(submission.submittedAt) },
  });

const OptionsSchema = exactly({
  url: WebUrlSchema,
  secret: v.nullish(WebhookSecretSchema),
  timeoutMs: v.optional(WaitSchema),
  fetch: v.optional(CallableSchema),
});

/**
 * A notifier that posts each submission as JSON to `url` and takes any 2xx answer within
 * `timeoutMs` (5,000 by default) as queued. The job id follows from the submission's id alone and
 * the header `Idempotency-Key` carries that id, so a receiver can tell a repeat from a new one.
 * With a `secret` each is signed as Standard Webhooks specifies, under the job id, at the time of
 * this machine, whatever a test clock says: receivers compare it with their own. The notifier never
 * throws: it returns a failure as a sentence, without the URL, which may hold a secret.
 * Redirections are not followed, since they would turn the POST into a GET. This function throws an
 * `InvalidArgument` that names the option that does not fit.
 *
 * @example
 * ```ts
 * import { openWebhookNotifier } from "ledgerline";
 *
 * const notifier = openWebhookNotifier({ url: "https://reviewers.example/submissions" });
 * ```
 */
export const openWebhookNotifier = (
  options: {
    readonly url: string;
    /** `whsec_` and base64; null or left out: notices are not signed. */
    readonly secret?: string | null | undefined;
    readonly timeoutMs?: Milliseconds | undefined;
    readonly fetch?: typeof fetch | undefined;
  },
): Notifier => {
  assertArguments({ options: OptionsSchema }, [options]);
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const post = options.fetch ?? globalThis.fetch;
  const { secret } = options;
  const sign = secret ? openSigner(secret) : null;
  return {
    announce: async (submission) => {
      const jobId = `webhook_${submission.id}`;
      const body = bodyOf(submission, jobId);
      try {
        const signature = await sign?.(jobId, Date.now(), body);
        const response = await post(options.url, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "idempotency-key": submission.id,
            ...signature,
          },
          ...sentOnce(body),
          redirect: "manual",
          signal: AbortSignal.timeout(timeoutMs),
        });
        await response.body?.cancel();
        if (response.ok) return ok({ jobId });
        return failed({ message: `the reviewers' webhook answered ${response.status}` });
      } catch (error) {
        const late = error instanceof Error && error.name === "TimeoutError";
        const why = late ? `did not answer within ${timeoutMs} ms` : "could not be reached";
        return failed({ message: `the reviewers' webhook ${why}` });
      }
    },
  };
};
