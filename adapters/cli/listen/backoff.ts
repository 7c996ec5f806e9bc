/** How long is waited before something is tried again. */
const FIRST_MS = 250;
const MOST_MS = 10_000;
const MOST_DOUBLINGS = 6;

/** The wait after so many failures in a row: half of it by chance. */
export const backoffMs = (failures: number): number => {
  const whole = Math.min(FIRST_MS * 2 ** Math.min(failures - 1, MOST_DOUBLINGS), MOST_MS);
  return whole / 2 + Math.random() * whole / 2;
};
