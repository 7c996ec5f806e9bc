/** What is kept of an endpoint's answer, which a stranger wrote. */
import { type Instant, type Milliseconds, SECOND_MS } from "../../core/values/calendar.ts";

/** How many bytes of an answer are kept. */
export const KEPT_BYTES = 500;

/** How many are read: the rest of a longer answer is cut off, with its connection. */
export const READ_BYTES = 16 * 1_024;

/** How long the rest of an answer is waited for once its status is there. */
export const REST_MS: Milliseconds = 2 * SECOND_MS;

/** An endpoint that asks for more is asked again after a day. */
const MAX_RETRY_MS: Milliseconds = 24 * 60 * 60 * SECOND_MS;

const SPACES = /[\t\n\r]+/g;

/** What controls a terminal, hides or turns around what is shown, or has no meaning. */
const UNSHOWN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A date of HTTP in the form that is to be sent (RFC 9110, 5.6.7). */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * The first bytes of an answer as text that can be shown: at most 500 bytes of it, of which a
 * character that is cut in two is left out.
 */
export const answerText = (chunks: readonly Uint8Array[]): string => {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let [text, left] = ["", KEPT_BYTES];
  for (const chunk of chunks) {
    text += decoder.decode(chunk.subarray(0, left), { stream: true });
    left = Math.max(0, left - chunk.byteLength);
  }
  // Where all was read, what is left is not UTF-8; where it was cut, nothing is wrong with it.
  const whole = left > 0 ? text + decoder.decode() : text;
  return whole.replace(SPACES, " ").replace(UNSHOWN, "\u{fffd}");
};

/** How long `Retry-After` asks to wait, a day at most; null where it cannot be read. */
export const retryAfterOf = (
  header: string | null | undefined,
  now: Instant,
): Milliseconds | null => {
  const given = header?.trim() ?? "";
  if (/^\d{1,12}$/.test(given)) return Math.min(Number(given) * SECOND_MS, MAX_RETRY_MS);
  const until = HTTP_DATE.test(given) ? Date.parse(given) : Number.NaN;
  return Number.isNaN(until) ? null : Math.min(Math.max(0, until - now), MAX_RETRY_MS);
};
