/**
 * A whole application in memory: the real core, ledger and HTTP, a sandbox carrier, a test clock.
 */
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { type Ledger, openLedger } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import type { KeptAnswers, RateLimiter } from "../../core/ports/mod.ts";
import { createApp } from "../../adapters/runtimes/library/http.ts";
import type { Mcp } from "../../http/mcp/mod.ts";
import { assertDocumented } from "./documented.ts";

export const ADMIN_TOKEN = "admin-secret-of-tests";

/** The SIP connection that every organization of a test has; it is not ready for calls. */
export const SIP = { id: "sip_1", providerName: "Trunkline", trunkId: "trunk_1" } as const;

/** How long a test waits for a call that is to answer 202, and any other call of that test. */
export const SHORT_WAIT_MS = 500;

/**
 * Many times what a purchase takes that is to succeed: the machine may be busy with other tests.
 */
const LONG_WAIT_MS = 20_000;

export type TestRequest = {
  readonly token?: string;
  /** Sent as JSON; a string is sent unchanged. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type TestResponse = {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read what they expect to find
  readonly json: any;
  readonly headers: Headers;
};

export type TestApp = {
  readonly ledger: Ledger;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly request: (
    method: string,
    path: string,
    options?: TestRequest,
  ) => Promise<TestResponse>;
  /**
   * Opens an organization with the connection `SIP`, and returns a token of its user
   * `alice@example.com`, Alice Johnson.
   */
  readonly organization: (id: string, plan?: string) => Promise<string>;
  /** An admin call that must succeed. */
  readonly admin: (method: string, path: string, body?: unknown) => Promise<TestResponse["json"]>;
  readonly advance: (seconds: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Makes calls of an application's `fetch`; its answers must be as the documents say (`check`). */
export const requester = (
  fetch: (request: Request) => Response | Promise<Response>,
  check: (exchange: Parameters<typeof assertDocumented>[0]) => void = assertDocumented,
): TestApp["request"] =>
async (method, path, { token, body, headers } = {}) => {
  const response = await fetch(
    new Request(`http://localhost${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  const answer = {
    status: response.status,
    json: text === "" ? null : JSON.parse(text),
    headers: response.headers,
  };
  check({ method, path, body, answer });
  return answer;
};

/** Makes calls over the network, to the server at this URL. */
export const requesterTo = (url: string): TestApp["request"] =>
  requester(async (asked) => {
    const { pathname, search } = new URL(asked.url);
    const { method, headers } = asked;
    const body = await asked.text();
    return await fetch(new URL(`${pathname}${search}`, url), {
      method,
      headers,
      ...(body !== "" && { body }),
    });
  });

/** What the operator does for a test, by calls that must succeed. */
export const operatorOf = (
  request: TestApp["request"],
  adminToken: string = ADMIN_TOKEN,
): Pick<TestApp, "admin" | "organization" | "advance"> => {
  const admin: TestApp["admin"] = async (method, path, body) => {
    const { status, json } = await request(method, path, { token: adminToken, body });
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
    return json;
  };
  return {
    admin,
    organization: async (id, plan = "Growth") => {
      await admin("PUT", `/admin/organizations/${id}`, { name: `${id} Inc`, plan });
      await admin("PUT", `/admin/organizations/${id}/sip-connections/${SIP.id}`, {
        providerName: SIP.providerName,
        trunkId: SIP.trunkId,
        ready: false,
      });
      const user = { email: "alice@example.com", name: "Alice Johnson" };
      return (await admin("POST", `/admin/organizations/${id}/tokens`, user)).token;
    },
    advance: async (seconds) => {
      await admin("POST", "/admin/clock/advance", { seconds });
    },
  };
};

/**
 * Opens an application whose clock is at `at`. Errors of background work are thrown. Calls are
 * waited for until they have succeeded: one that is to answer 202 needs a short `waitMs`.
 */
export const openTestApp = (
  options: Partial<Parameters<typeof openLedger>[0]> & {
    readonly at?: string;
    readonly telnyxPublicKey?: string;
    /** Counts requests; they are not counted where it is left out. */
    readonly limiter?: RateLimiter;
    /** Keeps answers under keys, in memory where it is left out; null: the ledger's ids alone. */
    readonly answers?: KeptAnswers | null;
    /** Tools for agents; without them there is no `/mcp`. */
    readonly mcp?: Mcp;
  } = {},
): TestApp => {
  const clock = openTestClock(Date.parse(options.at ?? "2026-01-31T10:00:00Z"));
  const ledger = openLedger({
    log: openMemoryLog(),
    carrier: openSandboxCarrier({ orders: openMemoryOrderBook(), clock }),
    payments: includedPayments,
    clock,
    setClock: clock.set,
    ids: openIds(clock),
    waitMs: LONG_WAIT_MS,
    recoveryMs: 50,
    ...options,
  });
  const errors: unknown[] = [];
  const app = createApp({
    ledger,
    adminToken: ADMIN_TOKEN,
    telnyxPublicKey: options.telnyxPublicKey ?? null,
    limiter: options.limiter ?? null,
    answers: options.answers,
    mcp: options.mcp,
    onError: (error) => errors.push(error),
  });
  const fetch = async (asked: Request): Promise<Response> => await app.fetch(asked);
  const request = requester(fetch);
  return {
    ledger,
    fetch,
    request,
    ...operatorOf(request),
    close: async () => {
      await ledger.close();
      if (errors.length > 0) throw new AggregateError(errors, "the application threw");
    },
  };
};
