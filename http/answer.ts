/** What the schemas of answers are made of: encoders are typed by them, documents made of them. */
import * as v from "valibot";

type Frozen<Value> = Value extends readonly (infer Item)[] ? readonly Frozen<Item>[]
  : Value extends object ? { readonly [Name in keyof Value]: Frozen<Value[Name]> }
  : Value;

/** What an encoder gives for an answer of this schema. */
export type Answer<Schema extends v.GenericSchema> = Frozen<v.InferOutput<Schema>>;

export { Dollars, Id, Time } from "../core/published/definition.ts";

/** A number in E.164 form, as callers send it and answers show it. */
export const E164_FORM = /^\+[1-9]\d{6,14}$/;

/** A schema for a number as an answer shows it. */
export const Number164 = v.pipe(v.string(), v.regex(E164_FORM));

/** A schema for a JSON object of the client's, as it was sent. */
export const Template = v.record(v.string(), v.unknown());

/** A schema for what is null where there is none. */
export const orNull = <Schema extends v.GenericSchema>(schema: Schema) => v.nullable(schema);
