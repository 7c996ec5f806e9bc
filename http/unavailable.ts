import { failed } from "../core/values/result.ts";
import { askedBy } from "./asked.ts";
import { dialectOf } from "./dialects.ts";
import { sendHealth, sendOutcome } from "./send.ts";
import type { FrameFailure } from "./errors.ts";

/**
 * Answers a request while no ledger is available: with this failure in the shape of the path's
 * dialect, also for unknown routes.
 */
export const answerUnavailable = (request: Request, failure: FrameFailure): Response => {
  const { pathname } = new URL(request.url);
  const asked = askedBy(request);
  if (pathname === "/readyz") return sendHealth(asked, false);
  return sendOutcome(failed(failure), dialectOf(pathname), asked);
};
