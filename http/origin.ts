import * as v from "valibot";

const originOf = (text: string): string | null => {
  try {
    const { origin, protocol } = new URL(text);
    return protocol === "https:" || protocol === "http:" ? origin : null;
  } catch {
    return null;
  }
};

/** A schema for an origin as a browser sends it: `https://app.example`, without a path. */
export const OriginSchema = v.pipe(
  v.string(),
  v.check((text) => originOf(text) === text, "must be an origin, such as https://app.example"),
);
