/** What Speko's client libraries read of answers that its documentation pages do not show. */
import type { Shape } from "./seed-fields-speko.ts";

const ENTRY = {
  id: "string",
  kind: "string",
  metric: "string",
  amountMicroUsd: "string",
  provider: "string",
  sessionId: "string",
  createdAt: "string",
  phoneNumberId: "string",
} as const satisfies Shape;

/** The answer of `GET /v1/credits/ledger`. */
export const CREDIT_PAGE = { entries: [ENTRY], nextCursor: "string" } as const satisfies Shape;
