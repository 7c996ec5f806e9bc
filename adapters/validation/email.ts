/** The one parser of e-mail addresses, for every dialect. */
import * as v from "valibot";
import { textOf } from "./bounds.ts";

/** The lengths that SMTP allows (RFC 5321, 4.5.3.1). */
const MAX_LOCAL = 64;
const MAX_DOMAIN = 253;

/**
 * What each word in a local part is made of: RFC 5322's characters, and all visible ones of any
 * script, emoji too (RFC 6531). A joiner is allowed between two others only; Hangul fillers are
 * invisible.
 */
const WORD =
  /^(?:[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]|[^\0-\x7f\p{C}\p{Z}\u115f\u1160\u3164\uffa0]|(?<=[^\0-\x7f\u200c\u200d])[\u200c\u200d](?=[^\0-\x7f\u200c\u200d]))+$/u;

/** Between quotes also space and punctuation; a quote and a backslash only after a backslash. */
const QUOTED = /^"(?:[^"\\\p{C}\p{Zl}\p{Zp}]|\\[ -~])+"$/u;

/** The part before the `@`: words with dots between them, or all of it between quotes. */
const isWritten = (local: string): boolean =>
  QUOTED.test(local) || local.split(".").every((word) => WORD.test(word));

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Characters with a meaning in a URL, and those that a parser drops from a domain. */
const NOT_OF_DOMAINS = /[\s\p{Cc}/:@?#[\]\\%\u00ad\u200b\u2060]/u;

/**
 * A domain as mail servers spell it, `xn--` where it is not ASCII; null where it is not a domain.
 */
const asciiDomain = (domain: string): string | null => {
  if (domain.length > MAX_DOMAIN || NOT_OF_DOMAINS.test(domain)) return null;
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : null;
};

const isDomain = (domain: string): boolean => {
  const ascii = asciiDomain(domain) ?? "";
  const labels = ascii.split(".");
  return ascii.length <= MAX_DOMAIN && labels.length > 1 &&
    labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? "");
};

const isLocal = (local: string): boolean =>
  local.length <= MAX_LOCAL && isWritten(local) &&
  // Many programs read a full-width character as the ASCII one.
  isWritten(local.normalize("NFKC"));

/**
 * Whether mail can be sent to this address: apostrophes, plus signs, any script, emoji, any domain.
 */
export const isEmail = (address: string): boolean => {
  const at = address.lastIndexOf("@");
  return isLocal(address.slice(0, Math.max(0, at))) && isDomain(address.slice(at + 1));
};

/** What is wrong with a text that is not an address. */
export const NOT_AN_EMAIL = "must be an e-mail address";

/** A schema for an e-mail address in international form, of at most this many characters. */
export const emailOf = (characters: number) =>
  v.pipe(textOf(characters), v.check(isEmail, NOT_AN_EMAIL));
