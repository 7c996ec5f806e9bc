/** Answers to what never reaches the application: in the shape of the dialect that was asked. */
import type { IncomingMessage } from "node:http";
import { failed } from "../../../core/values/result.ts";
import { dialectOf } from "../../../http/dialects.ts";
import type { Dialect, Failure } from "../../../http/dialect.ts";
import { preferredLanguage } from "../../../http/language.ts";
import { pathsIn } from "../../../http/path.ts";
import { sendOutcome } from "../../../http/send.ts";

/** What identifies a request's dialect and language: its target and its `Accept-Language`. */
export type Asked = { readonly target: string; readonly language: string | undefined };

/** The same of a request that Node has read. */
export const askedBy = ({ url = "", headers }: IncomingMessage): Asked => ({
  target: url,
  language: headers["accept-language"],
});

/** The dialect that the target's path belongs to, as it was sent and as a URL has it. */
const dialectIn = (target: string): Dialect | undefined => {
  const { sent, read } = pathsIn(target);
  const dialect = dialectOf(sent);
  return read === sent || (read !== null && dialectOf(read) === dialect) ? dialect : undefined;
};

/**
 * The answer to a request that is refused unread, in the shape of the dialect that its path belongs
 * to, if it belongs to exactly one; in that of RFC 9457 otherwise, or where nothing of it is known.
 */
export const refusalOf = (failure: Failure, asked: Asked | null): Response =>
  sendOutcome(
    failed(failure),
    asked === null ? undefined : dialectIn(asked.target),
    preferredLanguage(asked?.language),
  );
