/** Looks for a history that breaks a rule. */
import fc from "fast-check";
import { NO_PLANT, type Note, type Plant, simulate } from "./history.ts";
import { tapes } from "./tape.ts";

/** What to look through, and who is told of it. */
export type Search = {
  readonly runs: number;
  readonly seed: number;
  /** Where a history is that was found before; "" begins at the beginning. */
  readonly path?: string;
  readonly plant?: Plant;
  /** Whether the first history that breaks a rule will do, however long it is. */
  readonly asFound?: boolean;
  /** Gives what notes what happens in the next history. */
  readonly begin?: () => Note;
};

/** A history that breaks a rule, or null; `runs` counts those that were lived, smaller ones too. */
export type Found = {
  readonly runs: number;
  readonly failure: { readonly error: unknown; readonly reproduce: string } | null;
};

/** A search for a smaller history ends after this. */
const SHRINK_MS = 120_000;

const silent: Note = () => {};

/** Lives histories until one breaks a rule, and then looks for a smaller one that does as well. */
export const lookFor = async (search: Search): Promise<Found> => {
  const { runs, seed, path = "", plant = NO_PLANT, asFound = false, begin } = search;
  let lived = 0;
  let giveUp_ms = Number.POSITIVE_INFINITY;
  const property = fc.asyncProperty(tapes, async (tape) => {
    // Too late for anything smaller: whatever comes now passes.
    if (performance.now() > giveUp_ms) return;
    lived++;
    try {
      await simulate(tape, begin?.() ?? silent, plant);
    } catch (error) {
      giveUp_ms = Math.min(giveUp_ms, performance.now() + SHRINK_MS);
      throw error;
    }
  });
  const result = await fc.check(property, { numRuns: runs, seed, path, endOnFailure: asFound });
  if (!result.failed) return { runs: lived, failure: null };
  const reproduce = `npm run simulate -- --seed ${seed} --path ${result.counterexamplePath}`;
  return { runs: lived, failure: { error: result.errorInstance, reproduce } };
};
