/** Requests under an `Idempotency-Key`: each is done once, and answered again as it was. */
import { sha256 } from "../adapters/hash/sha256.ts";
import type { KeptAnswer, KeptAnswers, KeyedRequest } from "../core/ports/mod.ts";
import { Unavailable } from "../core/log/unavailable.ts";
import type { Milliseconds } from "../core/values/calendar.ts";
import { failed, ok, type Result } from "../core/values/result.ts";
import { isJsonObject } from "../core/values/text.ts";
import type { Caller } from "../adapters/ledger/api/mod.ts";
import { type Body, parseJson } from "./body.ts";
import type { Dialect, Failure, Outcome, Reply } from "./dialect.ts";
import { KEY_UNDERWAY, keyReused } from "./errors.ts";
import { textInSlices } from "./slices.ts";

/** The header of an answer that was given before. */
export const REPLAYED: Readonly<Record<string, string>> = { "idempotency-replayed": "true" };

/** The longest answer that is kept; none of the calls that write has a longer one today. */
const MAX_KEPT = 1024 * 1024;

/** How often a lease of ten seconds is renewed while its request is under way. */
const RENEWAL_MS: Milliseconds = 3_000;

/** JSON with the members of each object in one order. */
const ordered = (json: unknown): unknown => {
  if (Array.isArray(json)) return json.map(ordered);
  if (!isJsonObject(json)) return json;
  const members = Object.entries(json).map(([name, value]) => [name, ordered(value)] as const);
  return Object.fromEntries(members.sort(([a], [b]) => a < b ? -1 : 1));
};

/** A body as text, whatever its layout and the order of its members where it is JSON. */
const contentOf = (bytes: Uint8Array): string => {
  const json = bytes.byteLength === 0 ? null : parseJson(bytes);
  return json?.ok === true
    ? JSON.stringify(ordered(json.value))
    : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
};

/** Of a URL what a server is asked for: its path and its query. */
const targetOf = (url: string): string => {
  const { pathname, search } = new URL(url);
  return pathname + search;
};

/** Who acts for an organization without a token of it has other keys for each. */
const callerOf = ({ actor, organization }: Caller): string => {
  if (actor.kind === "user") return `token:${actor.tokenId}`;
  return organization === "" ? "operator" : `operator:${organization}`;
};

/** The request as it is known again; refused where its body cannot be read. */
export const keyedOf = async (
  request: Request,
  body: Body | null,
  caller: Caller,
  key: string,
): Promise<Result<KeyedRequest, Failure>> => {
  const bytes = body === null ? ok(new Uint8Array()) : await body.bytes();
  if (!bytes.ok) return bytes;
  const content = contentOf(bytes.value);
  const fingerprint = sha256(`${request.method} ${targetOf(request.url)}\n${content}`);
  return ok({ caller: callerOf(caller), key, fingerprint });
};

/** Renews a lease until it is told to stop, one statement at a time. */
const renewing = (answers: KeptAnswers, keyed: KeyedRequest, lease: string): () => void => {
  let isRenewing = false;
  const timer = setInterval(() => {
    if (isRenewing) return;
    isRenewing = true;
    // One that fails is made up for by the next, or the lease is lost.
    answers.renew(keyed, lease).catch(() => undefined).finally(() => {
      isRenewing = false;
    });
  }, RENEWAL_MS);
  return () => clearInterval(timer);
};

/** A reply as text, and as it is kept; null where it is not the last word, or too long. */
const textsOf = async (reply: Reply) => {
  const write = async (body: unknown): Promise<string | null> =>
    reply.status === 204 ? null : await textInSlices(body) ?? JSON.stringify(body);
  const sent = await write(reply.body);
  const body = reply.kept === undefined ? sent : await write(reply.kept);
  const isKept = reply.isPending !== true && (body?.length ?? 0) <= MAX_KEPT;
  return {
    sent,
    kept: isKept ? { status: reply.status, headers: reply.headers ?? null, body } : null,
  };
};

const answerAgain = ({ status, headers, body }: KeptAnswer): Outcome =>
  ok({
    status: status as Reply["status"],
    body: null,
    text: body,
    headers: { ...headers, ...REPLAYED },
  });

/** Ends a request's lease; to be called once. */
type End = (end: "free" | { readonly kept: KeptAnswer | null }) => Promise<void>;

/** The lease of a request that has begun, which is renewed until it ends. */
const held = (
  answers: KeptAnswers,
  keyed: KeyedRequest,
  lease: string,
  onLost: (error: unknown) => void,
): End => {
  const stop = renewing(answers, keyed, lease);
  return async (end) => {
    stop();
    try {
      if (end === "free") await answers.free(keyed, lease);
      else await answers.keep(keyed, lease, end.kept);
    } catch (error) {
      // That the database is away is reported by the log.
      if (!(error instanceof Unavailable)) onLost(error);
    }
  };
};

/**
 * Does a request under its key once. Where it was answered, that answer is given again; where it is
 * under way, or the key is another request's, it is refused (409, 422). What succeeded is kept,
 * unless it is pending: then, and after an exception, the same request may begin again, and no
 * other. A refusal frees the key: it changed nothing, or the ledger knows it by its command's id.
 * Throws what the store throws before anything is done; what it throws afterwards is for `onLost`,
 * since the request is done: the ledger knows a repeat.
 */
export const once = async (
  answers: KeptAnswers,
  keyed: KeyedRequest,
  dialect: Dialect,
  handle: () => Promise<Outcome>,
  onLost: (error: unknown) => void,
): Promise<Outcome> => {
  const begun = await answers.begin(keyed);
  if (begun.state === "answered") return answerAgain(begun.answer);
  if (begun.state === "other") return failed(keyReused(dialect.name));
  if (begun.state === "underway") return failed(KEY_UNDERWAY);
  const end = held(answers, keyed, begun.lease, onLost);
  let outcome: Outcome;
  let texts: Awaited<ReturnType<typeof textsOf>> | null;
  try {
    outcome = await handle();
    texts = outcome.ok && outcome.value.list === undefined ? await textsOf(outcome.value) : null;
  } catch (error) {
    await end({ kept: null });
    throw error;
  }
  if (!outcome.ok) {
    await end("free");
    return outcome;
  }
  await end({ kept: texts?.kept ?? null });
  return texts === null ? outcome : ok({ ...outcome.value, text: texts.sent });
};
