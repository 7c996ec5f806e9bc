/** What carriers said that they require before they sell a number. */
import type { CarrierName, Market } from "../../../core/ports/carrier.ts";
import type { KnownRequirements } from "../../../core/number/requirements.ts";
import { DAY_MS, HOUR_MS, type Milliseconds, MINUTE_MS } from "../../../core/values/calendar.ts";

/** How long "nothing is required" is kept, so that a usual purchase asks no carrier. */
const NOTHING_MS: Milliseconds = 6 * HOUR_MS;
/** A purchase is refused for what is required only where the carrier said so this recently. */
const SOMETHING_MS: Milliseconds = 10 * MINUTE_MS;
/** How long "nothing is required" replaces an answer that the carrier does not give. */
const STALE_MS: Milliseconds = 7 * DAY_MS;

/** More than there are markets at a few carriers; beyond it the oldest are forgotten. */
const MAX_KEPT = 2_000;

type Kept = {
  readonly carrier: CarrierName;
  readonly known: KnownRequirements;
  readonly at: Milliseconds;
};

/**
 * What carriers said that they require: plain data, which ledgers that follow one another can
 * share.
 */
export type RequirementsCache = {
  /** What is known of a carrier, and recent enough to decide by. */
  readonly known: (carrier: CarrierName) => readonly KnownRequirements[];
  /** What it said of this market, within the last week; null where it did not. */
  readonly last: (carrier: CarrierName, market: Market) => KnownRequirements | null;
  readonly note: (carrier: CarrierName, known: KnownRequirements) => void;
  /**
   * Marks the market to be asked again: the carrier refused an order for something it had not
   * listed.
   */
  readonly forget: (carrier: CarrierName, market: Market) => void;
};

const nameOf = (carrier: CarrierName, { country, type }: Market): string =>
  JSON.stringify([carrier, country, type]);

const lifetimeOf = ({ requirements }: KnownRequirements): Milliseconds =>
  requirements.length === 0 ? NOTHING_MS : SOMETHING_MS;

/** Starts empty. `passed` returns milliseconds that only grow. */
export const openRequirementsCache = (
  passed: () => Milliseconds = () => performance.now(),
): RequirementsCache => {
  // The oldest first.
  const kept = new Map<string, Kept>();
  // There is no monotonic clock on workerd: what is from the future counts as old.
  const isYoung = ({ at }: Kept, limit: Milliseconds): boolean => Math.abs(passed() - at) < limit;
  return {
    known: (carrier) =>
      [...kept.values()]
        .filter((one) => one.carrier === carrier && isYoung(one, lifetimeOf(one.known)))
        .map((one) => one.known),
    last: (carrier, market) => {
      const one = kept.get(nameOf(carrier, market));
      return one !== undefined && isYoung(one, STALE_MS) ? one.known : null;
    },
    note: (carrier, known) => {
      const name = nameOf(carrier, known);
      kept.delete(name);
      kept.set(name, { carrier, known, at: passed() });
      const [oldest = name] = kept.keys();
      if (kept.size > MAX_KEPT) kept.delete(oldest);
    },
    forget: (carrier, market) => void kept.delete(nameOf(carrier, market)),
  };
};
