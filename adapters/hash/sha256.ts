/**
 * SHA-256, synchronous on every runtime: Web Crypto's is not, and Node's is not everywhere. Node's
 * takes a fifth of the time, so a library's is the second choice.
 */
import { sha256 as ofBytes } from "@noble/hashes/sha2.js";

/** SHA-256 of a text's UTF-8 form, in which half a surrogate pair is U+FFFD, in lower-case hex. */
export type Hash = (text: string) => string;

/** What Node, Deno and workerd have among their globals, and others may have. */
type Host = {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown };
};

type NodeCrypto = {
  readonly hash?: (algorithm: string, text: string, encoding: "hex") => string;
};

const encoder = new TextEncoder();

// The library's own takes more of a worker's size.
const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** SHA-256 that asks nothing of the runtime. */
export const portableSha256: Hash = (text) => hexOf(ofBytes(encoder.encode(text)));

/**
 * The quickest SHA-256 of a runtime, whose global object this is: Node's, where it has one. It is
 * asked for, and not imported, so that a bundle needs nothing of Node.
 */
export const hashOf = (host: object): Hash => {
  const { process } = host as Host;
  const crypto = process?.getBuiltinModule?.("node:crypto") as NodeCrypto | undefined;
  const native = crypto?.hash;
  return native === undefined ? portableSha256 : (text) => native("sha256", text, "hex");
};

/** The quickest SHA-256 of this runtime. */
export const sha256: Hash = hashOf(globalThis);
