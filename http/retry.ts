import { type Milliseconds, SECOND_MS } from "../core/values/calendar.ts";
import type { Failure } from "./dialect.ts";

/**
 * The header that tells when a refused call may go through (RFC 9110, 10.2.3): whole seconds,
 * rounded up. No header where the refusal has no such time, or is permanent.
 */
export const retryHeaders = (
  refusal: { readonly code: string; readonly waitMs?: Milliseconds | null },
): Pick<Failure, "headers"> => {
  const { waitMs = null } = refusal;
  if (waitMs === null) return {};
  const wait = Math.max(1, Math.ceil(waitMs / SECOND_MS));
  return { headers: { "retry-after": String(wait) } };
};
