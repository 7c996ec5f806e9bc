import { EMPTY_HEAD, verifyChain } from "../../../core/log/chain.ts";
import type { RecordedEvent } from "../../../core/ports/mod.ts";
import { sha256 } from "../../hash/sha256.ts";

/** Called once for each organization whose log does not follow its hash chain. */
export type OnBroken = (organization: string, why: string) => void;

/**
 * Compares events that are read from the beginning, one organization after the other, with their
 * hash chains: what was changed without the log is found unless everything after it was rewritten.
 */
export const watchChains = (
  onBroken: OnBroken,
): (events: readonly RecordedEvent[]) => void => {
  let organization = "";
  let head = EMPTY_HEAD;
  let isBroken = false;
  return (events) => {
    for (const event of events) {
      if (event.organization !== organization) {
        [organization, head, isBroken] = [event.organization, EMPTY_HEAD, false];
      }
      if (isBroken) continue;
      const next = verifyChain([event], head, sha256);
      if (next.ok) head = next.value;
      else {
        isBroken = true;
        onBroken(organization, next.error.why);
      }
    }
  };
};
