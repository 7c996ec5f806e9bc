import * as v from "valibot";

/** A schema for a secret that can be sent as a bearer token. */
export const SecretSchema: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.regex(/^[\x21-\x7e]+$/, "must be printable, without spaces"),
);

const BEARER = /^Bearer +([\x21-\x7e]+) *$/i;

/** The token of an `Authorization: Bearer …` header (RFC 6750, 2.1); null when it holds none. */
export const bearerToken = (header: string | null | undefined): string | null =>
  BEARER.exec(header ?? "")?.[1] ?? null;

const digest = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

/**
 * A check whether a text is `secret`. It compares digests, every byte of them, so that the time it
 * takes tells neither how long the secret is nor where a guess went wrong.
 */
export const secretCheck = (secret: string): (given: string) => Promise<boolean> => {
  const expected = digest(secret);
  return async (given) => {
    const [left, right] = await Promise.all([expected, digest(given)]);
    let difference = 0;
    for (const [index, byte] of left.entries()) difference |= byte ^ (right[index] ?? 0);
    return difference === 0;
  };
};
