/** The URL of a PostgreSQL. */
import * as v from "valibot";

// The rest of it, perhaps a password, is for the driver to read, and must not appear in a message.
const BEGINNING = /^postgres(?:ql)?:\/\/./;

/** The URL with only the first of its hosts. */
const withOneHost = (url: string): string => {
  const start = url.indexOf("//") + 2;
  const length = url.slice(start).search(/[/?]/);
  const end = length === -1 ? url.length : start + length;
  const hosts = url.slice(0, end).lastIndexOf("@") + 1 || start;
  const comma = url.slice(0, end).indexOf(",", hosts);
  return comma === -1 ? url : url.slice(0, comma) + url.slice(end);
};

/** Whether the driver can parse it: it may name several hosts, of which the first is parsed. */
const isParsable = (text: string): boolean => {
  try {
    decodeURIComponent(text.split("?", 1).join());
    return URL.canParse(withOneHost(text));
  } catch {
    return false;
  }
};

/** The password in one that fits, as it is written there and as it is; "" where there is none. */
export const passwordsIn = (url: string): readonly string[] => {
  const { password } = new URL(withOneHost(url));
  return [password, decodeURIComponent(password)];
};

/** A schema for the URL of a PostgreSQL, which reveals nothing of what it refuses. */
export const DatabaseUrlSchema: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.regex(BEGINNING, "must be a URL that begins with postgres://"),
  v.check(isParsable, "must be a URL, with what is odd in its password percent-encoded"),
);
