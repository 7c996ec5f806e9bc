import type { E164 } from "../../../core/values/e164.ts";

/** What the sandbox carrier simulates: a failure, or a price above any limit. */
export type Behaviour =
  | "notAvailable"
  | "soldInBetween"
  | "orderRefused"
  | "orderSlow"
  | "answerLost"
  | "unreachable"
  | "releaseFailsTwice"
  | "expensive"
  | "documentsReviewed"
  | "documentsDeclined"
  | "orderStays";

/**
 * The magic numbers: the last seven digits of a US or CA number, in any area code (+1 415 555 0112
 * refuses an order, and so does +1 212 555 0112), and what it then does. Search lists all of them
 * but the first and those from 9000 on, as the last of an area code's 555 lines; a search for their
 * digits finds those too.
 */
export const MAGIC: Readonly<Record<string, { behaviour: Behaviour; meaning: string }>> = {
  5550110: {
    behaviour: "notAvailable",
    meaning: "is well formed, but the carrier does not offer it",
  },
  5550111: {
    behaviour: "soldInBetween",
    meaning: "is offered, but another buyer has it when it is ordered",
  },
  5550112: { behaviour: "orderRefused", meaning: "is offered, but the carrier refuses the order" },
  5550113: { behaviour: "orderSlow", meaning: "stays pending for 3 s after it was ordered" },
  5550114: {
    behaviour: "answerLost",
    meaning: "is ordered, but the answer to the order is lost on its way",
  },
  5550115: {
    behaviour: "unreachable",
    meaning: "makes the carrier unreachable for its quote and its order",
  },
  5550116: {
    behaviour: "releaseFailsTwice",
    meaning: "is ordered, but released only at the third attempt",
  },
  5559000: {
    behaviour: "expensive",
    meaning: "costs 90,000 USD to set up, and 9,000 USD a month",
  },
  5559001: { behaviour: "orderStays", meaning: "stays pending for a day, unless it is cancelled" },
};

/**
 * The magic numbers where documents are required (`requirements.ts`): the last four digits of a
 * Swiss number, in any area, and the outcome of its order when a requirement group is sent with it.
 */
export const DOCUMENT_MAGIC: Readonly<Record<string, { behaviour: Behaviour; meaning: string }>> = {
  "0117": {
    behaviour: "documentsReviewed",
    meaning: "waits for 30 s while documents are reviewed, and is then ours",
  },
  "0118": {
    behaviour: "documentsDeclined",
    meaning: "waits for 30 s for documents to be corrected; then its order is cancelled",
  },
};

/** What a magic number does; undefined for any other number. */
export const magicOf = (e164: E164): Behaviour | undefined => {
  if (/^\+1\d{10}$/.test(e164)) return MAGIC[e164.slice(5)]?.behaviour;
  return /^\+41\d{9}$/.test(e164) ? DOCUMENT_MAGIC[e164.slice(-4)]?.behaviour : undefined;
};
