/** What an answer, and what is logged of a request, take from the request itself. */
import { mayHoldToken } from "../adapters/ledger/engine/token.ts";
import { sha256 } from "../adapters/hash/sha256.ts";
import type { Caller } from "../adapters/ledger/api/mod.ts";
import type { Origin } from "../adapters/ledger/engine/origin.ts";
import { bearerToken } from "./auth.ts";
import type { Language } from "./dialect.ts";
import { preferredLanguage } from "./language.ts";
import type { Answered } from "./metrics.ts";

/** Where a request belongs in a trace of its caller's (W3C Trace Context). */
export type Trace = {
  /** 32 hexadecimal digits, not all 0. */
  readonly id: string;
  /** The caller's span: 16 hexadecimal digits, not all 0. */
  readonly parent: string;
  /** Whether the caller records the trace. */
  readonly isSampled: boolean;
};

/** What is known of a request, from its headers and then from its route. */
export type Asked = {
  /** The id of the request, which its answer has as `X-Request-Id`. */
  readonly id: string;
  readonly language: Language;
  /** Null where the caller sent no valid `traceparent`. */
  readonly trace: Trace | null;
  /** Calls what counts its answer, if anything does, with the status. */
  readonly answered: ((status: number) => void) | null;
  /** Its span, where it is traced. */
  span?: Origin["span"];
  /** On whose behalf it is made, once that is known. */
  organization?: string;
  /** Its command id, where it has one and that is known: of its key the digest (`shownCommand`). */
  commandId?: string;
};

/** The value of a header by its name in lower case; null or undefined where there is none. */
export type HeaderOf = (name: string) => string | null | undefined;

/**
 * Ids as proxies and clients make them: UUIDs, `1-67891233-abcdef012345678912345678`, `Root=1-…`,
 * base64. Nothing that would break out of a line, a quoted text or a query.
 */
const REQUEST_ID = /^[\w.:=+/-]{1,128}$/;

/** Shorter ones guard nothing, and may be in any id. */
const MIN_SECRET = 8;

/** What is secret of the token that a request is made with. */
const secretsIn = (authorization: string | null | undefined): readonly string[] => {
  const token = bearerToken(authorization) ?? "";
  const part = token.slice(token.lastIndexOf(".") + 1);
  return [token, part].filter(({ length }) => length >= MIN_SECRET);
};

/** It is logged and traced, and a token, or an address of e-mail, must not be. */
const isRequestId = (given: string, authorization: string | null | undefined): boolean =>
  REQUEST_ID.test(given) && !mayHoldToken(given) &&
  !secretsIn(authorization).some((secret) => given.includes(secret));

/**
 * The id of a request: the caller's own `X-Request-Id` where it is valid (1 to 128 letters, digits
 * and `_.:=+/-`, with a `.` or `:` after 40 others at most) and shows no token, be it any of ours
 * or the secret part of this `Authorization`; else a new UUID. Of several ids none is taken.
 */
export const requestIdOf = (
  given: string | null | undefined,
  authorization?: string | null,
): string =>
  given !== null && given !== undefined && isRequestId(given, authorization)
    ? given
    : crypto.randomUUID();

/** How many characters of a digest are shown. */
const SHOWN = 16;

/**
 * A command id as lines show it: the id of the caller's token, where they have one, and of their
 * `Idempotency-Key`, which may say anything, the first 16 digits of its SHA-256.
 */
export const shownCommand = (key: string, { actor }: Pick<Caller, "actor">): string => {
  const digest = sha256(key).slice(0, SHOWN);
  return actor.kind === "user" ? `${actor.tokenId}:${digest}` : digest;
};

/** `version-traceid-parentid-flags`, and what versions after 00 may add. */
const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-[!-~]{0,200})?$/;

const LENGTH_00 = 55;
const NOTHING = /^0+$/;

/**
 * The trace that a `traceparent` names (W3C Trace Context, 3.2); null where it is not valid: then
 * it is as if none was sent.
 */
export const traceOf = (header: string | null | undefined): Trace | null => {
  const [text, version, id, parent, flags] = TRACEPARENT.exec(header ?? "") ?? [];
  if (text === undefined || id === undefined || parent === undefined) return null;
  if (version === "ff" || (version === "00" && text.length !== LENGTH_00)) return null;
  if (NOTHING.test(id) || NOTHING.test(parent)) return null;
  return { id, parent, isSampled: (Number.parseInt(flags ?? "", 16) & 1) === 1 };
};

const measured = (answered: Answered) => {
  const begun = performance.now();
  return (status: number): void => answered(status, performance.now() - begun);
};

/** What is known of a request by its headers; from now on it is measured until its answer. */
export const askedIn = (header: HeaderOf, answered?: Answered): Asked => ({
  id: requestIdOf(header("x-request-id"), header("authorization")),
  language: preferredLanguage(header("accept-language")),
  trace: traceOf(header("traceparent")),
  answered: answered === undefined ? null : measured(answered),
});

/** The same of a request that is not parsed any further. */
export const askedBy = ({ headers }: Request, answered?: Answered): Asked =>
  askedIn((name) => headers.get(name), answered);
