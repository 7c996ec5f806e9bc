/**
 * Secrets that follow from one key and are nowhere stored: HKDF with SHA-256 (RFC 5869), by
 * WebCrypto.
 */
import { base64Of } from "../hash/base64.ts";
import { KEY_BYTES, type KeyPair, keyPairOfSeed } from "./ed25519.ts";

/** The key that all secrets of an installation follow from: 32 random bytes, or more. */
type RootKey = Uint8Array<ArrayBuffer>;

const encoded = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/**
 * 32 bytes for this purpose. What they are for is written so that no two purposes have the same
 * text: neither a scheme nor a generation has a space.
 */
const derived = async (
  key: RootKey,
  scheme: "hmac" | "ed25519",
  endpoint: string,
  generation: number,
): Promise<Uint8Array<ArrayBuffer>> => {
  if (key.byteLength < KEY_BYTES) throw new RangeError(`the key must have ${KEY_BYTES} bytes`);
  if (!Number.isSafeInteger(generation)) throw new RangeError("a generation is a whole number");
  const root = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits(
    {
      name: "HKDF",
      hash: "SHA-256",
      salt: encoded("ledgerline webhooks 1"),
      info: encoded(`${scheme} ${generation} ${endpoint}`),
    },
    root,
    KEY_BYTES * 8,
  );
  return new Uint8Array(bits);
};

/**
 * The secret of an endpoint's generation, `whsec_` and base64 of 32 bytes: always the same for the
 * same key, and it says nothing of any other. `key` has at least 32 bytes, and
 * `generation` is a whole number; for others this throws.
 */
export const secretOf = async (
  key: RootKey,
  endpoint: string,
  generation: number,
): Promise<string> => `whsec_${base64Of(await derived(key, "hmac", endpoint, generation))}`;

/** The key pair (Ed25519) of an endpoint's generation, in the same way. */
export const keyPairOf = async (
  key: RootKey,
  endpoint: string,
  generation: number,
): Promise<KeyPair> => await keyPairOfSeed(await derived(key, "ed25519", endpoint, generation));
