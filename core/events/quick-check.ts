/**
 * A fast check of values that are nearly always valid. What it does not know, it leaves to valibot.
 */
import type * as v from "valibot";

type Entries = Readonly<Record<string, v.GenericSchema>>;

/** The schemas that the log is written in, as far as they are looked into here. */
type Known =
  | { readonly type: "object"; readonly entries: Entries }
  | { readonly type: "nullable" | "optional"; readonly wrapped: v.GenericSchema }
  | { readonly type: "array"; readonly item: v.GenericSchema }
  | { readonly type: "variant"; readonly options: readonly v.GenericSchema[] }
  | { readonly type: "picklist"; readonly options: readonly unknown[] }
  | { readonly type: "literal"; readonly literal: unknown }
  | { readonly type: "string" | "number" | "boolean" }
  | { readonly type: "custom"; readonly check: Test };

/** Further members of any of them. */
type Extras = {
  readonly pipe?: readonly [
    v.GenericSchema,
    ...v.PipeItem<unknown, unknown, v.BaseIssue<unknown>>[],
  ];
  /** The default for a missing value. */
  readonly default?: unknown;
};

type Test = (value: unknown) => boolean;

const never: Test = () => false;

const objectTest = (entries: Entries): Test => {
  const fields = Object.entries(entries).map(([name, schema]) => ({
    name,
    test: exactTest(schema),
    mayMiss: schema.type === "optional",
  }));
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const object = value as Readonly<Record<string, unknown>>;
    let known = 0;
    for (const { name, test, mayMiss } of fields) {
      const field = object[name];
      if (field === undefined && !mayMiss || !test(field)) return false;
      if (field !== undefined) known += 1;
    }
    return known === Object.keys(object).length;
  };
};

const arrayTest = (item: v.GenericSchema): Test => {
  const test = exactTest(item);
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (const each of value) if (!test(each)) return false;
    return true;
  };
};

/** A schema with checks behind it; never where the value may be changed there. */
const pipeTest = ([schema, ...items]: NonNullable<Extras["pipe"]>): Test => {
  const test = exactTest(schema);
  const checks = items.filter((item) => item.kind === "validation");
  if (checks.length < items.length) return never;
  return (value) =>
    test(value) &&
    checks.every((check) => check["~run"]({ typed: true, value }, {}).issues === undefined);
};

const knownTest = (known: Known): Test => {
  switch (known.type) {
    case "object":
      return objectTest(known.entries);
    case "array":
      return arrayTest(known.item);
    case "nullable":
    case "optional": {
      const none = known.type === "nullable" ? null : undefined;
      const test = exactTest(known.wrapped);
      return (value) => value === none || test(value);
    }
    case "variant": {
      const tests = known.options.map(exactTest);
      return (value) => tests.some((test) => test(value));
    }
    case "picklist":
      return (value) => known.options.includes(value);
    case "literal":
      return (value) => value === known.literal;
    case "custom":
      return known.check;
    case "number":
      return (value) => typeof value === "number" && !Number.isNaN(value);
    case "string":
    case "boolean":
      return (value) => typeof value === known.type;
    default:
      return never;
  }
};

/**
 * A test whether a value is, to the last key, what the schema makes of it. It takes a quarter of
 * the time that valibot takes, which makes a copy and can say what is wrong. When in doubt, it
 * fails.
 */
export const exactTest = (schema: v.GenericSchema): Test => {
  // The type of a schema says which of these it is.
  const known = schema as v.GenericSchema & Known & Extras;
  if (known.default !== undefined) return never;
  return known.pipe === undefined ? knownTest(known) : pipeTest(known.pipe);
};
