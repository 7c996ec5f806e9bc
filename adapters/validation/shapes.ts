/** Schemas of arguments that more than one call has. */
import * as v from "valibot";
import type { Clock } from "../../core/ports/mod.ts";
import { seenOf } from "../../core/values/text.ts";
import { withoutUndefined } from "./optional.ts";
import { TextSchema } from "./values.ts";

/** The most that every runtime's timers accept; they treat more as 0. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const WHOLE = "must be a whole number";

const atLeast = (from: number) =>
  v.minValue<number, number, string>(from, `must be at least ${from}`);
const atMost = (to: number) => v.maxValue<number, number, string>(to, `must be at most ${to}`);

/** A schema for a whole number within these bounds. */
export const whole = (from: number, to: number) =>
  v.pipe(v.number(), v.safeInteger(WHOLE), atLeast(from), atMost(to));

/**
 * A schema for the same in decimal digits, as a query or an environment variable has it. `to` is
 * 2^53 - 1 at most, beyond which a number of JavaScript is not kept exactly.
 */
export const wholeText = (from: number, to: number = Number.MAX_SAFE_INTEGER) =>
  v.pipe(v.string(), v.regex(/^\d+$/, WHOLE), v.transform(Number), atLeast(from), atMost(to));

/** A schema for how long to wait, in milliseconds. */
export const WaitSchema = whole(1, MAX_TIMER_MS);

/** A schema for how long to wait, in milliseconds, if at all. */
export const PauseSchema = whole(0, MAX_TIMER_MS);

/** A schema for a moment, in milliseconds since 1970. */
export const MomentSchema = v.pipe(v.number(), v.safeInteger(WHOLE));

/** A schema for a text with visible characters. */
export const FilledSchema = v.pipe(
  TextSchema,
  v.check((text) => seenOf(text) !== "", "must not be empty"),
);

/** A schema for a URL that can be fetched. It may hold a secret, so messages do not quote it. */
export const WebUrlSchema = v.pipe(
  v.string(),
  v.url("must be an http or https URL"),
  v.regex(/^https?:/, "must be an http or https URL"),
);

/** A schema for a function. */
export const CallableSchema = v.custom<(...given: unknown[]) => unknown>(
  (given) => typeof given === "function",
  "must be a function",
);

/**
 * An object without other keys: a misspelt key must not be taken for an omitted one. A member that
 * is undefined counts as omitted, and is not in the output.
 */
export const exactly = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(
    v.strictObject(entries, ({ input, path }) => {
      if (input === undefined) return "is required";
      // The issue has a path where it is about a member, and none where it is about the whole.
      return path === undefined ? "must be an object" : "is not known";
    }),
    v.transform((object) => withoutUndefined(object)),
  );

/** The names of all calls of a port; an incomplete list does not compile. */
type Calls<Port> = Readonly<
  Record<
    keyof {
      [Name in keyof Port as Port[Name] extends (...values: never) => unknown ? Name : never]: 1;
    },
    true
  >
>;

const has = (value: unknown, call: string): boolean =>
  typeof value === "object" && value !== null &&
  typeof (value as Readonly<Record<string, unknown>>)[call] === "function";

/** A schema for an adapter: any object with the calls of its port. */
export const adapter = <Port>(calls: Calls<Port>): v.GenericSchema<Port> => {
  const names = Object.keys(calls);
  return v.custom<Port>(
    (value) => names.every((name) => has(value, name)),
    `must be an adapter with ${names.join(", ")}`,
  );
};

/** A schema for a clock. The events of one with fractions of a millisecond would be refused. */
export const ClockSchema = v.pipe(
  adapter<Clock>({ now: true }),
  v.check((clock) => Number.isSafeInteger(clock.now()), "must tell whole milliseconds since 1970"),
);
