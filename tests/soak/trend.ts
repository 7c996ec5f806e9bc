/** Whether what was sampled over time grows. */

/** What a process had at a time, which counts in minutes. */
export type Sample = {
  readonly at: number;
  readonly megabytes: number;
  readonly files: number;
};

/** Before that, what is read and compiled for the first time takes its place. */
const BEGIN_MINUTES = 2;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

type Trend = {
  readonly mean: number;
  /** How much more there is with each minute, by least squares. */
  readonly slope: number;
  /** The deviation of what is measured from that line. */
  readonly noise: number;
};

/** The line through these points that fits best. */
export const trendOf = (points: readonly (readonly [at: number, value: number])[]): Trend => {
  const [middle, height] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))];
  const spread = points.reduce((sum, [at]) => sum + (at - middle) ** 2, 0);
  const common = points.reduce((sum, [at, value]) => sum + (at - middle) * (value - height), 0);
  const slope = spread === 0 ? 0 : common / spread;
  const squares = points.map(([at, value]) => (value - height - slope * (at - middle)) ** 2);
  return { mean: height, slope, noise: Math.sqrt(mean(squares)) };
};

/**
 * What samples say, in lines, and whether it is flat: what memory grows by over all of their time
 * is within the noise, taken for at least a fiftieth of it, and no more files are open.
 */
export const summaryOf = (
  samples: readonly Sample[],
): { readonly lines: readonly string[]; readonly isFlat: boolean } => {
  const late = samples.filter(({ at }) => at >= BEGIN_MINUTES);
  const [first, last] = [late[0], late.at(-1)];
  if (first === undefined || last === undefined) {
    return { lines: [`it takes more than ${BEGIN_MINUTES} minutes`], isFlat: false };
  }
  const memory = trendOf(late.map(({ at, megabytes }) => [at, megabytes]));
  const files = trendOf(late.map(({ at, files }) => [at, files]));
  const minutes = last.at - first.at;
  const noise = Math.max(2 * memory.noise, memory.mean / 50);
  const lines = [
    `memory from minute ${BEGIN_MINUTES} on: ${memory.mean.toFixed(0)} MB, ` +
    `${memory.slope.toFixed(2)} MB a minute, ± ${memory.noise.toFixed(1)} MB`,
    `file descriptors: ${files.mean.toFixed(1)}, ${files.slope.toFixed(2)} a minute`,
  ];
  const isFlat = memory.slope * minutes <= noise && files.slope * minutes < 1;
  return { lines, isFlat };
};
