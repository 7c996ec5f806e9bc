/** What an endpoint answers, before it goes over the wire. */

/** The status and the JSON of an answer. */
export type Answer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Where in the request an error lies. */
type Source = { readonly pointer: string } | { readonly parameter: string };

/** An answer of 200 with this body. */
export const done = (body: unknown): Answer => ({ status: 200, body });

/** An error in Telnyx's form. Codes and titles are those of its list of API error codes. */
export const refusal = (
  status: number,
  code: string,
  title: string,
  detail: string,
  source?: Source,
): Answer => ({
  status,
  body: { errors: [{ code, title, detail, ...(source && { source }) }] },
});

export const NOT_FOUND: Answer = refusal(
  404,
  "10005",
  "Resource not found",
  "The requested resource or URL could not be found.",
);

export const UNAUTHENTICATED: Answer = refusal(
  401,
  "10009",
  "Authentication failed",
  "The required authentication headers were either invalid or not included in the request.",
);

export const SERVER_ERROR: Answer = refusal(
  500,
  "10007",
  "Unexpected error",
  "An unexpected error occured.",
);

export const INVALID_JSON: Answer = refusal(
  400,
  "10023",
  "Invalid JSON",
  "The supplied JSON payload is not valid.",
);

/** 429, with the seconds after which to ask again. */
export const tooManyRequests = (resetSeconds: number): Answer => ({
  ...refusal(
    429,
    "10011",
    "Too many requests",
    "You have exceeded the maximum number of allowed requests.",
  ),
  headers: {
    "x-ratelimit-limit": "10",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(resetSeconds),
  },
});

/** 400 for a parameter that is not well formed. */
export const badParameter = (parameter: string, detail: string): Answer =>
  refusal(400, "10015", "Bad Request", detail, { parameter });

/** 422 for a part of the body that is missing. */
export const missing = (pointer: string): Answer =>
  refusal(422, "10004", "Missing required parameter", "A required parameter was missing.", {
    pointer,
  });

/** 422 for a number that has a holder, or that is to be removed while it is on its way. */
export const inUse = (detail: string, pointer: string): Answer =>
  refusal(422, "10021", "Resource in use", detail, { pointer });

/** The answer as it goes over the wire. */
export const toResponse = ({ status, body, headers }: Answer): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
