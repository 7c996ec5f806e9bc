/** What happened in many runs, counted by what it was. */
import type { Note } from "../harness/simulation/simulated-run.ts";

/** How often something happened, and in how many runs. */
export type Count = { readonly times: number; readonly runs: number };

/** Counts of what happened, by what it was. */
export type Figures = Readonly<Record<string, Count>>;

/** Counts what happens in one run after the other. */
export class Counter {
  readonly #counts = new Map<string, Count>();

  /** Returns a function that records the next run. */
  begin(): Note {
    const seen = new Set<string>();
    return (what) => {
      const { times, runs } = this.#counts.get(what) ?? { times: 0, runs: 0 };
      this.#counts.set(what, { times: times + 1, runs: runs + (seen.has(what) ? 0 : 1) });
      seen.add(what);
    };
  }

  figures(): Figures {
    return Object.fromEntries(this.#counts);
  }
}

/** The sum of what was counted apart. */
export const sumOf = (all: readonly Figures[]): Figures => {
  const sum: Record<string, Count> = {};
  for (const [what, { times, runs }] of all.flatMap((figures) => Object.entries(figures))) {
    const before = sum[what] ?? { times: 0, runs: 0 };
    sum[what] = { times: before.times + times, runs: before.runs + runs };
  }
  return sum;
};

/** All notes that begin with this word, together. */
export const timesOf = (figures: Figures, word: string): number =>
  Object.entries(figures).filter(([what]) => what.startsWith(`${word} `))
    .reduce((sum, [, { times }]) => sum + times, 0);

/** The figures as lines of text, sorted by what was counted. */
export const table = (figures: Figures): readonly string[] =>
  Object.entries(figures).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([what, count]) =>
    `${String(count.times).padStart(10)} times in ${String(count.runs).padStart(8)} runs  ${what}`
  );
