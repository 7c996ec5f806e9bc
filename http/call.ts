import type { Context } from "hono";
import type { GenericSchema, InferOutput } from "valibot";
import { check as checkSchema } from "../adapters/validation/issue.ts";
import type { Caller, CommandOptions, Ledger } from "../adapters/ledger/api/mod.ts";
import { isId } from "../core/values/identity.ts";
import { failed, ok, type Result } from "../core/values/result.ts";
import { hasAtMost, UNFIT, unfitText } from "../core/values/text.ts";
import type { Body } from "./body.ts";
import type { Call, Dialect, Failure, Language, QuerySchema } from "./dialect.ts";
import { fieldsOf, malformed, REPEATED } from "./errors.ts";
import { NOT_AN_OBJECT } from "./object.ts";

/** The longest path of a member that an answer quotes. */
const MAX_PATH = 200;

const COMMAND_ID = /^[\x20-\x7e]{1,200}$/;

const isDecodable = (url: string): boolean => {
  if (!url.includes("%")) return true;
  try {
    decodeURIComponent(new URL(url).pathname);
    return true;
  } catch {
    return false;
  }
};

/**
 * The path parameters of a matched route, URL-decoded; null when one is malformed or cannot be the
 * id of anything (NUL, other control characters, more than 200 characters).
 */
export const pathParams = (context: Context): Readonly<Record<string, string>> | null => {
  const params: Readonly<Record<string, string>> = context.req.param();
  return isDecodable(context.req.url) && Object.values(params).every(isId) ? params : null;
};

/**
 * The command id of a request that may change something, from its `Idempotency-Key`: the key of one
 * caller is another command than the same key of any other. A tenant's begins with the id of their
 * token; the operator's is the key alone, as in earlier versions, so that a key used before an
 * upgrade still counts. Undefined when there is no key, and 400 when it is not 1 to 200 printable
 * ASCII characters.
 */
export const commandIdOf = (
  request: Request,
  { actor }: Caller,
): Result<string | undefined, Failure> => {
  const key = request.headers.get("idempotency-key");
  if (key === null || request.method === "GET" || request.method === "HEAD") return ok(undefined);
  if (!COMMAND_ID.test(key)) {
    return failed(malformed("KEY_INVALID"));
  }
  return ok(actor.kind === "user" ? `${actor.tokenId}:${key}` : key);
};

const queryOf = (url: string): URLSearchParams =>
  url.includes("?") ? new URL(url).searchParams : new URLSearchParams();

/** Those parameters a schema reads that have several different values. */
const ambiguous = (query: URLSearchParams, { entries }: QuerySchema): readonly string[] =>
  [...new Set(query.keys())].filter((name) =>
    Object.hasOwn(entries, name) && new Set(query.getAll(name)).size > 1
  );

/** A value as a schema reads it; a failure that names what does not fit. */
export const check = <Schema extends GenericSchema>(
  schema: Schema,
  input: unknown,
  whole: "body" | "query",
  invalid: (fields: Readonly<Record<string, readonly string[]>>) => Failure,
): Result<InferOutput<Schema>, Failure> => {
  // To valibot, an array is an object too.
  if (Array.isArray(input)) return failed(invalid({ [whole]: [NOT_AN_OBJECT] }));
  const parsed = checkSchema(schema, input);
  if (!parsed.success) return failed(invalid(fieldsOf(parsed.issues, whole)));
  const path = unfitText(parsed.output);
  if (path === null) return ok(parsed.output);
  return failed(invalid({ [path || whole]: [UNFIT] }));
};

/** The parts of a call, once its route, path and caller are known. */
export type Known = {
  readonly ledger: Ledger;
  readonly caller: Caller;
  readonly language: Language;
  readonly params: Readonly<Record<string, string>>;
  readonly repeatable: CommandOptions;
  readonly countSearch: Call["countSearch"];
  readonly takeTurn: Call["takeTurn"];
  readonly failureOf: Call["failureOf"];
};

/** The call that a dialect's route handles; the body is read only when the route asks for it. */
export const callOf = (request: Request, sent: Body, dialect: Dialect, known: Known): Call => {
  const { language, params } = known;
  const invalid = (fields: Readonly<Record<string, readonly string[]>>) =>
    dialect.invalid(fields, language);
  const checkedBody = async <Schema extends GenericSchema>(
    json: Result<unknown, Failure>,
    schema: Schema,
  ): Promise<Result<InferOutput<Schema>, Failure>> => {
    if (!json.ok) return json;
    // First, since the schema sees the last value alone.
    const twice = await sent.repeated();
    if (twice === null) return check(schema, json.value, "body", invalid);
    return failed(invalid({ [hasAtMost(twice, MAX_PATH) ? twice : "body"]: [REPEATED] }));
  };
  return {
    ...known,
    headers: request.headers,
    isHead: request.method === "HEAD",
    param: (name) => {
      const value = params[name];
      if (value === undefined) throw new Error(`the route has no parameter ${name}`);
      return value;
    },
    body: async (schema) => await checkedBody(await sent.json(), schema),
    optionalBody: async (schema) => await checkedBody(await sent.json(ok({})), schema),
    checkedQuery: (schema, { lastCounts = [], lists = [] } = {}) => {
      const query = queryOf(request.url);
      for (const name of lists) {
        if (query.has(name)) query.set(name, query.getAll(name).join(","));
      }
      // First, since the schema sees the last value alone.
      const several = ambiguous(query, schema).filter((name) => !lastCounts.includes(name));
      if (several.length === 0) return check(schema, Object.fromEntries(query), "query", invalid);
      return failed(invalid(Object.fromEntries(several.map((name) => [name, [REPEATED]]))));
    },
  };
};
