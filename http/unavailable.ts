import { failed } from "../core/values/result.ts";
import { dialectOf, languageOf } from "./dialects.ts";
import { sendHealth, sendOutcome } from "./send.ts";
import type { FrameFailure } from "./errors.ts";

/**
 * Answers a request while there is no ledger to be had: with this failure in the shape of the
 * path's dialect, also where there is no such route.
 */
export const answerUnavailable = (request: Request, failure: FrameFailure): Response => {
  const { pathname } = new URL(request.url);
  if (pathname === "/readyz") return sendHealth(false);
  return sendOutcome(failed(failure), dialectOf(pathname), languageOf(request));
};
