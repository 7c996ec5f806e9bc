/** How bad the world is in one run: which faults there are, and how often each occurs. */
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../core/values/calendar.ts";
import type { Tape } from "./tape.ts";

/** Everything that can go wrong, with what it does. */
export const FAULTS = {
  "log fails": "a call to the log throws, and has done nothing",
  "log answer lost": "an append is committed, and its answer lost",
  "log slow": "a call to the log takes up to a second, now and then much longer",
  "carrier unreachable": "a call to the carrier is surely not taken",
  "carrier silent before": "a call to the carrier is lost on its way; it hangs or throws",
  "carrier silent after": "the carrier does what it is asked; its answer hangs or throws",
  "carrier slow": "the carrier's answer takes up to a minute",
  "order taken late": "an order arrives at the carrier up to the settling time after it was sent",
  "order seen late": "an order is not shown by look-ups before the settling time is over",
  "order pending":
    "an order is confirmed, or fails, up to hours after it was taken; of one number since documents are reviewed",
  "route changed late": "a route is changed up to the settling time after that was sent",
  "route moved": "another program attaches a route that we detached",
  "number lost": "the carrier takes one of our numbers away without a word",
  "order refused": "the carrier refuses an order for good",
  "sold in between": "another customer buys a number that was offered to us",
  "payment declined": "a charge is declined",
  "payment silent before": "a charge or refund is lost on its way",
  "payment silent after": "a charge or refund is done, and its answer lost",
  "notice fails": "the reviewers' webhook does not take a notice",
  "process crashes": "a process ends before or after any call to a port",
  "clock set back": "the wall clock is set back by up to a minute",
  "clock set ahead": "the wall clock is set ahead by up to half a minute",
  "clock jumps": "the wall clock of one process is hours to months wrong, for up to four minutes",
} as const;

export type Fault = keyof typeof FAULTS;
const ALL = Object.keys(FAULTS) as readonly Fault[];

/** Per thousand calls; most faults are absent in most runs. */
const RATES = [0, 0, 0, 20, 100, 300] as const;
/** A process has very many calls, and each is two chances to crash. */
const CRASH_RATES = [0, 0, 2, 10, 30] as const;

/** A call is at a port beyond the log within this time, or lost. */
export const MOST_THERE_MS: Milliseconds = 100;

/** The faults of one run. */
export class Weather {
  readonly #rates = new Map<Fault, number>();
  readonly #struck: (fault: Fault) => void;
  readonly tape: Tape;
  /** How long after it was sent an order may be taken and shown. */
  readonly settlingMs: Milliseconds;
  #isCalm = true;

  constructor(tape: Tape, struck: (fault: Fault) => void) {
    this.tape = tape;
    this.#struck = struck;
    for (const fault of ALL) {
      this.#rates.set(fault, tape.one(fault === "process crashes" ? CRASH_RATES : RATES));
    }
    this.settlingMs = tape.one([MINUTE_MS, 45 * SECOND_MS, 2 * MINUTE_MS]);
  }

  /** Switches the faults on or off. */
  set calm(isCalm: boolean) {
    this.#isCalm = isCalm;
  }

  /** Whether this fault occurs here; it is counted if so. */
  strikes(fault: Fault): boolean {
    if (this.#isCalm || !this.tape.chance(this.#rates.get(fault) ?? 0)) return false;
    this.#struck(fault);
    return true;
  }

  /** How long a call takes to reach a port. */
  there(port: string): Milliseconds {
    if (port === "log") return this.strikes("log slow") ? this.tape.below(this.#slow()) : 0;
    return this.#isCalm ? 1 : 1 + this.tape.below(MOST_THERE_MS);
  }

  /** Longer than a ledger waits for another system, one time in ten. */
  #slow(): Milliseconds {
    return this.tape.chance(100) ? 40 * SECOND_MS : SECOND_MS;
  }

  /** How long its answer takes to return. */
  back(port: string): Milliseconds {
    const isSlow = port !== "log" && this.strikes("carrier slow");
    return this.there(port) + (isSlow ? this.tape.below(MINUTE_MS) : 0);
  }

  /** How long an order that is pending stays so. */
  pendingFor(): Milliseconds {
    return this.tape.one([MINUTE_MS, SECOND_MS, HOUR_MS, 12 * HOUR_MS]);
  }
}
