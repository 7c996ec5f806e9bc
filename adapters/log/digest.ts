import { hash } from "node:crypto";
import type { Digest } from "../../core/log/chain.ts";

/**
 * SHA-256 in lower-case hex. Node's own, which Deno and workerd have too, since it is synchronous,
 * unlike Web Crypto, and takes a fifth of the time that one written in JavaScript takes.
 */
export const digest: Digest = (text) => hash("sha256", text, "hex");
