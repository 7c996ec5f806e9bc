/** Code with known gaps in its test, by which `mutation.node.test.ts` proves the mutation run. */
export const isWithin = (count: number, most: number): boolean => count <= most;

/** The sum of the whole numbers below this one. */
export const sumBelow = (end: number): number => {
  let sum = 0;
  for (let at = 0; at < end; at++) sum += at;
  return sum;
};

export const LIMITS = { ours: 3 };
