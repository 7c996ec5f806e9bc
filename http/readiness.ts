/** Bounds what it costs to ask whether a server is ready, where each look costs a connection. */
import { Busy } from "../adapters/ledger/engine/errors.ts";
import { Unavailable, type UnavailableReason } from "../core/log/unavailable.ts";
import { type Milliseconds, SECOND_MS } from "../core/values/calendar.ts";
import type { Attendance } from "./wait-strategy.ts";

/** Why the clock is doubted, where it is. */
type Doubt = string | undefined;

/** Whether the database can be read, which one request at a time looks at. */
export type Readiness = {
  /**
   * What a check says, or said in the last second; of a check that is under way its answer is
   * waited for. Throws `Unavailable` where the check threw anything, and `Busy` where too many
   * wait, or too long.
   */
  readonly ask: (check: () => Promise<Doubt>) => Promise<Doubt>;
  /** The database was found to be away: what was said before counts no more. */
  readonly forget: () => void;
};

/**
 * How long it counts that the database could be read; that it could not counts for those who wait.
 */
const FRESH_MS: Milliseconds = SECOND_MS;

/** So many wait for one check. */
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
        // Either way: where there is no monotonic clock, this one may have been set back.
        if (last !== null && Math.abs(now() - last.at) < FRESH_MS) return last.doubt;
        const round: Round | null = underWay;
        if (round === null) return await run(check);
        await waitFor(round);
        // None where the request that looked is gone.
        if (round.answer !== null) return answerOf(round.answer);
      }
    },
    forget: () => {
      last = null;
    },
  };
};
