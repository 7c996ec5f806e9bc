/** Signers with several secrets, of either scheme of Standard Webhooks. */
import { ED25519, importSecretKey } from "./ed25519.ts";
import { openSigner, type Signer, signerBy } from "./signer.ts";

const signerOf = (secret: string): Signer =>
  secret.startsWith("whsk_")
    ? signerBy("v1a", ED25519, () => importSecretKey(secret))
    : openSigner(secret);

/**
 * A signer whose messages have a signature by each of these secrets, in their order: while one
 * replaces another, receivers may have either. `whsec_…` signs by HMAC with SHA-256 (`v1`),
 * `whsk_…` by Ed25519 (`v1a`).
 */
export const openSigners = ([first, ...others]: readonly [string, ...string[]]): Signer => {
  const sign = signerOf(first);
  const further = others.map(signerOf);
  return async (...message) => {
    const signed = await sign(...message);
    const more = await Promise.all(further.map((signer) => signer(...message)));
    const signatures = [signed, ...more].map((headers) => headers["webhook-signature"]);
    return { ...signed, "webhook-signature": signatures.join(" ") };
  };
};
