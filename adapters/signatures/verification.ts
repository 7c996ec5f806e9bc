/** Whether a message was signed as Standard Webhooks specifies, by whom, and when. */
import { bytesOfBase64 } from "../hash/base64.ts";
import {
  type Instant,
  type Milliseconds,
  MINUTE_MS,
  SECOND_MS,
} from "../../core/values/calendar.ts";
import { failed, ok, type Result } from "../../core/values/result.ts";
import { ED25519, importPublicKey, isPublicKey } from "./ed25519.ts";
import { isSecret, secretBytes } from "./secret.ts";
import { HMAC } from "./signer.ts";

/** How far a message's time may be from ours, before or after, as in Svix's libraries. */
const TOLERANCE_MS: Milliseconds = 5 * MINUTE_MS;

/**
 * The three headers, where they are there. Without a full stop in the id, the parts of what is
 * signed cannot be shifted into one another.
 */
const ID = /^[!-\-/-~]{1,256}$/;
const TIMESTAMP = /^\d{1,12}$/;

/** The longest header with signatures, and how many of them are tried. */
const MAX_HEADER = 8_192;
const MAX_SIGNATURES = 32;

/** One signature: 32 bytes of HMAC, or 64 of Ed25519. */
const SIGNATURE = { v1: /^[A-Za-z0-9+/]{43}=$/, v1a: /^[A-Za-z0-9+/]{86}==$/ } as const;

type Version = keyof typeof SIGNATURE;

/** Why a message is not accepted. */
export type SignatureRefusal = {
  readonly code: "SIGNATURE_MISSING" | "SIGNATURE_INVALID" | "TOO_OLD" | "TOO_NEW";
  readonly message: string;
};

/** What the headers of a message say; null for one that is not there. */
export type GivenHeaders = {
  readonly id: string | null;
  readonly timestamp: string | null;
  readonly signature: string | null;
};

/** What is known of a message whose signature was verified. */
export type Verified = { readonly id: string; readonly at: Instant };

/** One secret or public key, and the version of the signatures that it verifies. */
type Verifier = {
  readonly version: Version;
  readonly verifies: (signature: string, signed: Uint8Array<ArrayBuffer>) => Promise<boolean>;
};

/** What WebCrypto compares takes a time that does not depend on where signatures differ. */
const verifierBy = (
  version: Version,
  algorithm: "HMAC" | "Ed25519",
  importKey: () => Promise<CryptoKey>,
): Verifier => {
  let imported: Promise<CryptoKey> | undefined;
  return {
    version,
    verifies: async (signature, signed) =>
      await crypto.subtle.verify(
        algorithm,
        await (imported ??= importKey()),
        bytesOfBase64(signature),
        signed,
      ),
  };
};

/** What verifies by this secret (`whsec_…`) or public key (`whpk_…`); null where it is neither. */
export const verifierOf = (secret: unknown): Verifier | null => {
  if (typeof secret !== "string") return null;
  if (isPublicKey(secret)) return verifierBy("v1a", ED25519, () => importPublicKey(secret));
  if (!isSecret(secret)) return null;
  return verifierBy(
    "v1",
    "HMAC",
    () => crypto.subtle.importKey("raw", secretBytes(secret), HMAC, false, ["verify"]),
  );
};

const refused = (code: SignatureRefusal["code"], message: string) => failed({ code, message });

/** The signatures of a header, each with its version; those of unknown versions are left out. */
const signaturesOf = (header: string): readonly (readonly [Version, string])[] =>
  header.split(" ", MAX_SIGNATURES).flatMap((one) => {
    const at = one.indexOf(",");
    const [version, signature] = [one.slice(0, at), one.slice(at + 1)];
    if (version !== "v1" && version !== "v1a") return [];
    return SIGNATURE[version].test(signature) ? [[version, signature] as const] : [];
  });

/** What is signed: the id, the time and the body, with full stops between. */
const signedBytes = (id: string, timestamp: string, body: Uint8Array): Uint8Array<ArrayBuffer> => {
  const start = new TextEncoder().encode(`${id}.${timestamp}.`);
  const signed = new Uint8Array(start.byteLength + body.byteLength);
  signed.set(start);
  signed.set(body, start.byteLength);
  return signed;
};

/**
 * Verifies that one of the signatures of a message is by one of `verifiers`, and that its time is
 * within `toleranceMs` (five minutes) of `now`. Gives the message's id and time, or why it is not
 * accepted.
 */
export const verifySignature = async (
  { id, timestamp, signature }: GivenHeaders,
  body: Uint8Array,
  verifiers: readonly Verifier[],
  { now, toleranceMs = TOLERANCE_MS }: {
    readonly now: Instant;
    readonly toleranceMs?: Milliseconds | undefined;
  },
): Promise<Result<Verified, SignatureRefusal>> => {
  if (!id || !timestamp || !signature) {
    return refused(
      "SIGNATURE_MISSING",
      "a message has the headers webhook-id, webhook-timestamp and webhook-signature",
    );
  }
  const isReadable = ID.test(id) && TIMESTAMP.test(timestamp) && signature.length <= MAX_HEADER;
  if (!isReadable) return refused("SIGNATURE_INVALID", "the message's headers cannot be read");
  const at = Number(timestamp) * SECOND_MS;
  // A time has whole seconds, so that a message of this second is not too new.
  if (at < now - toleranceMs) return refused("TOO_OLD", "the message was sent too long ago");
  if (at > now + toleranceMs) return refused("TOO_NEW", "the message is of a time to come");
  const signed = signedBytes(id, timestamp, body);
  for (const [version, given] of signaturesOf(signature)) {
    for (const verifier of verifiers) {
      if (verifier.version === version && await verifier.verifies(given, signed)) {
        return ok({ id, at });
      }
    }
  }
  return refused("SIGNATURE_INVALID", "no signature of the message is by a secret that is known");
};
