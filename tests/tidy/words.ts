/**
 * Words of this project's own for what the field has a name for. No comment, document, title, text
 * or name has them. Each has a letter in brackets, so that this file does not break the rule.
 */

/** A word, as a regular expression, and what to say instead. */
type Word = {
  readonly word: string;
  readonly instead: string;
  /** Why names may have it, where they may. */
  readonly inNames?: string;
};

const WORDS: readonly Word[] = [
  { word: "d[o]ors?", instead: "entry point" },
  { word: "r[o]oms?", instead: "module, folder; space" },
  { word: "h[o]uses?", instead: "code base" },
  { word: "st[a]nds(?! for)", instead: "is committed, is" },
  { word: "told [o]f|w[o]rd of|h[e]ars?|h[e]ard|e[a]rs?|b[e]lls?", instead: "notified, listener" },
  { word: "who[e]ver|s[o]mebody|h[e]|h[i]s|h[i]m(?:self)?", instead: "the caller, a program" },
  { word: "li[v]ed|li[v]es histor(?:y|ies)", instead: "runs, was run" },
  { word: "of o[n]e's own|as g[o]od as", instead: "custom; equal to" },
  { word: "goes b[e]fore|go b[e]fore", instead: "takes precedence over" },
  { word: "by it[s]elf|by them[s]elves", instead: "automatically" },
  {
    word: "at o[n]ce",
    instead: "immediately, concurrently",
    inNames: "`callsAtOnce` is a property that carriers have: how many calls run at the same time",
  },
  { word: "is g[o]ne|are g[o]ne", instead: "has been released, no longer exists" },
  { word: "n[u]mbers are texts", instead: "are strings" },
  {
    word: "(?<!there )is n[o](?! longer| more| other| such)(?= [a-z])",
    instead: "is not a",
    inNames: "a predicate such as `isNoAddress` is one",
  },
  {
    word: "has n[o]ne|have n[o]ne|kn[o]ws of none",
    instead: "there is none, returns null",
  },
];

/** What the golden events say: they are as they were when their version was released. */
const RELEASED = /The company is g[o]ne|S[o]mebody was faster/g;

const patternOf = (words: readonly Word[]): RegExp =>
  new RegExp(String.raw`\b(?:${words.map(({ word }) => word).join("|")})\b`, "i");

const IN_TEXT = patternOf(WORDS);
const IN_NAMES = patternOf(WORDS.filter(({ inNames }) => inNames === undefined));

/** The names of a line as words: those of `isOpen` and of `IS_OPEN` are `is open`. */
const namesOf = (line: string): string =>
  line.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll("_", " ");

/** The first of these words in a line, in its text or its names; null where there is none. */
export const jargonIn = (line: string): string | null => {
  const ours = line.replaceAll(RELEASED, "");
  return IN_TEXT.exec(ours)?.[0] ?? IN_NAMES.exec(namesOf(ours))?.[0] ?? null;
};
