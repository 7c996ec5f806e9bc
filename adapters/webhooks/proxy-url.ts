/** The URL of a proxy. */
import * as v from "valibot";
import { WebUrlSchema } from "../validation/shapes.ts";

const isDecodable = (url: string): boolean => {
  try {
    const { username, password } = new URL(url);
    return [username, password].map(decodeURIComponent).length > 0;
  } catch {
    return false;
  }
};

/** A schema for the URL of a proxy, which may have a user and a password; it reveals neither. */
export const ProxyUrlSchema: v.GenericSchema<string> = v.pipe(
  WebUrlSchema,
  v.check(isDecodable, "must have what is odd in its password percent-encoded"),
);
