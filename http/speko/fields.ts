/** The kinds of field of which Speko's bodies are made. */
import * as v from "valibot";
import { CHARACTERS, templateFault, textOf } from "../../core/values/bounds.ts";
import { JsonObject, objectOf } from "../object.ts";

/** A schema for a JSON object with these members; unlike valibot's own it refuses an array. */
export const object = <Entries extends v.ObjectEntries>(entries: Entries) =>
  objectOf(entries, "is required");

/** The client's own JSON object, of at most 8 KiB as it is stored. It comes back as it was sent. */
export const TemplateSchema = v.pipe(
  JsonObject,
  v.check(
    (template) => templateFault(template) === null,
    ({ input }) => templateFault(input) ?? "must be an object",
  ),
);

/** An http(s) address. */
export const WebsiteSchema = v.pipe(
  textOf(CHARACTERS.url),
  v.check(
    (value) => /^https?:\/\/[^\s]+$/i.test(value) && URL.canParse(value),
    "must be an http(s) URL",
  ),
);

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

const isEmail = (address: string): boolean => {
  const at = address.lastIndexOf("@");
  const local = address.slice(0, Math.max(0, at));
  return local.length <= MAX_LOCAL && LOCAL.test(local) && isDomain(address.slice(at + 1));
};

/** An e-mail address as the world has them: apostrophes, plus signs, any script, any domain. */
export const EmailSchema = v.pipe(
  textOf(CHARACTERS.email),
  v.check(isEmail, "must be an e-mail address"),
);
