/** An API's OpenAPI document (3.1), from what describes its calls. */
import type { Dialect, Route } from "../dialect.ts";
import {
  type Definitions,
  describe,
  describeAll,
  type Described,
  describeInput,
} from "./json-schema.ts";
import { MAX_URL } from "../errors.ts";
import { MAX_HEAD_BYTES, MAX_HEADER_LINES } from "../listener-errors.ts";
import { isWriting } from "../writing.ts";
import type { Answered, Operation, Operations } from "./operation.ts";

/** An API as its document presents it. */
export type Api = {
  readonly title: string;
  readonly description: string;
  readonly routes: readonly Route[];
  readonly auth: Dialect["auth"];
  readonly operations: Operations;
  /** The schemas of its answers, by the names that the document gives them. */
  readonly schemas: Definitions;
  /** Its refusals: their name among the schemas, and their content type. */
  readonly failure: { readonly name: string; readonly type: string };
  /** The status of input that does not fit. */
  readonly invalid: 400 | 422;
  /** What its token is. */
  readonly token: string;
  /** Whether its token may be one that only reads. */
  readonly hasScopes: boolean;
  /** What is posted to endpoints of its users, by name. */
  readonly webhooks?: () => Readonly<Record<string, unknown>>;
};

/** A path as OpenAPI has it: `/v1/phone-numbers/{id}`. */
const templateOf = (path: string): string => path.replace(/:(\w+)/g, "{$1}");

const namesOf = (path: string): readonly string[] =>
  [...path.matchAll(/:(\w+)/g)].flatMap(([, name]) => name ?? []);

/** The key of a route among the operations. */
export const operationKey = ({ method, path }: Pick<Route, "method" | "path">): string =>
  `${method} ${templateOf(path)}`;

/** Sentences for the statuses of refusals. */
const REFUSED: Readonly<Record<number, string>> = {
  400: "The request does not have the form that it must have, or input does not fit.",
  401: "There is no bearer token, or it is not valid.",
  402: "The prepaid credits are not enough.",
  403: "The token only reads, or the organization's plan, or what it lacks, does not allow it.",
  404: "There is no such record, as far as the caller may see.",
  405: "The path has other methods.",
  408: "The request, or its body, did not arrive in time.",
  409: "It does not fit the present state, or the Idempotency-Key is in use.",
  413: "The body is longer than 64 KiB.",
  414: `The URL is longer than ${MAX_URL} characters.`,
  415: "The body is not application/json.",
  417: "Expect asks for something else than 100-continue.",
  422: "Input does not fit, or the Idempotency-Key was used for another request.",
  429: "The caller asked more often than the organization's plan allows.",
  431:
    `There are more than ${MAX_HEAD_BYTES} bytes, or ${MAX_HEADER_LINES} lines, before the body.`,
  500: "A bug: what happened is in the server's log, under the answer's X-Request-Id.",
  502: "The carrier could not carry out the request.",
  503: "The server cannot do it now: try again in a few seconds.",
};

/** Statuses that every call may answer before anything but its line and headers is looked at. */
const UNREAD = [414, 417, 431];
/** Statuses that every call may answer: with a body that it does not take, too. */
const COMMON = [400, 401, 404, 408, 413, 429, 500, 503, ...UNREAD];
/** And those that an `Idempotency-Key` counts for. */
const OF_KEYS = [409, 422];
/** And those whose method has a body, which is read where there is a key. */
const OF_BODIES = [415];

/** Statuses of refusals that may not last. */
const RETRIED = [403, 409, 429, 502, 503];

/** The names of the headers that answers with a status may have; some have a `Location`. */
const namesOfHeaders = (
  { auth }: Api,
  status: number,
  route: Route,
  hasLocation = false,
): readonly (keyof typeof HEADERS)[] =>
  UNREAD.includes(status)
    ? ["X-Request-Id"]
    : status === 401
    ? ["X-Request-Id", "WWW-Authenticate"]
    : [
      "X-Request-Id",
      // Nobody counts the operator's requests.
      ...(auth === "token" ? ["RateLimit", "RateLimit-Policy"] as const : []),
      ...(isWriting(route) ? ["Idempotency-Replayed"] as const : []),
      ...(hasLocation ? ["Location"] as const : []),
      ...(RETRIED.includes(status) ? ["Retry-After"] as const : []),
    ];

const headersOf = (
  ...asked: Parameters<typeof namesOfHeaders>
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    namesOfHeaders(...asked)
      .map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );

const contentOf = ({ schema, example, streams }: Answered, schemas: Definitions) =>
  schema === null ? {} : {
    content: {
      "application/json": {
        schema: refOf(schema, schemas),
        ...(example !== undefined && { example }),
      },
      ...(streams && { "text/event-stream": { schema: { type: "string" } } }),
    },
  };

/** A schema that has a name is referred to. */
const refOf = (schema: Answered["schema"] & object, schemas: Definitions): Described => {
  const named = Object.entries(schemas).find(([, each]) => each === schema)?.[0];
  return named === undefined
    ? describe(schema, schemas)
    : { $ref: `#/components/schemas/${named}` };
};

const hasBody = ({ method }: Route): boolean => method !== "GET" && method !== "DELETE";

const responsesOf = (api: Api, route: Route, operation: Operation) => {
  const done = Object.entries(operation.answers).map(([status, answered]) => [status, {
    description: answered.says,
    headers: headersOf(api, Number(status), route, answered.hasLocation),
    ...contentOf(answered, api.schemas),
  }]);
  const statuses = new Set([
    ...COMMON,
    ...(hasBody(route) ? OF_BODIES : []),
    ...(operation.refusals ?? []),
    ...(isWriting(route) ? OF_KEYS : []),
    ...(isWriting(route) && api.hasScopes ? [403] : []),
    api.invalid,
  ]);
  const refused = [...statuses].toSorted((a, b) => a - b).map((status) => [String(status), {
    description: REFUSED[status] ?? "It is refused.",
    headers: headersOf(api, status, route),
    content: {
      [api.failure.type]: { schema: { $ref: `#/components/schemas/${api.failure.name}` } },
    },
  }]);
  return Object.fromEntries([...done, ...refused]);
};

const queryOf = ({ query }: Operation) => {
  const { properties = {}, required = [] } = query === undefined ? {} : describeInput(query);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
};

const parametersOf = (route: Route, operation: Operation) => [
  ...namesOf(route.path).map((name) => ({
    name,
    in: "path",
    required: true,
    description: operation.path?.[name] ?? "An id.",
    schema: { type: "string" },
  })),
  ...queryOf(operation),
  ...(isWriting(route) ? [{ $ref: "#/components/parameters/Idempotency-Key" }] : []),
];

const bodyOf = ({ body, bodyExample, isBodyOptional }: Operation) =>
  body === undefined ? {} : {
    requestBody: {
      required: isBodyOptional !== true,
      content: {
        "application/json": {
          schema: describeInput(body),
          ...(bodyExample !== undefined && { example: bodyExample }),
        },
      },
    },
  };

const pathsOf = (api: Api) => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of api.routes) {
    const operation = api.operations[operationKey(route)];
    if (operation === undefined) continue;
    const path = paths[templateOf(route.path)] ??= {};
    path[route.method.toLowerCase()] = {
      operationId: operation.id,
      summary: operation.summary,
      parameters: parametersOf(route, operation),
      ...bodyOf(operation),
      responses: responsesOf(api, route, operation),
    };
  }
  return paths;
};

const header = (description: string, schema: Described) => ({ description, schema });

const HEADERS = {
  "X-Request-Id": header("The request's own id where it had a valid one, else a new one.", {
    type: "string",
  }),
  RateLimit: header("How many more requests the token may send, and for how long.", {
    type: "string",
  }),
  "RateLimit-Policy": header("How many requests the organization's plan allows.", {
    type: "string",
  }),
  Location: header("Where what was made can be read.", { type: "string" }),
  "WWW-Authenticate": header("That a bearer token is needed.", { type: "string" }),
  "Retry-After": header("After how many seconds to try again.", { type: "integer" }),
  "Idempotency-Replayed": header(
    "The request was done before, under its key: nothing more was done.",
    {
      type: "string",
      enum: ["true"],
    },
  ),
};

const KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "Makes the request repeatable: it is done once under its key, and a repeat within 24 hours gets " +
    "the first answer again.",
  schema: { type: "string", minLength: 1, maxLength: 200, pattern: "^[\\x20-\\x7e]+$" },
};

/** The headers that these paths refer to. */
const headersIn = (paths: ReturnType<typeof pathsOf>): Readonly<Record<string, unknown>> => {
  const text = JSON.stringify(paths);
  return Object.fromEntries(
    Object.entries(HEADERS).filter(([name]) => text.includes(`"#/components/headers/${name}"`)),
  );
};

/** The document of an API, for clients and their generators. */
export const documentOf = (api: Api, version: string) => {
  const paths = pathsOf(api);
  return {
    openapi: "3.1.0",
    info: {
      title: api.title,
      description: api.description,
      version,
      license: { name: "Apache 2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }],
    paths,
    ...(api.webhooks !== undefined && { webhooks: api.webhooks() }),
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer", description: api.token } },
      parameters: { "Idempotency-Key": KEY },
      headers: headersIn(paths),
      schemas: describeAll(api.schemas),
    },
  };
};
