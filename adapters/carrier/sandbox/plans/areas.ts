/** How the plans of North America are written. */

/**
 * By area code, `state: town, town, …`, the main town first, with the rate centre after `=` where
 * it is not simply the town in capitals (rate centres have at most ten characters). The text has a
 * line for each state, and below it one for each place: its area codes, joined by `/`, and towns.
 */
export const areasOf = (text: string): Readonly<Record<string, string>> => {
  const areas: Record<string, string> = {};
  let state = "";
  for (const line of text.trim().split("\n")) {
    const [codes = "", ...towns] = line.split(" ");
    if (towns.length === 0) state = codes;
    else for (const code of codes.split("/")) areas[code] = `${state}: ${towns.join(" ")}`;
  }
  return areas;
};
