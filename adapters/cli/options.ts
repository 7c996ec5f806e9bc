/** Options and words of commands, as Effect's command line takes them. */
import * as Argument from "effect/cli/Argument";
import * as Flag from "effect/cli/Flag";
import * as Option from "effect/Option";

/** All options without a value. */
export const FLAGS = [
  "help",
  "version",
  "accept",
  "new",
  "all",
  "as-operator",
  "json",
  "local",
  "nearby",
  "sandbox",
  "yes",
] as const;

/** An option without a value; it is not negated. */
export const flag = (name: (typeof FLAGS)[number], says: string) =>
  Flag.Boolean(name).pipe(
    Flag.withoutNegation,
    Flag.withDefault(false),
    Flag.withDescription(says),
  );

/** An option that may be left out; `value` is what the help calls its value. */
export const option = (name: string, value: string, says: string) =>
  Flag.String(name).pipe(
    Flag.withMetavar(value),
    Flag.withDescription(says),
    Flag.optional,
    Flag.map(Option.getOrUndefined),
  );

/** An option that must be there. */
export const needed = (name: string, value: string, says: string) =>
  Flag.String(name).pipe(Flag.withMetavar(value), Flag.withDescription(says));

/** A word that must be there. */
export const word = (name: string, says: string) =>
  Argument.String(name).pipe(Argument.withDescription(says));

/** A word that may be left out. */
export const maybe = (name: string, says: string) =>
  word(name, says).pipe(Argument.optional, Argument.map(Option.getOrUndefined));

/** An option whose value is one of these. */
export const choice = <const Choices extends readonly [string, ...string[]]>(
  name: string,
  choices: Choices,
  says: string,
) =>
  Flag.Literals(name, choices).pipe(
    Flag.withDescription(says),
    Flag.optional,
    Flag.map(Option.getOrUndefined),
  );

/** A whole number of a range, as a sentence calls it. */
const whole = (name: string, from: number, to: number, what: string, says: string) =>
  Flag.String(name).pipe(
    Flag.withMetavar("<number>"),
    Flag.withDescription(says),
    Flag.filterMap((text) => {
      const value = Number(text);
      return Number.isInteger(value) && value >= from && value <= to
        ? Option.some(value)
        : Option.none();
    }, () => what),
    Flag.optional,
    Flag.map(Option.getOrUndefined),
  );

/** How many at most. */
export const limit = (says: string) =>
  whole("limit", 1, Number.MAX_SAFE_INTEGER, "a whole number above zero", says);

/** A port to listen at. */
export const port = (says: string) =>
  whole("port", 1, 65_535, "a whole number from 1 to 65535", says);
