/** What a process notes of the uses of tokens; `token-uses.ts` writes it. */
import * as Latch from "effect/Latch";
import { HOUR_MS, type Instant } from "../../../core/values/calendar.ts";
import { openRecent, type Recent } from "../../../core/values/recent.ts";

/** The last uses that a process noted, by the tokens' ids: plain data. */
export type NotedUses = Recent<Instant>;

/** Starts empty. Of tokens beyond so many it is the log that knows what need not be noted. */
export const openNotedUses = (): NotedUses => openRecent<Instant>({ limit: 10_000 });

/** So many uses wait to be written; one beyond them is noted when its token is used again. */
const MOST_WAITING = 1_000;

/** Uses that are to be written. */
export type TokenNotes = {
  /** Adds a use, unless one was noted within the hour. */
  readonly add: (token: string, at: Instant) => void;
  readonly waiting: Map<string, Instant>;
  /** Open while there are any. */
  readonly some: Latch.Latch;
};

/** Nothing waits at first. */
export const openTokenNotes = (noted: NotedUses): TokenNotes => {
  const waiting = new Map<string, Instant>();
  const some = Latch.makeUnsafe(false);
  return {
    add: (token, at) => {
      const isKnown = Math.abs(at - (noted.get(token) ?? Infinity)) < HOUR_MS;
      if (isKnown || waiting.size >= MOST_WAITING) return;
      noted.set(token, at);
      waiting.set(token, at);
      some.openUnsafe();
    },
    waiting,
    some,
  };
};
