/** What the clients of all dialects have in common: how a call is made, and an answer read. */
import { type ClientAnswer, refusedWith } from "./client.ts";

/** Where an API is, and by which token. */
export type HttpTarget = {
  /** Without the dialect's own path, such as `http://localhost:8787`. */
  readonly baseUrl: string;
  /** A bearer token of the organization's. */
  readonly token: string;
  /** `fetch` itself by default. */
  readonly fetch?: ((request: Request) => Response | Promise<Response>) | undefined;
};

/** An answer as it came. */
export type WireAnswer = {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- the dialect's client knows its shape
  readonly json: any;
};

/** Makes one call. */
export type Ask = (
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  options?: { readonly body?: unknown; readonly key?: string },
) => Promise<WireAnswer>;

/** Of these, a client learns that it may try again later; every other 5xx is a fault. */
const LATER = [502, 503];

/** Makes calls of an API. Throws where it answers with what no API should: a 500, or no JSON. */
export const asker =
  ({ baseUrl, token, fetch = globalThis.fetch }: HttpTarget): Ask =>
  async (method, path, { body, key } = {}) => {
    const headers = new Headers({ authorization: `Bearer ${token}` });
    if (body !== undefined) headers.set("content-type", "application/json");
    if (key !== undefined) headers.set("idempotency-key", key);
    const request = new Request(`${baseUrl.replace(/\/$/, "")}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const response = await fetch(request);
    const { status } = response;
    const text = await response.text();
    if (status === 401 || (status >= 500 && !LATER.includes(status))) {
      throw new Error(`${method} ${path} answered ${status}: ${text}`);
    }
    return { status, json: text === "" ? null : JSON.parse(text) };
  };

const isGood = (status: number): boolean => status >= 200 && status < 300;

/** What an answer says: its value, or the code of its refusal. */
export const read = <Value>(
  { status, json }: WireAnswer,
  value: (json: WireAnswer["json"]) => Value,
): ClientAnswer<Value> =>
  isGood(status)
    ? { ok: true, value: value(json) }
    : refusedWith(String(json?.code ?? `HTTP ${status}`));

/** The value of an answer that must be good. */
export const must = <Value>(
  { status, json }: WireAnswer,
  value: (json: WireAnswer["json"]) => Value,
): Value => {
  if (isGood(status)) return value(json);
  throw new Error(`a call that must succeed answered ${status}: ${JSON.stringify(json)}`);
};

/** The same; null for a 404. */
export const mustOrNull = <Value>(
  answer: WireAnswer,
  value: (json: WireAnswer["json"]) => Value,
): Value | null => answer.status === 404 ? null : must(answer, value);
