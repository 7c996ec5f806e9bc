import * as v from "valibot";
import { exactTest } from "./exact-match.ts";

/**
 * How one type of event is stored: the schema of its newest version, and for each older version the
 * step that turns its data into the next version's. Old events are always read through these.
 */
export type EventDefinition = {
  readonly version: number;
  readonly schema: v.GenericSchema;
  /** `upcast[n]` turns data of version n into data of version n + 1. */
  readonly upcast?: Readonly<Record<number, (data: unknown) => unknown>>;
};

/** A set of event definitions by type. */
export type EventDefinitions = Readonly<Record<string, EventDefinition>>;

/** The events whose data these are, as a union discriminated by `type`. */
export type EventOf<Data> = {
  [Type in keyof Data & string]: { readonly type: Type; readonly data: Data[Type] };
}[keyof Data & string];

/** A definition for each of these events, whose schema reads just that event's data. */
export type DefinitionsOf<Data> = {
  readonly [Type in keyof Data]: EventDefinition & {
    readonly schema: v.GenericSchema<unknown, Data[Type]>;
  };
};

/**
 * What keeps the hash of an event from being guessed, where it has something that a tenant is not
 * shown. It comes with what is stored (`adapters/ledger/engine/salted.ts`), and leads to nothing.
 */
export type Salted = { readonly salt?: string | undefined };

/** The schema of a salt. */
export const salt = v.optional(v.string());

/** A valibot schema for a text, or null where there is none. */
export const TextOrNull = v.nullable(v.string());

/** Defines version 1 of an event. */
export const firstVersion = <const Schema extends v.GenericSchema>(
  schema: Schema,
): { readonly version: 1; readonly schema: Schema } => ({ version: 1, schema });

/** The step from a version whose data is valid as it is. */
export const same = (data: unknown): unknown => data;

/**
 * Defines version 2 of an event whose version 1 is valid as it is: it holds more than code that
 * knows only version 1 may read.
 */
export const secondVersion = <const Schema extends v.GenericSchema>(
  schema: Schema,
): {
  readonly version: 2;
  readonly schema: Schema;
  readonly upcast: NonNullable<EventDefinition["upcast"]>;
} => ({
  version: 2,
  schema,
  upcast: { 1: same },
});

/** Defines version 3 of an event whose versions 1 and 2 are valid as they are. */
export const thirdVersion = <const Schema extends v.GenericSchema>(schema: Schema) => ({
  version: 3,
  schema,
  upcast: { 1: same, 2: same },
});

const tests = new WeakMap<v.GenericSchema, (data: unknown) => boolean>();

const testOf = (schema: v.GenericSchema): (data: unknown) => boolean => {
  let test = tests.get(schema);
  if (test === undefined) tests.set(schema, test = exactTest(schema));
  return test;
};

/** The data of `what`, checked: throws when it does not fit the newest schema. */
export const fitting = ({ schema }: EventDefinition, what: string, data: unknown): unknown => {
  if (testOf(schema)(data)) return data;
  const parsed = v.safeParse(schema, data, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const path = v.getDotPath(parsed.issues[0]) ?? "its top level";
  throw new Error(`${what} does not fit its schema at ${path}: ${parsed.issues[0].message}`);
};

/**
 * Brings stored data up to the newest version and checks it. A stored event that does not fit its
 * schema, or is newer than this code, is a broken log: it throws.
 */
export const upcast = (
  definitions: EventDefinitions,
  stored: { readonly type: string; readonly version: number; readonly data: unknown },
): unknown => {
  const definition = Object.hasOwn(definitions, stored.type) ? definitions[stored.type] : undefined;
  if (definition === undefined || stored.version > definition.version) {
    throw new Error(`This code does not know version ${stored.version} of event ${stored.type}`);
  }
  let data = stored.data;
  for (let version = stored.version; version < definition.version; version++) {
    const step = definition.upcast?.[version];
    if (step === undefined) {
      throw new Error(`Event ${stored.type} has no step up from version ${version}`);
    }
    data = step(data);
  }
  return fitting(definition, `A stored ${stored.type}`, data);
};
