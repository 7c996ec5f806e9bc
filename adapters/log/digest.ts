import type { Digest } from "../../core/log/chain.ts";
import { sha256 } from "../hash/sha256.ts";

/** What chains the events of a log: SHA-256. */
export const digest: Digest = sha256;
