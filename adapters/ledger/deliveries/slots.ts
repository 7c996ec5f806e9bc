/** How many messages are under way: endpoints that fail keep those that do not from nothing. */
import { openTurns, type Turns } from "../engine/turns.ts";

/** Places for messages to endpoints that take what they are sent, and to those that failed last. */
const PLACES = { sound: 128, failing: 64 };

/** Places for messages; who finds none waits for one. */
export type Slots = (isFailing: boolean) => Turns["goOn"];

/** All places are free. */
export const openSlots = (): Slots => {
  const [sound, failing] = [PLACES.sound, PLACES.failing]
    .map((places) => openTurns({ places, waiting: 0 })) as [Turns, Turns];
  return (isFailing) => (isFailing ? failing : sound).goOn;
};
