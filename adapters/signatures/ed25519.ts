/** Ed25519 by WebCrypto, and how Standard Webhooks writes its keys: `whsk_…` and `whpk_…`. */
import { base64Of, bytesOfBase64 } from "../hash/base64.ts";
import { secretBytes } from "./secret.ts";

/** What Ed25519 is to WebCrypto. */
export const ED25519 = "Ed25519";

/** The bytes of a private key's seed, and of a public key. */
export const KEY_BYTES = 32;

/** What is before the seed in a private key's PKCS #8 (RFC 8410, 7): always the same. */
const PKCS8 = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];

const PUBLIC_FORM = /^whpk_[A-Za-z0-9+/]{43}=$/;

/** The private key of a seed. */
const importSeed = (
  seed: Uint8Array<ArrayBuffer>,
  isExtractable: boolean,
): Promise<CryptoKey> =>
  crypto.subtle.importKey("pkcs8", Uint8Array.of(...PKCS8, ...seed), ED25519, isExtractable, [
    "sign",
  ]);

/** A key pair as Standard Webhooks writes it. */
export type KeyPair = {
  /** `whsk_` and base64 of the seed with the public key behind it: signs. */
  readonly secret: string;
  /** `whpk_` and base64 of the public key: verifies, and may be known to anyone. */
  readonly publicKey: string;
};

/** The key pair of a seed of 32 bytes. */
export const keyPairOfSeed = async (seed: Uint8Array<ArrayBuffer>): Promise<KeyPair> => {
  const { x = "" } = await crypto.subtle.exportKey("jwk", await importSeed(seed, true));
  const publicKey = bytesOfBase64(x.replaceAll("-", "+").replaceAll("_", "/"));
  return {
    secret: `whsk_${base64Of(Uint8Array.of(...seed, ...publicKey))}`,
    publicKey: `whpk_${base64Of(publicKey)}`,
  };
};

/** The private key of `whsk_…`: a seed, with the public key behind it or without. */
export const importSecretKey = async (secret: string): Promise<CryptoKey> => {
  const bytes = secretBytes(secret);
  return await importSeed(bytes.slice(0, KEY_BYTES), false);
};

/** Whether a text is a public key: `whpk_` and 32 bytes in base64. */
export const isPublicKey = (text: string): boolean => PUBLIC_FORM.test(text);

/** The public key of a text that `isPublicKey`. */
export const importPublicKey = (text: string): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", secretBytes(text), ED25519, false, ["verify"]);
