/** Signatures of Standard Webhooks (https://www.standardwebhooks.com, version 1). */
import { base64Of } from "../hash/base64.ts";
import { type Instant, SECOND_MS } from "../../core/values/calendar.ts";
import { secretBytes } from "./secret.ts";

/** The headers of one message. */
export type SignedHeaders = Readonly<
  Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string>
>;

/**
 * Signs a message with this id as sent at this time; the id is the same whenever it is sent again.
 */
export type Signer = (id: string, at: Instant, body: string) => Promise<SignedHeaders>;

/** What HMAC with SHA-256 is to WebCrypto. */
export const HMAC = { name: "HMAC", hash: "SHA-256" } as const;

/** A signer by a key of WebCrypto, which is imported with the first message. */
export const signerBy = (
  version: "v1" | "v1a",
  algorithm: "HMAC" | "Ed25519",
  importKey: () => Promise<CryptoKey>,
): Signer => {
  let imported: Promise<CryptoKey> | undefined;
  return async (id, at, body) => {
    const timestamp = String(Math.floor(at / SECOND_MS));
    const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
    const made = await crypto.subtle.sign(algorithm, await (imported ??= importKey()), signed);
    return {
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `${version},${base64Of(new Uint8Array(made))}`,
    };
  };
};

/** A signer with this secret, which fits `WebhookSecretSchema`: HMAC with SHA-256, by WebCrypto. */
export const openSigner = (secret: string): Signer =>
  signerBy(
    "v1",
    "HMAC",
    () => crypto.subtle.importKey("raw", secretBytes(secret), HMAC, false, ["sign"]),
  );
