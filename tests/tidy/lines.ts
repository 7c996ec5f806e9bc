/** Where in a text something is. */

/** From an offset up to, and without, another. */
export type Span = { readonly start: number; readonly end: number };

/** The line of an offset; the first one is 1. */
export type LineOf = (offset: number) => number;

/** Tells the lines of this text. */
export const lineCounter = (text: string): LineOf => {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
};
