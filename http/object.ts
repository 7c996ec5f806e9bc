import * as v from "valibot";
import { isJsonObject } from "../core/values/text.ts";

/** What is wrong with a value that is not a JSON object. */
export const NOT_AN_OBJECT = "must be an object";

/** A schema for a JSON object: to valibot's own, a list is one too. */
export const JsonObject = v.custom<Record<string, unknown>>(
  isJsonObject,
  NOT_AN_OBJECT,
);

/**
 * A schema for a JSON object with these members; `message` is what is said of one that is missing.
 */
export const objectOf = <Entries extends v.ObjectEntries>(
  entries: Entries,
  message: v.ErrorMessage<v.ObjectIssue>,
) => v.pipe(JsonObject, v.object(entries, message));

/**
 * A schema for an object with these members and no others: a misspelt one would otherwise be
 * ignored, and the client believe that it counted.
 */
export const exactMembers = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.strictObject(
    entries,
    ({ input }) => input === undefined ? "is required" : "is not a member of this call",
  );

/** The same of a JSON object. */
export const onlyThese = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(JsonObject, exactMembers(entries));
