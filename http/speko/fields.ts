/** The kinds of field of which Speko's bodies are made. */
import * as v from "valibot";

const MAX_URL = 2_000;
const MAX_EMAIL = 254;

/** A schema for text of at most so many characters (code points), the empty one included. */
export const text = (maxCharacters: number) =>
  v.pipe(
    v.string("must be a string"),
    v.check(
      (value) => [...value].length <= maxCharacters,
      `must be text of at most ${maxCharacters} characters`,
    ),
  );

const isJsonObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const JsonObject = v.custom<Record<string, unknown>>(isJsonObject, "must be an object");

/** A schema for a JSON object with these members; unlike valibot's own it refuses an array. */
export const object = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(JsonObject, v.object(entries, "is required"));

const withoutPrototypes = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "__proto__")
      .map(([key, member]) => [key, harmless(member)]),
  );

const harmless = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(harmless);
  return isJsonObject(value) ? withoutPrototypes(value) : value;
};

/**
 * The client's own JSON object. It comes back as it was sent, but for keys named `__proto__`, with
 * which whoever merges it carelessly would poison all objects.
 */
export const TemplateSchema = v.pipe(JsonObject, v.transform(withoutPrototypes));

/** An http(s) address. */
export const WebsiteSchema = v.pipe(
  text(MAX_URL),
  v.check(
    (value) => /^https?:\/\/[^\s]+$/i.test(value) && URL.canParse(value),
    "must be an http(s) URL",
  ),
);

/** An e-mail address. */
export const EmailSchema = v.pipe(text(MAX_EMAIL), v.email("must be an e-mail address"));
