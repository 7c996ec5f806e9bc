/** What the types of published events are made of. */
import * as v from "valibot";
import type { World } from "../values/claim-key.ts";
import { type E164, E164Schema } from "../values/e164.ts";

/** A time as published events have it: in UTC, to the millisecond where it has any. */
export const Time: v.GenericSchema<string> = v.pipe(v.string(), v.isoTimestamp());

/** An amount as published events have it: US dollars as a decimal, such as `1.15`. */
export const Dollars: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.regex(/^-?\d+\.\d{2,}$/),
);

/** An opaque id. */
export const Id: v.GenericSchema<string> = v.pipe(v.string(), v.minLength(1));

/** A type of published event: a sentence for those who receive it, and the schema of its `data`. */
export type PublishedType<Data = unknown> = {
  readonly says: string;
  readonly data: v.GenericSchema<unknown, Data>;
};

/** The types of events whose data these are. */
export type PublishedTypes<Data> = { readonly [Name in keyof Data]: PublishedType<Data[Name]> };

/** A type whose data has these members and no others. */
export const about = <const Entries extends v.ObjectEntries>(
  says: string,
  entries: Entries,
): { readonly says: string; readonly data: v.StrictObjectSchema<Entries, undefined> } => ({
  says,
  data: v.strictObject(entries),
});

/** Which number an event is about. */
export type OfNumber = { readonly number: string; readonly e164: E164 };

/** The schemas of `OfNumber`. */
export const ofNumber = { number: Id, e164: E164Schema };

/** What every event about a number needs of that number's first one. */
export type NumberOrigin = { readonly e164: E164; readonly world: World };
