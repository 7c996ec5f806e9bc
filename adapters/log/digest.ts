import type { Digest } from "../../core/log/chain.ts";
import { hashOf } from "../../core/values/sha256.ts";

/** SHA-256 in lower-case hex. */
export const digest: Digest = hashOf(globalThis);
