import { base64UrlOf } from "../../hash/base64.ts";

const SECRET_BYTES = 32;

/** A secret of 32 random bytes, in base64url. */
export const randomSecret = (): string =>
  base64UrlOf(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
