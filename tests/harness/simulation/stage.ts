/** A simulated world with its processes: time is moved here, and the ledgers are called. */
import { Busy, type Ledger } from "../../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import type { EventLog, Ids } from "../../../core/ports/mod.ts";
import {
  DAY_MS,
  HOUR_MS,
  type Instant,
  type Milliseconds,
  MINUTE_MS,
  SECOND_MS,
} from "../../../core/values/calendar.ts";
import type { Result } from "../../../core/values/result.ts";
import { Broken } from "../faulty-carrier.ts";
import { CarrierBooks } from "./carrier.ts";
import { Checker, Violation } from "./checker.ts";
import { PaymentBooks } from "./payments.ts";
import { type Outside, Process, type World } from "./process.ts";
import type { Tape } from "./tape.ts";
import { Timeline } from "./timeline.ts";
import { checkEnd } from "./verdict.ts";
import { Weather } from "./weather.ts";

/** The end of January, since no month is like the next from there. */
const START = Date.parse("2026-01-31T10:00:00Z");

/** How a run is to be performed, besides its tape. */
export type Setting = {
  /** At how many ledgers work on the one log. */
  readonly processes: number;
  /** Whether inventories are compared, daily, on demand, and at the end. */
  readonly reconciles: boolean;
  /** Changes what ledgers see of their ports. */
  readonly plant: (outside: Outside) => Outside;
  /** Whether the process ends at this place; null leaves it to the weather. */
  readonly crashesAt: ((place: string) => boolean) | null;
  /** How long until another process follows one that ended; null leaves it to the tape. */
  readonly downMs: Milliseconds | null;
  /** Called with what happens, and when. */
  readonly note: (what: string, at: Instant) => void;
};

/** The log, with every append followed. */
const watched = (log: EventLog, follow: (...append: Followed) => void): EventLog => ({
  ...log,
  append: async (input) => {
    const outcome = await log.append(input);
    follow(input, outcome);
    return outcome;
  },
});

type Followed = Parameters<Checker["appended"]>;

const countingIds = (): Ids => {
  let last = 0;
  return { next: (prefix) => `${prefix}_${String(++last).padStart(6, "0")}` };
};

/** While due work is not done, it is tried again after this, then less often. */
const FIRST_GAP_MS: Milliseconds = 2 * SECOND_MS;
const LAST_GAP_MS: Milliseconds = 6 * HOUR_MS;

/** Less than what the rules leave over: an order repeated after a jump is late enough still. */
const MOST_AHEAD_MS: Milliseconds = 30 * SECOND_MS;

/** How far the clock of a process jumps: past trials and months, and back before all that was. */
const JUMPS = [6 * DAY_MS, 32 * DAY_MS, 2 * HOUR_MS, -6 * DAY_MS, 400 * DAY_MS] as const;
/** A clock that agrees with itself for longer is eventually trusted. */
const MOST_JUMPED_MS: Milliseconds = 4 * MINUTE_MS;

/**
 * Everything that was begun must be settled this long after the last fault: an item that was open
 * for hours may rest for one, and then a purchase has its recovery budget, ten minutes, and as long
 * as its last order may take to settle.
 */
const SETTLED_MS: Milliseconds = HOUR_MS + 15 * MINUTE_MS;
const SETTLING_GAP_MS: Milliseconds = 20 * SECOND_MS;

/** Whether an error is the simulation's own, or what a ledger makes of one. */
const isExpected = (error: unknown): boolean =>
  error instanceof Broken || error instanceof Busy ||
  (error instanceof Error && (error.name === "TimeoutError" || isExpected(error.cause)));

/** Has the carrier's inventory compared with ours. */
export const reconcile = (ledger: Ledger) => ledger.reconciliation.run();

/** The world of one run. */
export class Stage {
  readonly tape: Tape;
  readonly timeline: Timeline;
  readonly weather: Weather;
  readonly carrier: CarrierBooks;
  readonly payments: PaymentBooks;
  readonly checker: Checker;
  readonly notices = new Set<string>();
  readonly note: (what: string) => void;
  /** Whether inventories are compared in this run. */
  readonly reconciles: boolean;
  readonly #log: EventLog = openMemoryLog();
  readonly #world: World;
  readonly #processes: Process[];
  readonly #acts = new Set<Promise<unknown>>();
  /** By how much the wall clock was set back, and ahead, so far. */
  #setBackMs: Milliseconds = 0;
  #setAheadMs: Milliseconds = 0;

  constructor(tape: Tape, { processes, reconciles, plant, crashesAt, downMs, note }: Setting) {
    this.reconciles = reconciles;
    this.tape = tape;
    this.timeline = new Timeline(START, tape);
    this.checker = new Checker(() => this.carrier, () => this.timeline.now, reconciles);
    this.note = (what) => note(what, this.timeline.now);
    this.weather = new Weather(tape, (fault) => this.note(`fault ${fault}`));
    this.carrier = new CarrierBooks(this.timeline, this.weather, {
      released: (sale) => this.#guard(() => this.checker.released(sale)),
      changed: () => this.#look(),
    });
    this.payments = new PaymentBooks(
      this.timeline,
      this.weather,
      (charge) => this.#guard(() => this.checker.charged(charge)),
    );
    this.#world = {
      timeline: this.timeline,
      weather: this.weather,
      log: watched(this.#log, (...append) => {
        this.#guard(() => this.checker.appended(...append));
        this.#noteAppend(...append);
        this.#look();
      }),
      carrier: this.carrier,
      payments: this.payments,
      notices: this.notices,
      wallClock: () => this.timeline.now + this.#setAheadMs - this.#setBackMs,
      hasSecondClock: processes > 1,
      mark: null,
      ids: countingIds(),
      crashesAt: (place) => {
        const crashes = crashesAt?.(place) ?? this.weather.strikes("process crashes");
        if (crashes) this.#reopen(place, downMs);
        return crashes;
      },
      reconciles,
      plant,
      report: (what, error) => this.#meet(what, error),
    };
    this.#processes = Array.from({ length: processes }, () => new Process(this.#world));
  }

  /** The time that the ledgers see. */
  get wallClock(): Instant {
    return this.#world.wallClock();
  }

  /**
   * Calls one of the ledgers that are running. Gives what it answered; null where none is running,
   * where it ended meanwhile, or where it threw what the simulation broke.
   */
  async call<Value>(work: (ledger: Ledger) => Promise<Value>): Promise<Value | null> {
    const running = this.#processes.filter(({ isOn }) => isOn);
    const process = running[running.length > 1 ? this.tape.below(running.length) : 0];
    if (process === undefined) return null;
    const answer = work(process.ledger).catch((error: unknown) => {
      this.#meet("a call", error);
      return null;
    });
    return Promise.race([answer, process.ended]);
  }

  /** Calls a ledger, and notes the outcome; returns the value, or null. */
  async tell<Value>(
    what: string,
    work: (ledger: Ledger) => Promise<Result<Value, { readonly code: string }>>,
  ): Promise<Value | null> {
    const answer = await this.call(work);
    const outcome = answer === null ? "NO_ANSWER" : answer.ok ? "done" : answer.error.code;
    this.note(`answer ${what}: ${outcome}`);
    return answer?.ok === true ? answer.value : null;
  }

  /** Lets events happen until this is settled, or, if `hurried`, continues immediately. */
  async perform(act: Promise<unknown>, hurried = false): Promise<void> {
    this.#acts.add(act);
    void act.catch((error: unknown) => this.timeline.fail(error))
      .finally(() => this.#acts.delete(act));
    if (!hurried) await this.timeline.until(() => !this.#acts.has(act));
  }

  /**
   * Lets time pass: the ledgers find work at the moment it falls due, and unfinished work is tried
   * again, less and less often.
   */
  async pass(milliseconds: Milliseconds, lastGapMs: Milliseconds = LAST_GAP_MS): Promise<void> {
    const { timeline } = this;
    const end = timeline.now + milliseconds;
    let gap = FIRST_GAP_MS;
    while (timeline.now < end) {
      await timeline.until(() => this.#isQuiet());
      const isLate = (await this.#log.due(this.wallClock, 1)).length > 0;
      const due = await this.#log.nextDue(this.wallClock);
      const falls = due === null ? end : due + timeline.now - this.wallClock;
      const again = isLate ? timeline.now + gap : end;
      gap = isLate ? Math.min(gap * 3, lastGapMs) : FIRST_GAP_MS;
      const stop = Math.max(timeline.now + 1, Math.min(end, falls, again));
      let stopped = false;
      timeline.after(stop - timeline.now, () => {
        stopped = true;
      });
      await timeline.until(() => stopped);
    }
    await timeline.until(() => this.#isQuiet());
  }

  /** One process's wall clock jumps; else all are moved, by up to 60 s, and 30 s in all. */
  setClock(): void {
    if (this.weather.strikes("clock jumps")) {
      const process = this.#processes[this.tape.below(this.#processes.length)];
      process?.jump(this.tape.one(JUMPS), this.tape.below(MOST_JUMPED_MS));
    }
    if (this.#setBackMs < MINUTE_MS && this.weather.strikes("clock set back")) {
      this.#setBackMs += this.tape.below(MINUTE_MS - this.#setBackMs);
    }
    if (this.#setAheadMs < MOST_AHEAD_MS && this.weather.strikes("clock set ahead")) {
      this.#setAheadMs += this.tape.below(MOST_AHEAD_MS - this.#setAheadMs);
    }
  }

  /** Ends all faults, and checks that everything ends and agrees. */
  async heal(): Promise<void> {
    this.weather.calm = true;
    this.carrier.endPending();
    while (this.#processes.some(({ isOn }) => !isOn)) this.#openAgain();
    await this.timeline.until(() => this.#acts.size === 0);
    await this.pass(SETTLED_MS, SETTLING_GAP_MS);
    if (this.reconciles) {
      await this.perform(this.tell("reconciliation", reconcile));
      await this.pass(MINUTE_MS);
    }
    await checkEnd({
      log: this.#log,
      carrier: this.carrier,
      payments: this.payments,
      notices: this.notices,
      checker: this.checker,
      now: this.wallClock,
      setBackMs: this.#setBackMs,
    });
  }

  #look(): void {
    this.#guard(() => {
      this.checker.checkOwnership(this.carrier.kept(), false);
      this.checker.checkMoney(this.payments.paid);
    });
  }

  #isQuiet(): boolean {
    const isIdle = this.#processes.every((process) => !process.isOn || process.isIdle);
    return isIdle && this.timeline.isStill();
  }

  /** A process has just ended: another takes its place, a little or much later. */
  #reopen(place: string, downMs: Milliseconds | null): void {
    this.note(`crash ${place}`);
    const delay = downMs ?? this.tape.one([0, SECOND_MS, MINUTE_MS, HOUR_MS]);
    this.timeline.after(delay, () => this.#openAgain());
  }

  /** Opens a process in the place of one that has ended, if there is one. */
  #openAgain(): void {
    const place = this.#processes.findIndex(({ isOn }) => !isOn);
    if (place >= 0) this.#processes[place] = new Process(this.#world);
  }

  /** An error came up: what the simulation broke is expected, anything else is a finding. */
  #meet(what: string, error: unknown): void {
    if (isExpected(error)) return;
    this.timeline.fail(
      error instanceof Violation
        ? error
        : new Violation("no surprise", `${what}: ${error instanceof Error ? error.stack : error}`),
    );
  }

  #noteAppend(...[, outcome]: Followed): void {
    if (outcome.outcome !== "appended") this.note(`append ${outcome.outcome}`);
    else for (const { type } of outcome.events) this.note(`event ${type}`);
  }

  #guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.timeline.fail(error);
    }
  }
}
