/** The one reader of e-mail addresses, for every dialect. */
import * as v from "valibot";
import { textOf } from "../core/values/bounds.ts";

const MAX_LOCAL = 64;
/** The part before the `@`: words of any script with dots between (RFC 5322, RFC 6531), or quoted. */
const LOCAL =
  /^(?:[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*|"[^"\\\p{C}]+")$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const NOT_OF_DOMAINS = /[\s/:@?#[\]\\%]/;

/** A domain as mail servers spell it, `xn--` where it is not of ASCII; null where it is none. */
const asciiDomain = (domain: string): string | null => {
  if (NOT_OF_DOMAINS.test(domain) || !URL.canParse(`http://${domain}`)) return null;
  return new URL(`http://${domain}`).hostname;
};

const isDomain = (domain: string): boolean => {
  const labels = asciiDomain(domain)?.split(".") ?? [];
  return labels.length > 1 && labels.every((label) => LABEL.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? "");
};

/** Whether mail can be sent to this address: apostrophes, plus signs, any script, any domain. */
export const isEmail = (address: string): boolean => {
  const at = address.lastIndexOf("@");
  const local = address.slice(0, Math.max(0, at));
  return local.length <= MAX_LOCAL && LOCAL.test(local) && isDomain(address.slice(at + 1));
};

/** A schema for an e-mail address as the world has them, of at most so many characters. */
export const emailOf = (characters: number) =>
  v.pipe(textOf(characters), v.check(isEmail, "must be an e-mail address"));
