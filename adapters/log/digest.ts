import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Digest } from "../../core/log/chain.ts";

/** SHA-256 in lower-case hex; synchronous and the same on every runtime, unlike Web Crypto. */
export const digest: Digest = (text) => bytesToHex(sha256(utf8ToBytes(text)));
