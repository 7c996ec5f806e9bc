import type { PartName } from "./parts.ts";
import type { Verdict } from "./trial.ts";

/** What became of the mutants of a part. */
export type PartResult = {
  readonly name: PartName;
  readonly leastKilled: number;
  /** How many were to be tried; fewer were where the time was over. */
  readonly chosen: number;
  readonly verdicts: readonly Verdict[];
};

/** How many of a hundred were killed; none where none was tried. */
const shareOf = ({ verdicts }: PartResult): number =>
  verdicts.length === 0
    ? 0
    : 100 * verdicts.filter(({ killedBy }) => killedBy !== null).length / verdicts.length;

/**
 * The lines of a report: the share that was killed of each part, and each survivor with its place.
 * It passes where every part reaches what is asked of it.
 */
export const reportOf = (
  results: readonly PartResult[],
): { readonly lines: readonly string[]; readonly passes: boolean } => ({
  lines: results.flatMap((result) => {
    const { name, leastKilled, chosen, verdicts } = result;
    const survivors = verdicts.filter(({ killedBy }) => killedBy === null);
    const share = shareOf(result);
    const cut = verdicts.length < chosen ? ` (of ${chosen}: the time was over)` : "";
    const verdict = share >= leastKilled ? "" : `: FAILED, ${leastKilled} % must be`;
    return [
      `${name}: ${
        verdicts.length - survivors.length
      } of ${verdicts.length} mutants${cut} killed, ` +
      `${share.toFixed(1)} %${verdict}`,
      ...survivors.map(({ mutant: { file, line, original, replacement } }) =>
        `  survived  ${file}:${line}  ${original} -> ${
          replacement === "" ? "(nothing)" : replacement
        }`
      ),
    ];
  }),
  passes: results.length > 0 && results.every((result) => shareOf(result) >= result.leastKilled),
});
