/**
 * Whether a wall clock can be trusted: compares its readings with a monotonic clock, a second clock
 * (a database's) where there is one, and the time until which the ledger ran before.
 */
import { DAY_MS, type Instant, type Milliseconds, MINUTE_MS, SECOND_MS } from "./calendar.ts";

/** A wall clock that is off by more than this is doubted. */
export const JUMP_MS: Milliseconds = MINUTE_MS;

/** A clock is used that was set by less than a minute; one that was set by more than this moved. */
export const STEP_MS: Milliseconds = SECOND_MS;

/** The shortest time for which a doubted clock must agree before it is believed again. */
export const AGREEMENT_MS: Milliseconds = 5 * MINUTE_MS;

/** The longest: who waits a day for a clock that was never confirmed waits long enough. */
const LONGEST_AGREEMENT_MS: Milliseconds = DAY_MS;

/** A jump must be followed by agreement for this part of its length. */
const AGREEMENT_SHARE = 1 / 24;

/** Clocks that are disciplined run apart by less than this part of the time that passes. */
const DRIFT = 1 / 100;

/**
 * For how long a wall clock must agree with itself after it moved by `jump` (milliseconds, either
 * way) before it is believed: a 24th of the jump, but at least five minutes and at most a day.
 */
export const agreementOf = (jump: Milliseconds): Milliseconds =>
  Math.min(LONGEST_AGREEMENT_MS, Math.max(AGREEMENT_MS, Math.abs(jump) * AGREEMENT_SHARE));

/** Both clocks, read at the same moment. `elapsed` is monotonic, from any beginning. */
export type Reading = { readonly wall: Instant; readonly elapsed: Milliseconds };

/** How far a ledger got before it was stopped: kept beside the log, since nothing else may know. */
export type ClockMark = {
  /** The last time that was believed. */
  readonly at: Instant;
  /** For how long a clock that is ahead of `at` has agreed with itself since, over all starts. */
  readonly agreed: Milliseconds;
  /**
   * That clock's reading when this was stored: one that is much further ahead agrees with nothing.
   */
  readonly wall: Instant;
};

/**
 * Why a clock is doubted. `jumped`: it did not move with the monotonic clock. `differs`: it
 * disagrees with the second clock. `unconfirmed`: the ledger was down, or its clock was set, and it
 * is not known which.
 */
export type DoubtReason = "jumped" | "differs" | "unconfirmed";

/** A clock's time may be wrong: nothing may be ended or charged by it. */
export type ClockDoubt = {
  readonly why: DoubtReason;
  /** The last reading of the wall clock, and by how much it is ahead of the time in use. */
  readonly wall: Instant;
  readonly ahead: Milliseconds;
  /** When it will be believed, if it agrees until then; null while it disagrees with the second. */
  readonly waits: Milliseconds | null;
};

type Doubt = {
  readonly why: DoubtReason;
  /** The wall clock's current offset, and since when (`elapsed`) it has agreed with that. */
  readonly candidate: Milliseconds;
  readonly since: Milliseconds;
  /** How far it had moved at the start (`unconfirmed`). */
  readonly gap: Milliseconds;
};

/**
 * What is known of a wall clock. Times are kept as offsets: a time less the `elapsed` at which it
 * was.
 */
export type Trust = {
  /** The time that is used is this and what has elapsed. */
  readonly offset: Milliseconds;
  /** Follows `offset` slowly, so that a row of small jumps is seen to be a large one. */
  readonly anchor: Milliseconds;
  readonly read: Reading;
  /** The last reading of the second clock; null where there is none. */
  readonly second: Milliseconds | null;
  /** By how much the wall clock may be ahead of the second, as the operator confirmed. */
  readonly skew: Milliseconds;
  /** Time is surely not before this: where the ledger had got to when it was stopped. */
  readonly floor: Milliseconds;
  /** Where the time that is used was moved last: to which time, and when. */
  readonly moved: { readonly to: Instant; readonly at: Milliseconds } | null;
  /** The offset since: near it, the time that is used only passes. */
  readonly steady: Milliseconds;
  readonly doubt: Doubt | null;
};

const offsetOf = ({ wall, elapsed }: Reading): Milliseconds => wall - elapsed;

const near = (a: Milliseconds, b: Milliseconds): boolean => Math.abs(a - b) <= JUMP_MS;

const doubting = (
  trust: Trust,
  reading: Reading,
  why: DoubtReason,
  gap = 0,
  agreed = 0,
): Trust => ({
  ...trust,
  read: reading,
  doubt: { why, candidate: offsetOf(reading), since: reading.elapsed - agreed, gap },
});

const movedTo = ({ wall, elapsed }: Reading): Trust["moved"] => ({ to: wall, at: elapsed });

/** The time that is used is the reading's. */
const using = (trust: Trust, reading: Reading): Trust => {
  const offset = offsetOf(reading);
  const used = { ...trust, offset, read: reading };
  return Math.abs(offset - trust.steady) > STEP_MS
    ? { ...used, steady: offset, moved: movedTo(reading) }
    : used;
};

const believing = (trust: Trust, reading: Reading): Trust => ({
  ...using(trust, reading),
  anchor: offsetOf(reading),
  doubt: null,
});

/**
 * For how long the clock has agreed with itself before this start. It may have moved on since the
 * mark by as much as that and no more: a longer downtime looks the same as another jump.
 */
const agreedBefore = ({ agreed, wall }: ClockMark, reading: Reading): Milliseconds => {
  const further = reading.wall - wall;
  return further >= -JUMP_MS && further <= Math.max(JUMP_MS, agreed) ? agreed : 0;
};

/** Compares a first reading with the mark of the run before. */
const resume = (trust: Trust, reading: Reading, mark: ClockMark): Trust => {
  const floor = mark.at - reading.elapsed;
  const agreed = agreedBefore(mark, reading);
  const gap = offsetOf(reading) - floor;
  const known = { ...trust, floor, moved: movedTo(reading) };
  if (gap > JUMP_MS) {
    // It may have been down as long. Time continues by the clock, and ends nothing meanwhile.
    return doubting(known, reading, "unconfirmed", gap, agreed);
  }
  return gap < -JUMP_MS
    ? doubting({ ...known, offset: floor, steady: floor }, reading, "jumped")
    : believing(known, reading);
};

/**
 * What to make of a clock's first reading. With a second clock, which read `second` at that moment,
 * the two must agree, and time follows the second until they do. Without one, the clock is compared
 * with the mark of the run before: where it is ahead, that may have been downtime, so time follows
 * the clock, which is doubted until it has agreed with itself; where it is behind, time continues
 * from the mark. With neither it is trusted.
 */
export const begin = (
  reading: Reading,
  { second, mark }: { readonly second: Instant | null; readonly mark: ClockMark | null },
): Trust => {
  const offset = offsetOf(reading);
  const secondOffset = second === null ? null : second - reading.elapsed;
  const fresh = { offset, anchor: offset, steady: offset, read: reading, skew: 0 };
  const floor = secondOffset ?? offset;
  const trust: Trust = { ...fresh, second: secondOffset, floor, moved: null, doubt: null };
  if (secondOffset !== null) {
    if (near(offset, secondOffset)) return trust;
    return doubting({ ...trust, offset: floor, steady: floor }, reading, "differs");
  }
  return mark === null ? trust : resume(trust, reading, mark);
};

const differs = ({ second, skew }: Trust, offset: Milliseconds): boolean =>
  second !== null && !near(offset, second + skew);

const followed = (trust: Trust, reading: Reading): Trust => {
  const offset = offsetOf(reading);
  if (!near(offset, trust.anchor)) return doubting(trust, reading, "jumped");
  if (differs(trust, offset)) return doubting(trust, reading, "differs");
  const most = (reading.elapsed - trust.read.elapsed) * DRIFT;
  const moved = Math.min(most, Math.max(-most, offset - trust.anchor));
  return { ...using(trust, reading), anchor: trust.anchor + moved };
};

const needed = ({ offset }: Trust, { candidate, gap }: Doubt): Milliseconds =>
  agreementOf(Math.max(Math.abs(candidate - offset), gap));

/**
 * What to make of one more reading. While the clock is trusted, its time is used; once it is not,
 * time continues from where it was by the monotonic clock, so that a jump is never used, until the
 * clock has agreed with itself (and with the second) for long enough. `elapsed` never runs back.
 */
export const observe = (trust: Trust, reading: Reading): Trust => {
  const { doubt } = trust;
  if (doubt === null) return followed(trust, reading);
  const offset = offsetOf(reading);
  if (!near(offset, doubt.candidate)) {
    // What goes back to where the ledger was stopped was wrong at the start, and is right now.
    return doubt.why === "unconfirmed" && near(offset, trust.floor)
      ? believing(trust, reading)
      : doubting(trust, reading, doubt.why, doubt.gap);
  }
  if (differs(trust, offset)) return doubting(trust, reading, doubt.why, doubt.gap);
  if (reading.elapsed - doubt.since >= needed(trust, doubt)) return believing(trust, reading);
  const isFollowed = doubt.why === "unconfirmed" && near(offset, trust.offset);
  return isFollowed ? using(trust, reading) : { ...trust, read: reading };
};

/**
 * The second clock read `second` when `elapsed` had elapsed. What follows shows at the next
 * reading.
 */
export const observeSecond = (trust: Trust, second: Instant, elapsed: Milliseconds): Trust => ({
  ...trust,
  second: second - elapsed,
});

/** The operator confirms the reading, even where the second clock has another time. */
export const confirm = (trust: Trust, reading: Reading): Trust => ({
  ...believing(trust, reading),
  skew: trust.second === null ? 0 : offsetOf(reading) - trust.second,
});

/** The time to be used. */
export const nowOf = ({ offset, read }: Trust): Instant => Math.round(offset + read.elapsed);

/**
 * The time, measured as `at` was: the difference of both has surely passed. Where the time that is
 * used was moved after `at`, by downtime, an operator, a small step, or a jump that was believed in
 * the end, only what has passed since then counts.
 */
export const sinceOf = (trust: Trust, at: Instant): Instant => {
  const { moved, read } = trust;
  const now = nowOf(trust);
  if (moved === null || (at >= moved.to && at <= now + STEP_MS)) return now;
  return Math.floor(at + read.elapsed - moved.at);
};

/** Why the clock is doubted; null where it is not. */
export const doubtOf = (trust: Trust): ClockDoubt | null => {
  const { doubt, read, offset } = trust;
  if (doubt === null) return null;
  const left = needed(trust, doubt) - (read.elapsed - doubt.since);
  return {
    why: doubt.why,
    wall: read.wall,
    ahead: Math.round(doubt.why === "unconfirmed" ? doubt.gap : offsetOf(read) - offset),
    waits: differs(trust, offsetOf(read)) ? null : Math.max(0, Math.ceil(left)),
  };
};

/** What to keep beside the log, for the next start. */
export const markOf = (trust: Trust, atStart: ClockMark | null): ClockMark => {
  const { doubt, read } = trust;
  return doubt?.why === "unconfirmed"
    ? {
      at: atStart?.at ?? nowOf(trust),
      agreed: Math.floor(read.elapsed - doubt.since),
      wall: read.wall,
    }
    : { at: nowOf(trust), agreed: 0, wall: read.wall };
};
