/**
 * Arbitraries made from schemas: everything that a schema of the log accepts, as it is after JSON.
 */
import fc from "fast-check";
import * as v from "valibot";
import { CarrierNameSchema } from "../../../core/events/number.ts";
import { jsonObject, oddText } from "./contents.ts";
import { carrierName, e164 } from "./values.ts";

/** The schemas that the log is written in, as far as they are looked into here. */
type Known =
  | { readonly type: "object"; readonly entries: Readonly<Record<string, v.GenericSchema>> }
  | { readonly type: "nullable" | "optional"; readonly wrapped: v.GenericSchema }
  | { readonly type: "array"; readonly item: v.GenericSchema }
  | { readonly type: "variant"; readonly options: readonly v.GenericSchema[] }
  | { readonly type: "picklist"; readonly options: readonly string[] }
  | { readonly type: "string" | "boolean" | "custom" };

const objectOf = (entries: Readonly<Record<string, v.GenericSchema>>): fc.Arbitrary<unknown> => {
  const names = Object.keys(entries);
  const fields = Object.entries(entries).map(([name, schema]) => [name, ofSchema(schema)] as const);
  return fc.record(Object.fromEntries(fields), {
    requiredKeys: names.filter((name) => entries[name]?.type !== "optional"),
    noNullPrototype: true,
  });
};

/** Values that a schema accepts; throws for a kind of schema that the log does not use. */
export const ofSchema = (schema: v.GenericSchema): fc.Arbitrary<unknown> => {
  // The type of a schema says which of these it is.
  const known = schema as v.GenericSchema & Known;
  switch (known.type) {
    case "object":
      return objectOf(known.entries);
    case "nullable":
      return fc.option(ofSchema(known.wrapped), { nil: null });
    case "optional":
      return ofSchema(known.wrapped);
    case "array":
      return fc.array(ofSchema(known.item), { maxLength: 3 });
    case "variant":
      return fc.oneof(...known.options.map(ofSchema));
    case "picklist":
      return fc.constantFrom(...known.options);
    case "string":
      return oddText;
    case "boolean":
      return fc.boolean();
    case "custom":
      if (schema === CarrierNameSchema) return carrierName;
      return fc.oneof(e164, jsonObject, fc.maxSafeInteger(), fc.maxSafeNat())
        .filter((value) => v.is(schema, value));
    default:
      throw new Error(`there is no arbitrary for the schema ${schema.type}`);
  }
};
