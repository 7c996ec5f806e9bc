/** Cursors of lists whose places are more than one id; callers give them back as they are. */
import * as v from "valibot";
import { noSuchPage } from "../../validation/argument.ts";
import { base64UrlOf, bytesOfBase64 } from "../../hash/base64.ts";
import { unfitText } from "../../../core/values/text.ts";

/** A place as text: base64url of its JSON. */
export const cursorOf = (place: readonly (string | number)[]): string =>
  base64UrlOf(new TextEncoder().encode(JSON.stringify(place)));

const jsonOf = (cursor: string): unknown => {
  try {
    const bytes = bytesOfBase64(cursor.replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
};

/**
 * The place that a cursor is of, by its schema. Throws an `InvalidArgument` that names the argument
 * where no page of this list can have given the cursor.
 */
export const placeOfCursor = <Place>(
  schema: v.GenericSchema<unknown, Place>,
  cursor: string,
  path: string,
): Place => {
  const read = v.safeParse(schema, jsonOf(cursor));
  // No row has such a text, and PostgreSQL refuses the statement that asks for it.
  if (!read.success || unfitText(read.output) !== null) throw noSuchPage(path);
  return read.output;
};
