import type { Clock } from "../../core/ports/mod.ts";

/** The machine's own clock, in milliseconds since 1970 (UTC); it may be set back. */
export const systemClock: Clock = { now: () => Date.now() };
