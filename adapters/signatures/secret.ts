/** Secrets of Standard Webhooks (https://www.standardwebhooks.com, version 1): `whsec_…`. */
import { bytesOfBase64 } from "../hash/base64.ts";

/** Between 24 and 64 random bytes in base64, as the specification asks for. */
const FORM = /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/;

/**
 * The bytes of a secret or key: `whsec_`, `whsk_` or `whpk_`, and base64. There are none where what
 * follows is not base64.
 */
export const secretBytes = (secret: string): Uint8Array<ArrayBuffer> => {
  try {
    return bytesOfBase64(secret.slice(secret.indexOf("_") + 1));
  } catch {
    return new Uint8Array();
  }
};

/** Whether a text is a secret: `whsec_`, and 24 to 64 bytes in base64. */
export const isSecret = (secret: string): boolean =>
  FORM.test(secret) && secretBytes(secret).length > 0;
