/** How things are timed: in alternating rounds, so that what slows the machine slows all alike. */

/** Performs one round and returns what it measured, in any unit. */
export type Round = () => Promise<number>;

/** What each subject's rounds gave, in the order of the rounds. */
export type Samples<Name extends string> = Readonly<Record<Name, readonly number[]>>;

const sorted = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);

/**
 * The value below which `share` (0 to 1) of the values lie; the nearest one that was measured.
 * Throws a RangeError when there are none.
 */
export const percentile = (values: readonly number[], share: number): number => {
  const place = Math.min(values.length - 1, Math.floor(values.length * share));
  const value = sorted(values)[place];
  if (value === undefined) throw new RangeError("nothing was measured");
  return value;
};

/** The median. */
export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** The median over the rounds of one subject's value divided by the other's in the same round. */
export const ratioOf = (subject: readonly number[], baseline: readonly number[]): number =>
  median(subject.map((value, round) => value / (baseline[round] ?? Number.NaN)));

/** Runs every subject once to warm up, then `rounds` times, each round in the other direction. */
export const alternate = async <Name extends string>(
  rounds: number,
  subjects: Readonly<Record<Name, Round>>,
): Promise<Samples<Name>> => {
  const names = Object.keys(subjects) as Name[];
  for (const name of names) await subjects[name]();
  const samples = {} as Record<Name, number[]>;
  for (const name of names) samples[name] = [];
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      samples[name].push(await subjects[name]());
    }
  }
  return samples;
};

/** The duration of the work, in milliseconds. */
export const timed_ms = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

/** A round that does `count` operations in `work` and returns how many it does per second. */
export const rate = (count: number, work: () => Promise<unknown>): Round => async () =>
  1_000 * count / await timed_ms(work);

/**
 * A round that repeats the work for so long, but does it at least once: milliseconds for each. What
 * is done `before` each is not counted.
 */
export const timeOf_ms =
  (least_ms: number, work: () => Promise<unknown>, before: () => Promise<unknown>): Round =>
  async () => {
    const start = performance.now();
    let [done, taken_ms] = [0, 0];
    do {
      await before();
      taken_ms += await timed_ms(work);
      done += 1;
    } while (performance.now() - start < least_ms);
    return taken_ms / done;
  };
