/** The types of problems (RFC 9457) of our own dialects: one for each code. */

/**
 * What each code means, in short: the title of its problems. The page to which the types refer
 * lists these.
 */
export const PROBLEMS = {
  CARRIER_FAILED: "The carrier refused the request, or failed",
  CARRIER_UNKNOWN: "The server has no such carrier",
  CARRIER_UNREACHABLE: "The carrier cannot be reached",
  COMMAND_ID_REUSED: "The Idempotency-Key was used for another request",
  CONNECTION_UNKNOWN: "The connection is not registered",
  CREDITS_EXCEEDED: "The credits would be more than can be held",
  DAILY_LIMIT_REACHED: "Too many within 24 hours",
  EXPECTATION_FAILED: "The expectation cannot be met",
  HEADERS_TOO_LARGE: "The headers are too long",
  IDEMPOTENCY_KEY_IN_USE: "The first request with the Idempotency-Key is under way",
  IDEMPOTENCY_KEY_REUSED: "The Idempotency-Key is another request's",
  ID_UNFIT: "The new id does not fit",
  IMPORT_LIMIT_REACHED: "The plan allows no more imported numbers",
  INSUFFICIENT_CREDITS: "The credits do not pay for it",
  INTERNAL_ERROR: "An error of the server",
  INVALID_ARGUMENT: "A value does not fit",
  METHOD_NOT_ALLOWED: "The path has other methods",
  NO_TEST_CLOCK: "The clock is real",
  NOT_FOUND: "There is no such path",
  NUMBER_ALREADY_OWNED: "Another organization has the number",
  NUMBER_ALREADY_YOURS: "The organization has the number already",
  NUMBER_BEING_RELEASED: "The number is being given back",
  NUMBER_IN_USE: "An assistant has the number",
  NUMBER_NOT_AVAILABLE: "The carrier does not offer the number",
  NUMBER_NOT_IN_SERVICE: "The number could not be bought",
  NUMBER_NOT_RENTED: "The number has no renewal",
  NUMBER_UNKNOWN: "There is no such number",
  ORGANIZATION_ID_UNFIT: "The organization's new id does not fit",
  ORGANIZATION_RESERVED: "The id is reserved",
  ORGANIZATION_UNKNOWN: "There is no such organization",
  PAYLOAD_TOO_LARGE: "The body is too large",
  PAYMENT_DECLINED: "The payment was declined",
  PAYMENT_UNKNOWN: "The payment was not confirmed in time",
  PLAN_LIMIT_REACHED: "The plan has no place for another number",
  PLAN_UNKNOWN: "There is no such plan",
  PRICE_LIMIT_EXCEEDED: "The number costs more than the plan allows",
  PURCHASE_CANCELLED: "The purchase was cancelled",
  PURCHASE_IN_PROGRESS: "The carrier has not confirmed the purchase yet",
  PURCHASE_QUOTA_REACHED: "The plan allows no more purchases now",
  RATE_LIMITED: "Too many requests",
  RECONCILIATION_RUNNING: "Another reconciliation is under way",
  RELEASE_ALREADY_PENDING: "The release is requested already, or under way",
  RELEASE_REQUEST_RESOLVED: "The release request is resolved already",
  RELEASE_REQUEST_UNKNOWN: "There is no such release request",
  REQUEST_TIMEOUT: "The request did not arrive in time",
  REQUIREMENTS_MISSING: "The carrier asks for documents",
  SEARCH_NOT_SUPPORTED: "The carrier cannot search so",
  SERVICE_UNAVAILABLE: "The server cannot answer now",
  SIP_CONNECTION_UNKNOWN: "The SIP connection is not installed",
  TOKEN_LIMIT_REACHED: "The organization has as many tokens as it may have",
  TOKEN_UNKNOWN: "There is no such token",
  UNAUTHORIZED: "The token is missing or not valid",
  UNSUPPORTED_MEDIA_TYPE: "The body is not sent as JSON",
  URI_TOO_LONG: "The URL is too long",
  VALIDATION_ERROR: "The request does not fit",
  VERIFICATION_INCOMPLETE: "The submission lacks something",
  VERIFICATION_LOCKED: "The verification cannot be changed now",
  VERIFICATION_OUT_OF_TURN: "The verification is in another state",
  VERIFICATION_REQUIRED: "The plan asks for a verification first",
  VERIFICATION_TOO_LARGE: "The verification is too large",
  VERIFICATION_UNKNOWN: "There is no such verification",
  WEBHOOK_REFUSED: "The webhook was refused",
  WEBHOOK_UNAVAILABLE: "Webhooks cannot be verified here",
} as const satisfies Readonly<Record<string, string>>;

const TITLES: ReadonlyMap<string, string> = new Map(Object.entries(PROBLEMS));

/**
 * The type of a code's problems, a reference to where it is described, and their title:
 * `/docs/problems#number-unknown`.
 */
export const problemOf = (code: string): { readonly type: string; readonly title: string } => ({
  type: `/docs/problems#${code.toLowerCase().replaceAll("_", "-")}`,
  title: TITLES.get(code) ?? code,
});
