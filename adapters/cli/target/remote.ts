/** A server somewhere, by its URL. Whatever answers there is not trusted. */
import { messageOf } from "../../../core/values/error-message.ts";
import { type Milliseconds, MINUTE_MS, SECOND_MS } from "../../../core/values/calendar.ts";
import { isNested } from "../../../core/values/text.ts";
import { CommandFailed, interrupted, type Reply, STATUS } from "../failures.ts";
import type { Environment, Question, Target } from "./mod.ts";
import { neededSecret } from "./secrets.ts";

/** More than the longest that a server waits for a carrier (`PURCHASE_WAIT_MS`). */
const ANSWER_MS: Milliseconds = 75 * SECOND_MS;
const LONG_ANSWER_MS: Milliseconds = 30 * MINUTE_MS;
/** More than any answer of ours: a page of a history. */
const MAX_BYTES = 16 * 1_048_576;

/** Whether a URL's host is this machine. */
export const isLoopback = (host: string): boolean =>
  ["localhost", "[::1]"].includes(host) ||
  (host.startsWith("127.") && host.split(".").every((part) => Number.isInteger(Number(part))));

const unavailable = (message: string, cause?: unknown): CommandFailed =>
  new CommandFailed(STATUS.unavailable, message, cause);

/** The server's URL, to which paths are added; throws where it is not one. */
export const readUrl = (text: string): URL => {
  const unfit = (why: string) =>
    new CommandFailed(STATUS.wrongUse, `--url (or LEDGERLINE_URL) ${why}`);
  const url = URL.parse?.(text) ?? (URL.canParse(text) ? new URL(text) : null);
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw unfit("must be a server's address, such as https://ledger.example");
  }
  if (url.username !== "" || url.password !== "") {
    throw unfit("must not have a user or a password: tokens are in variables");
  }
  if (url.search !== "" || url.hash !== "") throw unfit("must not have a query or a fragment");
  return url;
};

/** Whether tokens would go through a network as they are. */
export const isOpen = ({ protocol, hostname }: URL): boolean =>
  protocol === "http:" && !isLoopback(hostname);

/** The body of an answer, as far as it is one of ours; throws where it is too long. */
const textOf = async (response: Response, where: string): Promise<string> => {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let [text, bytes] = ["", 0];
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > MAX_BYTES) throw unavailable(`${where} answers with more than ${MAX_BYTES} bytes`);
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
};

/** More levels than any of ours has, and fewer than what prints them can take. */
export const MAX_LEVELS = 200;

/** Whether a value has more levels than these. */
export const isTooDeep = (json: unknown): boolean => {
  let level: readonly unknown[] = [json];
  for (let depth = 0; depth < MAX_LEVELS; depth++) {
    level = level.filter(isNested).flatMap((value): readonly unknown[] => Object.values(value));
    if (level.length === 0) return false;
  }
  return true;
};

const jsonOf = (text: string, response: Response, where: string): unknown => {
  if (text === "" && response.ok) return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    const type = response.headers.get("content-type") ?? "no type";
    throw unavailable(
      `${where} does not answer as a Ledgerline server: ${response.status}, ${type}, not JSON`,
    );
  }
  if (isTooDeep(json)) throw unavailable(`${where} answers with more than ${MAX_LEVELS} levels`);
  return json;
};

/** Why a request got no answer: the last cause, which names what the system said. */
const causeOf = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof AggregateError) return causeOf({ cause: cause.errors[0] });
  if (cause instanceof Error) {
    return "code" in cause ? String(cause.code) : messageOf(cause);
  }
  return messageOf(error);
};

const bearerOf = (environment: Environment, as: Question["as"]): Record<string, string> => {
  if (as === "nobody") return {};
  const token = as === "operator"
    ? neededSecret(environment, "ADMIN_TOKEN", "the operator's token")
    : neededSecret(environment, "LEDGERLINE_TOKEN", "a token of the organization");
  return { authorization: `Bearer ${token}` };
};

/** What may be otherwise. */
type RemoteOptions = {
  /** How long an answer may take, but for what takes long. */
  readonly answer_ms?: Milliseconds;
  /** What to do where nothing answers. */
  readonly advice?: string;
  /** Where the server has its operator's calls, if that is elsewhere. */
  readonly admin?: URL;
};

/** A path is added, which begins with a slash. */
const baseOf = ({ href }: URL): string => href.endsWith("/") ? href.slice(0, -1) : href;

/**
 * The server at a URL. All of an answer has to come within a time, and be JSON within a bound;
 * redirects are not followed, as they would take tokens elsewhere.
 */
export const openRemote = (
  url: URL,
  environment: Environment,
  stopped: AbortSignal,
  { answer_ms = ANSWER_MS, advice = "is the server running?", admin = url }: RemoteOptions = {},
): Target => {
  const send = async (
    base: string,
    { method, path, body, as, key }: Question,
    signal: AbortSignal,
  ): Promise<Reply> => {
    const response = await fetch(`${base}${path}`, {
      method,
      redirect: "manual",
      signal,
      headers: {
        accept: "application/json",
        ...bearerOf(environment, as),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(key !== undefined && { "idempotency-key": key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const { status } = response;
    if (status >= 300 && status < 400) {
      await response.body?.cancel();
      const to = response.headers.get("location") ?? "nowhere";
      throw unavailable(`${base} redirects to ${to}, which is not followed: give its own --url`);
    }
    const json = jsonOf(await textOf(response, base), response, base);
    return { status, json, date: response.headers.get("date") ?? undefined };
  };
  return {
    where: baseOf(url),
    organization: null,
    ask: async (question) => {
      const base = baseOf(question.as === "operator" ? admin : url);
      const limit_ms = question.isLong === true ? LONG_ANSWER_MS : answer_ms;
      const late = AbortSignal.timeout(limit_ms);
      try {
        return await send(base, question, AbortSignal.any([stopped, late]));
      } catch (error) {
        if (stopped.aborted) throw interrupted();
        if (late.aborted) throw unavailable(`${base} did not answer within ${limit_ms / 1_000} s`);
        if (error instanceof CommandFailed) throw error;
        throw unavailable(
          `${base} cannot be reached (${causeOf(error)}): ${advice}`,
          error,
        );
      }
    },
    close: () => Promise.resolve(),
  };
};
