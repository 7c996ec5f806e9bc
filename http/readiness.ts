/** Bounds the cost of readiness checks, where each check costs a connection. */
import { Busy } from "../adapters/ledger/engine/errors.ts";
import { Unavailable, type UnavailableReason } from "../core/log/unavailable.ts";
import { type Milliseconds, SECOND_MS } from "../core/values/calendar.ts";
import type { Attendance } from "./wait-strategy.ts";

/** Why the clock is doubted, where it is. */
type Doubt = string | undefined;

/** Whether the database can be read, which one request at a time checks. */
export type Readiness = {
  /**
   * The result of a check, or of one in the last second; a check that is under way is waited for.
   * Throws `Unavailable` where the check threw anything, and `Busy` where too many requests wait,
   * or one too long.
   */
  readonly ask: (check: () => Promise<Doubt>) => Promise<Doubt>;
  /** The database is unavailable: earlier results no longer count. */
  readonly forget: () => void;
};

/** How long a successful check counts; a failed one counts for the requests that wait for it. */
const FRESH_MS: Milliseconds = SECOND_MS;

/** How many requests may wait for one check. */
const MAX_WAITING = 1_000;

type Round = {
  answer: { readonly doubt: Doubt } | { readonly away: UnavailableReason | null } | null;
  isOver: boolean;
  waiting: number;
};

const AWAY = "the database cannot be reached";

/** What the requests of a process know of its readiness: plain data. */
export const openReadiness = (
  attendance: Attendance,
  now: () => Milliseconds = () => performance.now(),
): Readiness => {
  let last: { readonly doubt: Doubt; readonly at: Milliseconds } | null = null;
  let underWay: Round | null = null;

  const answerOf = (answer: NonNullable<Round["answer"]>): Doubt => {
    if ("away" in answer) throw new Unavailable(AWAY, undefined, answer.away);
    return answer.doubt;
  };

  const run = async (check: () => Promise<Doubt>): Promise<Doubt> => {
    const round: Round = { answer: null, isOver: false, waiting: 0 };
    underWay = round;
    const end = (): void => {
      round.isOver = true;
      if (underWay === round) underWay = null;
    };
    const leave = attendance.stay(end);
    try {
      const doubt = await check();
      round.answer = { doubt };
      last = { doubt, at: now() };
      return doubt;
    } catch (error) {
      round.answer = { away: error instanceof Unavailable ? error.reason ?? null : null };
      last = null;
      throw error;
    } finally {
      leave();
      end();
    }
  };

  const waitFor = async (round: Round): Promise<void> => {
    if (round.waiting >= MAX_WAITING) throw new Busy("The check of the database");
    round.waiting += 1;
    await attendance.wait(() => round.isOver, () => undefined);
    round.waiting -= 1;
    if (!round.isOver) throw new Busy("The check of the database");
  };

  return {
    ask: async (check) => {
      for (;;) {
        // In either direction: without a monotonic clock, this one may have been set back.
        if (last !== null && Math.abs(now() - last.at) < FRESH_MS) return last.doubt;
        const round: Round | null = underWay;
        if (round === null) return await run(check);
        await waitFor(round);
        // Null where the request that ran the check has ended.
        if (round.answer !== null) return answerOf(round.answer);
      }
    },
    forget: () => {
      last = null;
    },
  };
};
