/** Text from a database or a server, as a terminal may have it. */

/**
 * What a terminal obeys, or does not show: controls, directions and other formats, line ends,
 * fillers, and what Unicode has not assigned or leaves to private use.
 */
const UNSAFE = /[\p{C}\p{DI}\p{Zl}\p{Zp}]/gu;

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;

/** The text in one line, with what is unsafe as `\u{1b}`. */
export const shown = (text: string): string =>
  text.replace(UNSAFE, (character) => `\\u{${codeOf(character).toString(16)}}`);

/** The same of text with lines and tabs of its own. */
export const shownLines = (text: string): string => text.split("\n").map(shown).join("\n");

const jsonEscape = (unit: string): string =>
  `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** JSON on one line, with what is unsafe written as JSON has it: it means the same. */
export const shownJson = (value: unknown): string =>
  (JSON.stringify(value) ?? "null").replace(
    UNSAFE,
    (character) => character.split("").map(jsonEscape).join(""),
  );
