import type { Language } from "./dialect.ts";

/** Primary subtags of the languages we support; any Portuguese gets the Brazilian texts. */
const SPOKEN: Readonly<Record<string, Language>> = { en: "en", de: "de", pt: "pt-BR", "*": "en" };

/** The longest `Accept-Language` that is read: browsers send some 50 characters. */
const MAX_ACCEPT_LANGUAGE = 1_000;

// Each is matched against trimmed text, and cannot backtrack.
const RANGE = /^(?:[a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)$/i;
const QUALITY = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/**
 * The quality that a range's parameter gives it, 1 when there is none; null when it is malformed.
 */
const qualityOf = (parameters: readonly string[]): number | null => {
  const [parameter] = parameters;
  if (parameter === undefined) return 1;
  const [name = "", value = "", ...more] = parameter.split("=").map((text) => text.trim());
  const isQuality = parameters.length === 1 && more.length === 0 && name.toLowerCase() === "q";
  return isQuality && QUALITY.test(value) ? Number(value) : null;
};

/**
 * The language to answer in, by an `Accept-Language` header (RFC 9110, 12.5.4): the supported range
 * of the highest quality, the first among equals; `de-AT` finds German and `pt` Brazilian
 * Portuguese. English when there is no header, no range fits, or the header is malformed or longer
 * than 1,000 characters. Takes time in proportion to the header's length.
 */
export const preferredLanguage = (header: string | null | undefined): Language => {
  if (header === null || header === undefined || header.length > MAX_ACCEPT_LANGUAGE) return "en";
  let best: { readonly language: Language; readonly quality: number } | undefined;
  for (const item of header.split(",")) {
    const [range = "", ...parameters] = item.split(";").map((text) => text.trim());
    if (!RANGE.test(range)) continue;
    const [primary = ""] = range.toLowerCase().split("-");
    const language = Object.hasOwn(SPOKEN, primary) ? SPOKEN[primary] : undefined;
    const quality = qualityOf(parameters);
    if (language === undefined || quality === null || quality === 0) continue;
    if (best === undefined || quality > best.quality) best = { language, quality };
  }
  return best?.language ?? "en";
};
