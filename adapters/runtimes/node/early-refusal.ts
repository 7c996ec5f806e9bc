/** Answers to what never reaches the application: in the shape of the dialect that was asked. */
import type { IncomingMessage } from "node:http";
import { failed } from "../../../core/values/result.ts";
import { askedIn, type HeaderOf } from "../../../http/asked.ts";
import { dialectOf } from "../../../http/dialects.ts";
import type { Dialect, Failure } from "../../../http/dialect.ts";
import type { Answered } from "../../../http/metrics.ts";
import { pathsIn } from "../../../http/path.ts";
import { sendOutcome } from "../../../http/send.ts";

/** What the answer to a request takes from it: its target, and its headers. */
export type Seen = { readonly target: string; readonly header: HeaderOf };

/** The same of a request that Node has read. */
export const seenIn = ({ url = "", headers }: IncomingMessage): Seen => ({
  target: url,
  header: (name) => {
    const value = headers[name];
    return typeof value === "string" ? value : null;
  },
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
 * `answered` counts it.
 */
export const refusalOf = (
  failure: Failure,
  seen: Seen | null,
  answered: Answered | undefined,
): Response =>
  sendOutcome(
    failed(failure),
    seen === null ? undefined : dialectIn(seen.target),
    askedIn(seen?.header ?? (() => null), answered),
  );
