import type { Language } from "./dialect.ts";

/** Primary subtags of what we speak; any Portuguese reads the Brazilian texts. */
const SPOKEN: Readonly<Record<string, Language>> = { en: "en", de: "de", pt: "pt-BR", "*": "en" };

const ITEM =
  /^\s*([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?\s*$/i;

/**
 * The language to answer in, by an `Accept-Language` header (RFC 9110, 12.5.4): the range of the
 * highest quality that we speak, the first among equals; `de-AT` finds German and `pt` Brazilian
 * Portuguese. English when there is no header, none fits, or the header is malformed.
 */
export const preferredLanguage = (header: string | null | undefined): Language => {
  let best: { readonly language: Language; readonly quality: number } | undefined;
  for (const item of (header ?? "").split(",")) {
    const parts = ITEM.exec(item);
    const primary = parts?.[1]?.toLowerCase().split("-")[0] ?? "";
    const language = Object.hasOwn(SPOKEN, primary) ? SPOKEN[primary] : undefined;
    const quality = Number(parts?.[2] ?? 1);
    if (language === undefined || quality === 0) continue;
    if (best === undefined || quality > best.quality) best = { language, quality };
  }
  return best?.language ?? "en";
};
