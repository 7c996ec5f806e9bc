/**
 * What is given under one key is done in rounds, one after the other. The first one leads a round,
 * in which others that wait can take part; then the first of those that still wait leads.
 */
import * as Effect from "effect/Effect";
import { taking } from "./bracket.ts";

/** One that takes part in rounds until it has its result. */
export type Part<Given, A, E> = {
  readonly given: Given;
  /** Settles it; once more does nothing. */
  readonly settle: (result: Effect.Effect<A, E>) => void;
};

/** How rounds are done. */
export type Round<Given, A, E> = {
  /** How many of those that wait go together, from the first on: at least one. */
  readonly together: (waiting: readonly Part<Given, A, E>[]) => number;
  /** Settles parts; gives those that are to wait again, in their order. It never rejects. */
  readonly run: (
    parts: readonly Part<Given, A, E>[],
  ) => Promise<readonly Part<Given, A, E>[]>;
};

/** Rounds under keys. */
export type Rounds<Given, A, E> = {
  /**
   * The result of what is given, which may come of a round that another leads. `around` is put
   * around leading. A round runs to its end also where the one that leads it is interrupted, and
   * the next one begins then; one that is interrupted takes part in no further round.
   */
  readonly give: <R>(
    key: string,
    given: Given,
    round: Round<Given, A, E>,
    around: (leading: Effect.Effect<A, E>) => Effect.Effect<A, E, R>,
  ) => Effect.Effect<A, E, R>;
};

type Member<Given, A, E> = Part<Given, A, E> & {
  result: Effect.Effect<A, E> | null;
  /** Whether it is to lead, and has not begun to. */
  leads: boolean;
  hasLeft: boolean;
  /** Lets it go on, where it waits to lead or for its result. */
  wake: () => void;
};

const member = <Given, A, E>(given: Given): Member<Given, A, E> => {
  const made: Member<Given, A, E> = {
    given,
    result: null,
    leads: false,
    hasLeft: false,
    wake: () => {},
    settle: (result) => {
      made.result ??= result;
      made.wake();
    },
  };
  return made;
};

/** Those that wait under each key, in their order. There is a line as long as one leads. */
const openLines = <Given, A, E>() => {
  type Each = Member<Given, A, E>;
  const lines = new Map<string, Each[]>();

  const handOver = (key: string): void => {
    const [first] = lines.get(key) ?? [];
    if (first === undefined) return void lines.delete(key);
    first.leads = true;
    first.wake();
  };
  const enter = (key: string, given: Given): Each => {
    const entered = member<Given, A, E>(given);
    const line = lines.get(key);
    if (line !== undefined) line.push(entered);
    else {
      lines.set(key, [entered]);
      handOver(key);
    }
    return entered;
  };
  const leave = (key: string, part: Each): void => {
    part.hasLeft = true;
    // One that has its result was taken out of the line, which may be long.
    const line = part.result === null ? lines.get(key) ?? [] : [];
    const place = line.indexOf(part);
    if (place >= 0) line.splice(place, 1);
    if (part.leads) handOver(key);
  };
  /** Takes the first ones out of the line. */
  const take = (key: string, { together }: Round<Given, A, E>): readonly Each[] => {
    const line = lines.get(key) ?? [];
    return line.splice(0, together(line));
  };
  /** Puts those that have not left before the others that wait. */
  const putBack = (key: string, parts: readonly Part<Given, A, E>[]): void => {
    // What takes part is what was taken from a line.
    lines.get(key)?.unshift(...(parts as readonly Each[]).filter(({ hasLeft }) => !hasLeft));
  };
  return { enter, leave, take, putBack, handOver };
};

/** Opens rounds. */
export const openRounds = <Given, A, E>(): Rounds<Given, A, E> => {
  type Each = Member<Given, A, E>;
  const { enter, leave, take, putBack, handOver } = openLines<Given, A, E>();

  /** Leads rounds until it is settled. It may have its result before the round is over. */
  const lead = Effect.fnUntraced(function* (key: string, part: Each, round: Round<Given, A, E>) {
    part.leads = false;
    let isShared = false;
    while (part.result === null && !part.hasLeft) {
      const parts = take(key, round);
      isShared = parts.length > 1;
      putBack(key, yield* Effect.promise(() => round.run(parts)));
    }
    // Those that have their results may come again, so that they take part in the next round.
    if (isShared) yield* Effect.yieldNow;
    handOver(key);
  });
  /** Waits until it is to lead, or has its result. */
  const woken = (part: Each): Effect.Effect<void> =>
    Effect.callback((resume) => {
      part.wake = () => resume(Effect.void);
      if (part.leads || part.result !== null) part.wake();
    });
  const resultOf = (part: Each): Effect.Effect<A, E> =>
    Effect.flatMap(woken(part), () => part.result ?? Effect.never);
  const leading = (key: string, part: Each, round: Round<Given, A, E>): Effect.Effect<A, E> =>
    Effect.andThen(
      Effect.forkDetach(lead(key, part, round), { startImmediately: true }),
      resultOf(part),
    );

  return {
    give: (key, given, round, around) =>
      taking(
        () => enter(key, given),
        (part) =>
          Effect.flatMap(
            woken(part),
            () => part.leads ? around(leading(key, part, round)) : resultOf(part),
          ),
        (part) => leave(key, part),
      ),
  };
};
