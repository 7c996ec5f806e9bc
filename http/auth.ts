import * as v from "valibot";
import { sameInConstantTime } from "../adapters/hash/constant-time.ts";
import { sha256 } from "../adapters/hash/sha256.ts";

const SecretSchema: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.regex(/^[\x21-\x7e]+$/, "must be printable, without spaces"),
);

const MIN_ADMIN_TOKEN = 16;
const MAX_TOKEN = 500;
/** A token with its scheme, and more white space than any client sends. */
const MAX_HEADER = 600;

/** A schema for the operator's token, which must not be guessable. */
export const AdminTokenSchema: v.GenericSchema<string> = v.pipe(
  SecretSchema,
  v.minLength(MIN_ADMIN_TOKEN, `must have at least ${MIN_ADMIN_TOKEN} characters`),
  v.maxLength(MAX_TOKEN, `must have at most ${MAX_TOKEN} characters`),
);

// White space and token characters do not overlap, so a header parses in one way only.
const BEARER = /^Bearer +([\x21-\x7e]+) *$/i;

/**
 * The token of an `Authorization: Bearer …` header (RFC 6750, 2.1); null when it has no token, or
 * one of more than 500 characters.
 */
export const bearerToken = (header: string | null | undefined): string | null => {
  if (header === null || header === undefined || header.length > MAX_HEADER) return null;
  const token = BEARER.exec(header)?.[1] ?? null;
  return token === null || token.length > MAX_TOKEN ? null : token;
};

/**
 * A check whether a text is `secret`. It compares the whole of their digests, so that its duration
 * reveals neither the secret's length nor where a guess differs.
 */
export const secretCheck = (secret: string): (given: string) => boolean => {
  const expected = sha256(secret);
  return (given) => sameInConstantTime(sha256(given), expected);
};
