/**
 * The payments provider of the simulation: a key is charged once, however often it is asked for,
 * and an answer holds for all that is asked under the key at about the same time.
 */
import type { Charge } from "../../../core/ports/mod.ts";
import { HOUR_MS, type Instant } from "../../../core/values/calendar.ts";
import type { Timeline } from "./timeline.ts";
import type { Weather } from "./weather.ts";

/** A key that was declined is declined for this long; then it may be paid. */
const DECLINED_MS = HOUR_MS;

/** The provider's own books. */
export class PaymentBooks {
  /** Charges that were paid and not given back. */
  readonly paid = new Map<string, Charge>();
  readonly #refunded = new Set<string>();
  readonly #declined = new Map<string, Instant>();
  readonly #timeline: Timeline;
  readonly #weather: Weather;
  readonly #taking: (charge: Charge) => void;

  /** `taking` is called before money is taken. */
  constructor(timeline: Timeline, weather: Weather, taking: (charge: Charge) => void) {
    this.#timeline = timeline;
    this.#weather = weather;
    this.#taking = taking;
  }

  charge(charge: Charge): "paid" | "declined" {
    const { key } = charge;
    if (this.paid.has(key) || this.#refunded.has(key)) return "paid";
    const declinedAt = this.#declined.get(key) ?? Number.NEGATIVE_INFINITY;
    if (this.#timeline.now < declinedAt + DECLINED_MS) return "declined";
    if (this.#weather.strikes("payment declined")) {
      this.#declined.set(key, this.#timeline.now);
      return "declined";
    }
    this.#taking(charge);
    this.paid.set(key, charge);
    return "paid";
  }

  refund(key: string): "refunded" {
    if (this.paid.delete(key)) this.#refunded.add(key);
    return "refunded";
  }
}
