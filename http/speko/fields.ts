/** The kinds of field of which Speko's bodies are made. */
import * as v from "valibot";
import { CHARACTERS, textOf } from "../../adapters/validation/bounds.ts";
import { emailOf } from "../../adapters/validation/email.ts";
import { objectOf } from "../object.ts";

/** A schema for a JSON object with these members; unlike valibot's own it refuses an array. */
export const object = <Entries extends v.ObjectEntries>(entries: Entries) =>
  objectOf(entries, "is required");

/** An http(s) address. */
export const WebsiteSchema = v.pipe(
  textOf(CHARACTERS.url),
  v.check(
    (value) => /^https?:\/\/[^\s]+$/i.test(value) && URL.canParse(value),
    "must be an http(s) URL",
  ),
);

/** An e-mail address in international form. */
export const EmailSchema = emailOf(CHARACTERS.email);
