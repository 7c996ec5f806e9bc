/** How many there are of something, for a sentence: `1 number`, `10 numbers`. */
export const counted = (count: number, noun: string): string =>
  count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
