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

const MAX_ADMIN_TOKENS = 8;

/** What is between tokens that are good at the same time. */
const BETWEEN = ",";

/**
 * A schema for the operator's token, which must not be guessable; or for several with commas
 * between, while one takes another's place.
 */
export const AdminTokenSchema: v.GenericSchema<string> = v.pipe(
  SecretSchema,
  v.check(
    (text) => text.split(BETWEEN).every(({ length }) => length >= MIN_ADMIN_TOKEN),
    `must have at least ${MIN_ADMIN_TOKEN} characters, each token of several with commas between`,
  ),
  v.check(
    (text) => text.split(BETWEEN).every(({ length }) => length <= MAX_TOKEN),
    `must have at most ${MAX_TOKEN} characters`,
  ),
  v.check(
    (text) => text.split(BETWEEN).length <= MAX_ADMIN_TOKENS,
    `must be at most ${MAX_ADMIN_TOKENS} tokens`,
  ),
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
 * A check whether a text is one of `secrets`, which have commas between. It compares the whole of
 * the digests of all, so that its duration reveals neither a secret's length, nor where a guess
 * differs, nor which of them it is.
 */
export const secretCheck = (secrets: string): (given: string) => boolean => {
  const expected = secrets.split(BETWEEN).map(sha256);
  return (given) => {
    const digest = sha256(given);
    return expected.map((one) => sameInConstantTime(digest, one)).includes(true);
  };
};
