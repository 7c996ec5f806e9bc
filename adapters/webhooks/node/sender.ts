/** The sender for Node and Deno: it connects to addresses that it has checked. */
import * as v from "valibot";
import type { WebhookMessage, WebhookSender } from "../../../core/ports/mod.ts";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import { failed, ok, type Result } from "../../../core/values/result.ts";
import { assertArguments } from "../../validation/argument.ts";
import {
  CallableSchema,
  exactly,
  PauseSchema,
  WaitSchema,
  whole,
} from "../../validation/shapes.ts";
import { isPublicAddress } from "../address.ts";
import { answerText, retryAfterOf } from "../answer.ts";
import { type Deadline, openDeadline } from "../deadline.ts";
import { type Failure, FAILURES } from "../failures.ts";
import { openPlaces } from "../places.ts";
import { ProxyUrlSchema } from "../proxy-url.ts";
import { type Target, targetOf } from "../target.ts";
import { type Agents, openAgents } from "./agents.ts";
import { keptResolve, machineResolve, openPublicResolve, type Resolve } from "./names.ts";
import { post, type Posted } from "./post.ts";
import { openTunnel } from "./tunnel.ts";

const CONNECT_MS: Milliseconds = 5 * SECOND_MS;
const TIMEOUT_MS: Milliseconds = 15 * SECOND_MS;
const KEEPS_NAMES_MS: Milliseconds = 5 * SECOND_MS;

/** How many messages are under way, to one endpoint and to all. */
const PLACES_EACH = 8;
const PLACES = 256;

/** How many addresses of a name are tried. */
const MAX_ADDRESSES = 4;

/** The options of a sender on Node or Deno. */
export type SenderOptions = {
  /** Private addresses, http and any port too, for development; false by default. */
  readonly allowsPrivate?: boolean | undefined;
  /** The ports that are allowed; 443 and 8443 by default. */
  readonly ports?: readonly number[] | undefined;
  /** An HTTP proxy (`http:` or `https:`) that all messages go through; null for none. */
  readonly proxy?: string | null | undefined;
  /** How long a connection may take: 5,000 ms by default. */
  readonly connectMs?: Milliseconds | undefined;
  /** How long a message may take: 15,000 ms by default. */
  readonly timeoutMs?: Milliseconds | undefined;
  /** How many messages are under way to one endpoint: 8 by default. */
  readonly placesEach?: number | undefined;
  /** How many are under way to all endpoints: 256 by default. */
  readonly places?: number | undefined;
  /** What messages say of who sends them: `ledgerline` by default. */
  readonly userAgent?: string | undefined;
  /** The addresses of a name; by default those that the machine's servers of names have. */
  readonly resolve?: Resolve | undefined;
  /** How long the addresses of a name are kept: 5,000 ms by default. */
  readonly keepsNamesMs?: Milliseconds | undefined;
  /** Whether a message may be sent to this address; public ones by default. */
  readonly isAllowed?: ((address: string) => boolean) | undefined;
  /** Certificates (PEM) of authorities that are trusted in place of the runtime's own. */
  readonly authorities?: string | undefined;
};

/** A sender, and how it ends. */
export type OpenSender = WebhookSender & {
  /** Closes the connections that are kept. */
  readonly close: () => void;
};

const LONGEST_MS = 20 * SECOND_MS;

const OptionsSchema = exactly({
  allowsPrivate: v.optional(v.boolean()),
  ports: v.optional(v.array(whole(1, 65_535))),
  proxy: v.nullish(ProxyUrlSchema),
  connectMs: v.optional(v.pipe(WaitSchema, v.maxValue(LONGEST_MS))),
  timeoutMs: v.optional(v.pipe(WaitSchema, v.maxValue(LONGEST_MS))),
  placesEach: v.optional(whole(1, 1_000)),
  places: v.optional(whole(1, 10_000)),
  userAgent: v.optional(v.string()),
  resolve: v.optional(CallableSchema),
  keepsNamesMs: v.optional(PauseSchema),
  isAllowed: v.optional(CallableSchema),
  authorities: v.optional(v.string()),
});

/** What all messages of a sender share. */
type Sending = {
  readonly agents: Agents;
  readonly resolve: Resolve;
  readonly isAllowed: (address: string) => boolean;
  readonly proxy: URL | null;
  readonly connectMs: Milliseconds;
  readonly userAgent: string;
  readonly authorities: string | undefined;
};

/** One message on its way. */
type Way = {
  readonly target: Target;
  readonly message: WebhookMessage;
  readonly deadline: Deadline;
};

/** The request for a message, without where it goes. */
const requestOf = ({ userAgent, authorities }: Sending, { target, message }: Way) => ({
  path: `${target.url.pathname}${target.url.search}`,
  headers: {
    "content-type": "application/json",
    "content-length": String(new TextEncoder().encode(message.body).byteLength),
    "user-agent": userAgent,
    accept: "*/*",
    host: target.url.host,
    ...message.headers,
  },
  ...(target.isSecure && {
    // A name for TLS is never an address (RFC 6066, 3); the certificate is then for the address.
    servername: target.isLiteral ? "" : target.host,
    ...(authorities !== undefined && { ca: authorities }),
  }),
});

/** Posts the message through the proxy, which looks up the endpoint's name. */
const postThrough = async (
  sending: Sending,
  proxy: URL,
  way: Way,
): Promise<Result<Posted, Failure>> => {
  const { target, message: { body }, deadline } = way;
  const options = requestOf(sending, way);
  const { connectMs } = sending;
  const secure = { servername: "", ...options };
  const tunnel = await openTunnel(proxy, target, secure, connectMs, deadline);
  if (!tunnel.ok) return tunnel;
  const createConnection = () => tunnel.value;
  const whole = { ...options, host: target.host, createConnection };
  return ok(await post({ isSecure: target.isSecure, options: whole, body, connectMs, deadline }));
};

/** The addresses that the target may be connected at, at most some of them. */
const addressesOf = async (
  { resolve, isAllowed }: Sending,
  { target: { host, isLiteral }, deadline }: Way,
): Promise<Result<readonly string[], Failure>> => {
  try {
    const found = isLiteral ? [host] : await deadline.within(resolve(host));
    if (found === null) return failed(FAILURES.late);
    const allowed = found.filter(isAllowed).slice(0, MAX_ADDRESSES);
    if (allowed.length > 0) return ok(allowed);
    return failed(found.length > 0 ? FAILURES.private : FAILURES.unresolved);
  } catch {
    return failed(FAILURES.unresolved);
  }
};

/**
 * Posts the message to the first of these addresses that can be connected to. What is connected to
 * is the address itself, so nothing is looked up again; a kept connection is to it as well.
 */
const postTo = async (
  sending: Sending,
  addresses: readonly string[],
  way: Way,
): Promise<Result<Posted, Failure>> => {
  const { target: { isSecure, port }, message: { body }, deadline } = way;
  const { agents, connectMs } = sending;
  const connectBy = performance.now() + connectMs;
  let last: Posted | null = null;
  for (const [at, host] of addresses.entries()) {
    const left = connectBy - performance.now();
    if (left <= 0 || deadline.isOver()) break;
    const options = { ...requestOf(sending, way), host, port };
    const one = { isSecure, body, connectMs: left / (addresses.length - at), deadline };
    last = await post({
      ...one,
      options: { ...options, agent: isSecure ? agents.https : agents.http },
    });
    if (last.kind === "failed" && last.isStale) {
      last = await post({ ...one, options: { ...options, agent: false } });
    }
    if (last.kind === "answered" || last.stage !== "connecting") break;
  }
  return last === null ? failed(FAILURES.late) : ok(last);
};

const failureOf = (
  { isLate, isMalformed, stage }: Extract<Posted, { readonly kind: "failed" }>,
): Failure => {
  if (isLate) return FAILURES.late;
  if (isMalformed) return FAILURES.malformed;
  if (stage === "securing") return FAILURES.untrusted;
  return stage === "connecting" ? FAILURES.unconnected : FAILURES.broken;
};

const postedTo = async (sending: Sending, way: Way): Promise<Result<Posted, Failure>> => {
  if (sending.proxy !== null) return await postThrough(sending, sending.proxy, way);
  const addresses = await addressesOf(sending, way);
  return addresses.ok ? await postTo(sending, addresses.value, way) : addresses;
};

/**
 * A sender for Node and Deno. It looks up the host of each URL, connects to one of its addresses
 * that is public, and to nothing else: https at ports 443 and 8443, no redirect is followed, and
 * `connectMs` and `timeoutMs` bound each message. Through a `proxy`, which looks names up itself,
 * only hosts that are addresses, and names of local networks, are refused here: it has to refuse
 * private addresses. For options that do not fit this throws an `InvalidArgument`.
 */
export const openWebhookSender = (options: SenderOptions = {}): OpenSender => {
  assertArguments({ options: OptionsSchema }, [options]);
  const { allowsPrivate = false, ports, connectMs = CONNECT_MS, timeoutMs = TIMEOUT_MS } = options;
  const { placesEach: each = PLACES_EACH, places: total = PLACES, proxy = null } = options;
  const isAllowed = options.isAllowed ?? (allowsPrivate ? () => true : isPublicAddress);
  const places = openPlaces({ total, each });
  const agents = openAgents();
  const sending: Sending = {
    agents,
    connectMs,
    resolve: keptResolve(
      options.resolve ?? (allowsPrivate ? machineResolve : openPublicResolve()),
      options.keepsNamesMs ?? KEEPS_NAMES_MS,
    ),
    isAllowed,
    proxy: proxy === null ? null : new URL(proxy),
    userAgent: options.userAgent ?? "ledgerline",
    authorities: options.authorities,
  };
  return {
    close: agents.close,
    send: async (message) => {
      const startedAt = performance.now();
      const took = (): Milliseconds => Math.round(performance.now() - startedAt);
      const fail = (failure: Failure) => failed({ ...failure, ms: took() });
      const target = targetOf(message.url, { allowsPrivate, ports, isAllowed });
      if (!target.ok) return fail(target.error);
      const free = places.take(message.endpoint);
      if (free === null) return fail(FAILURES.busy);
      const deadline = openDeadline(timeoutMs);
      try {
        const posted = await postedTo(sending, { target: target.value, message, deadline });
        if (!posted.ok) return fail(posted.error);
        if (posted.value.kind === "failed") return fail(failureOf(posted.value));
        const { status, retryAfter, start } = posted.value;
        const retryAfterMs = retryAfterOf(retryAfter, Date.now());
        return ok({ status, retryAfterMs, answer: answerText(start), ms: took() });
      } finally {
        deadline.close();
        free();
      }
    },
  };
};
