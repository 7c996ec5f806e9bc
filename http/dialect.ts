import type { GenericSchema, InferOutput } from "valibot";
import type { Caller, Ledger } from "../adapters/ledger/api/mod.ts";
import type { PurchaseOptions } from "../adapters/ledger/api/purchase.ts";
import type { Result } from "../core/values/result.ts";
import type { Saying, Texts } from "./frame-sentences.ts";

/** The schemas of a query's parameters, by name. */
export type QuerySchema = GenericSchema & { readonly entries: Readonly<Record<string, unknown>> };

/** The languages in which a dialect can answer; English where it supports no other. */
export type Language = keyof Texts;

/** A list within a body of JSON, whose items are read a page at a time. */
export type ListBody = {
  /** The text before the items, which ends with `[`. */
  readonly before: string;
  readonly pages: AsyncIterable<readonly unknown[]>;
  /** The text behind them, which begins with `]`; asked for once all are read. */
  readonly after: () => string;
};

/** A successful answer. */
export type Reply = {
  readonly status: 200 | 201 | 202 | 204;
  readonly body: unknown;
  /** The body for a repeat under the same key, where it has what is given once alone. */
  readonly kept?: unknown;
  /**
   * Whether what was asked for is not done yet: a repeat under the same key is then answered with
   * what has come of it.
   */
  readonly isPending?: boolean;
  /** The body as text or as bytes to come, where it is there already; null: there is no body. */
  readonly text?: string | ReadableStream<Uint8Array> | null;
  /** Is sent in place of the body, as it is read. */
  readonly list?: ListBody;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A failure, before a dialect gives it its own shape. */
export type Failure = {
  readonly status:
    | 400
    | 401
    | 402
    | 403
    | 404
    | 405
    | 408
    | 409
    | 413
    | 414
    | 415
    | 417
    | 422
    | 429
    | 431
    | 500
    | 502
    | 503;
  readonly code: string;
  /** A sentence that names the field or the state. */
  readonly message: string;
  /** Which sentence of the frame the message is; undefined for a route's own message. */
  readonly says?: Saying;
  /** What is wrong with each field, by its path. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  /** Further keys that the dialect shows beside its own (Talkturo's `eligibility`). */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
};

/** What a route returns. */
export type Outcome = Result<Reply, Failure>;

/** One request, decoded as far as all dialects have in common. */
export type Call = {
  readonly ledger: Ledger;
  /** The caller; for admin routes the operator, with an empty organization. */
  readonly caller: Caller;
  readonly language: Language;
  /** The request's own headers, for what the frame does not read. */
  readonly headers: Headers;
  /** Whether the request is `HEAD`; then nothing may change. */
  readonly isHead: boolean;
  /** A path parameter, URL-decoded. */
  readonly param: (name: string) => string;
  /** The caller's `Idempotency-Key`, made unique to the caller, for ledger calls that take one. */
  readonly repeatable: PurchaseOptions;
  /**
   * Counts one more search where a request leads to another one at the carrier; a failure (429)
   * when the caller may make no more now.
   */
  readonly countSearch: () => Promise<Result<unknown, Failure>>;
  /** Reads much of what the organization has in its turn; a failure where too many wait. */
  readonly takeTurn: (work: () => Promise<Outcome>) => Promise<Outcome>;
  /** The failure that an exception becomes, which is reported where it is a bug. */
  readonly failureOf: (error: unknown) => Failure;
  /**
   * Reads the JSON body and checks it against a schema. A body that is missing, not JSON, of
   * another type or too large is a failure, as is one that does not fit (`invalid`).
   */
  readonly body: <Schema extends GenericSchema>(
    schema: Schema,
  ) => Promise<Result<InferOutput<Schema>, Failure>>;
  /** The same for an optional body: a missing one is taken for `{}`. */
  readonly optionalBody: <Schema extends GenericSchema>(
    schema: Schema,
  ) => Promise<Result<InferOutput<Schema>, Failure>>;
  /**
   * Checks the query's parameters against a schema, in the same way. One that is given several
   * times with different values is a failure, except those of which the last value counts, and
   * lists, whose values are joined by commas.
   */
  readonly checkedQuery: <Schema extends QuerySchema>(
    schema: Schema,
    options?: { readonly lastCounts?: readonly string[]; readonly lists?: readonly string[] },
  ) => Result<InferOutput<Schema>, Failure>;
};

export type Route = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** A path in Hono's notation, such as `/v1/phone-numbers/:id`. */
  readonly path: string;
  /** Whether it asks a carrier for what is on offer, which a plan counts apart. */
  readonly searches?: true;
  /** Whether it changes nothing, although it is no `GET`. */
  readonly readsOnly?: true;
  /** Whether the operator may ask too, by the admin token. */
  readonly isOperators?: true;
  /** Whether it reads all that an organization has, which may be a lot of data. */
  readonly readsAll?: true;
  readonly handle: (call: Call) => Promise<Outcome>;
};

/** One of the server's APIs: it decodes, calls the ledger, encodes. */
export type Dialect = {
  readonly name: "talkturo" | "talkover" | "speko" | "admin" | "ledger";
  /** Paths below which this dialect answers, also for routes that do not exist. */
  readonly bases: readonly string[];
  readonly auth: "token" | "admin";
  /** Where the dialect's clients check, without a token, that the server is running. */
  readonly healthPath?: string;
  /** More specific paths come before more general ones. */
  readonly routes: readonly Route[];
  /** Input that does not fit a schema: the dialect's status, code and sentence. */
  readonly invalid: (
    fields: Readonly<Record<string, readonly string[]>>,
    language: Language,
  ) => Failure;
  /** The dialect's shape of a failure. `contentType` where it is not application/json. */
  readonly encodeFailure: (
    failure: Failure,
    language: Language,
  ) => { readonly body: unknown; readonly contentType?: string };
};
