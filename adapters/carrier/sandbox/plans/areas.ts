/** How the plans of North America are written. */
import { AREA_CODES } from "../../../../core/values/area-codes.ts";

/**
 * By area code, `state: town, town, …`, the main town first, with the rate centre after `=` where
 * it is not simply the town in capitals, ten characters at most. The text has a
 * line for each place: area codes, joined by `/`, and towns. A code without a line has that of the
 * first that has one of those that serve the same places.
 */
export const areasOf = (text: string): Readonly<Record<string, string>> => {
  const lines = new Map<string, string>();
  for (const line of text.trim().split("\n")) {
    const [codes = "", ...towns] = line.split(" ");
    for (const code of codes.split("/")) lines.set(code, towns.join(" "));
  }
  const areas: Record<string, string> = {};
  for (const [state, row] of AREA_CODES) {
    for (const group of row) {
      const main = group.find((code) => lines.has(code)) ?? "";
      for (const code of lines.has(main) ? group : []) {
        areas[code] = `${state}: ${lines.get(code) ?? lines.get(main)}`;
      }
    }
  }
  return areas;
};
