/** Signatures of Standard Webhooks (https://www.standardwebhooks.com, version 1). */
import * as v from "valibot";
import { base64Of, bytesOfBase64 } from "../hash/base64.ts";
import { type Instant, SECOND_MS } from "../../core/values/calendar.ts";

/** Between 24 and 64 random bytes, as the specification asks for. */
const MIN_BYTES = 24;
const MAX_BYTES = 64;

const FORM = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/;

const bytesOf = (secret: string): Uint8Array<ArrayBuffer> | null => {
  try {
    return bytesOfBase64(secret.slice("whsec_".length));
  } catch {
    return null;
  }
};

const isSecret = (secret: string): boolean => {
  const length = FORM.test(secret) ? bytesOf(secret)?.byteLength ?? 0 : 0;
  return length >= MIN_BYTES && length <= MAX_BYTES;
};

/** A schema for a secret that webhooks are signed with; its messages reveal nothing of it. */
export const WebhookSecretSchema: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.check(isSecret, `must be whsec_ and ${MIN_BYTES} to ${MAX_BYTES} bytes in base64`),
);

/** The headers of one message. */
export type SignedHeaders = Readonly<
  Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string>
>;

/**
 * Signs a message with this id as sent at this time; the id is the same whenever it is sent again.
 */
export type Signer = (id: string, at: Instant, body: string) => Promise<SignedHeaders>;

/** A signer with this secret, which fits `WebhookSecretSchema`: HMAC with SHA-256, by WebCrypto. */
export const openSigner = (secret: string): Signer => {
  let imported: Promise<CryptoKey> | null = null;
  const keyOf = (): Promise<CryptoKey> => {
    const bytes = bytesOf(secret) ?? new Uint8Array();
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    return imported ??= crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
  };
  return async (id, at, body) => {
    const timestamp = String(Math.floor(at / SECOND_MS));
    const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", await keyOf(), signed));
    return {
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${base64Of(mac)}`,
    };
  };
};
