/** JSON Schemas (2020-12) of what calls read and answer, from the schemas that do both. */
import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { E164Schema } from "../../core/values/e164.ts";
import { E164_FORM } from "../answer.ts";
import { JsonObject } from "../object.ts";

/** A JSON Schema within a document. */
export type Described = JsonSchema;

/** Schemas that have a name in the document. */
export type Definitions = Readonly<Record<string, v.GenericSchema>>;

type Item = v.GenericPipeItem & { readonly requirement?: unknown; readonly message?: unknown };

/** What a schema is made of, as far as it is looked at. */
type Parts = v.GenericSchema & {
  readonly pipe?: readonly Item[];
  readonly entries?: Readonly<Record<string, Parts>>;
  readonly wrapped?: Parts;
  readonly item?: Parts;
  readonly options?: readonly unknown[];
  readonly default?: unknown;
};

/** What cannot be read off a schema, since it is a function. */
const KNOWN = new Map<unknown, Described>([
  [E164Schema, { type: "string", pattern: E164_FORM.source }],
  [JsonObject, { type: "object" }],
]);

const boundOf = (items: readonly Item[], type: string): number | null => {
  const requirement = items.find((item) => item.type === type)?.requirement;
  return typeof requirement === "number" ? requirement : null;
};

/** Whole numbers come as texts in queries: they are described as numbers. */
const wholeOf = (items: readonly Item[]): Parts | null => {
  const types = items.map(({ type }) => type);
  const isNumber = types[1] === "regex" && types[2] === "transform" &&
    types.slice(3).some((type) => type === "min_value" || type === "safe_integer");
  if (!isNumber) return null;
  const [least, most] = [boundOf(items, "min_value"), boundOf(items, "max_value")];
  return v.pipe(
    v.number(),
    v.integer(),
    ...(least === null ? [] : [v.minValue(least)]) as [],
    ...(most === null || most === Number.MAX_SAFE_INTEGER ? [] : [v.maxValue(most)]) as [],
  );
};

/** What a schema's own checks say, where that is a sentence. */
const rulesOf = (items: readonly Item[]): string =>
  items.flatMap(({ type, message }) =>
    type === "check" && typeof message === "string" && message.includes(" ") ? [message] : []
  ).join("; ");

/** The schema before anything is made of what came: as a caller has to send it. */
const plain = (schema: Parts): Parts => {
  const { pipe, entries, wrapped, item, options = [] } = schema;
  if (schema.type === "variant") {
    return { ...schema, options: options.map((option) => plain(option as Parts)) } as Parts;
  }
  if (pipe !== undefined) return plainPipe(schema, pipe);
  if (entries !== undefined) {
    const members = Object.entries(entries).map(([name, member]) => [name, plain(member)]);
    return { ...schema, entries: Object.fromEntries(members) };
  }
  if (wrapped !== undefined) {
    const inner = plain(wrapped);
    const isCounted = inner.type === "number" && typeof schema.default === "string";
    return {
      ...schema,
      wrapped: inner,
      ...(isCounted && { default: Number(schema.default) }),
    } as Parts;
  }
  return item === undefined ? schema : { ...schema, item: plain(item) } as Parts;
};

const isObject = ({ kind, type }: Item): boolean =>
  kind === "schema" && (type === "object" || type === "strict_object");

/** A pattern without flags, which JSON Schema does not know. */
const withoutFlags = (item: Item): Item => {
  if (!(item.requirement instanceof RegExp) || !item.requirement.ignoreCase) return item;
  const source = item.requirement.source.replaceAll("a-z", "A-Za-z");
  return { ...item, requirement: { source, flags: "" } } as Item;
};

/** The items of a pipe, with those of pipes within it in their place. */
const flat = (items: readonly Item[]): readonly Item[] =>
  items.flatMap((item) => "pipe" in item ? flat((item as Parts).pipe ?? []) : [item]);

const plainPipe = (schema: Parts, pipe: readonly Item[]): Parts => {
  const items = flat(pipe);
  const whole = wholeOf(items);
  if (whole !== null) return whole;
  // Its own entries follow a schema that refuses everything but objects.
  const object = items.find(isObject);
  if (object !== undefined) return plain(object as unknown as Parts);
  const [first, ...actions] = items;
  if (first === undefined) return schema;
  const rules = rulesOf(items);
  const end = actions.findIndex(({ kind }) => kind !== "validation" && kind !== "metadata");
  return v.pipe(
    plain(first as unknown as Parts),
    ...(end < 0 ? actions : actions.slice(0, end)).map(withoutFlags) as [],
    ...(rules === "" ? [] : [v.description(rules)]) as [],
  );
};

const convert = (schema: v.GenericSchema, definitions: Definitions): Described => {
  const { $schema: _, $defs: __, ...described } = toJsonSchema(schema as never, {
    target: "draft-2020-12",
    errorMode: "ignore",
    definitions: definitions as never,
    overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
    overrideSchema: ({ valibotSchema }) => KNOWN.get(valibotSchema),
  });
  return described;
};

/** What a call reads, as its callers have to send it. */
export const describeInput = (schema: v.GenericSchema): Described => convert(plain(schema), {});

/** What an answer has; schemas that have names are referred to. */
export const describe = (schema: v.GenericSchema, definitions: Definitions): Described =>
  convert(schema, definitions);

/** The JSON Schemas of the definitions, by name. */
export const describeAll = (definitions: Definitions): Readonly<Record<string, Described>> =>
  Object.fromEntries(
    Object.entries(definitions).map(([name, schema]) => {
      const { [name]: _, ...others } = definitions;
      return [name, describe(schema, others)];
    }),
  );
