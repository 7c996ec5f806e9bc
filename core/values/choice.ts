/** Schemas of a value that is one of several; each says in its own words what it accepts. */
import * as v from "valibot";

type Literal = string | number | boolean;

const message = (rule: string) => ({ input }: { readonly input: unknown }): string =>
  input === undefined ? "is required" : rule;

const oneRule = (options: Iterable<Literal>): string =>
  `must be ${[...new Set(options)].map((option) => JSON.stringify(option)).join(" or ")}`;

/** A schema for one of these strings. */
export const oneOf = <const Options extends readonly string[]>(options: Options) =>
  v.picklist(options, message(oneRule(options)));

/** A schema for this value alone. */
export const only = <const Value extends Literal>(value: Value) =>
  v.literal(value, message(oneRule([value])));

type Discriminator = { readonly literal?: Literal; readonly options?: readonly Literal[] };

/** A schema of objects, of which one member tells them from others. */
type Kind = { readonly entries: Readonly<Record<string, unknown>> };

const valuesOf = ({ literal, options = [] }: Discriminator): readonly Literal[] =>
  literal === undefined ? options : [literal];

/** A schema for one of these objects, which differ by the member `key`. */
export const kindOf = <const Key extends string, const Kinds extends v.VariantOptions<Key>>(
  key: Key,
  kinds: Kinds,
) => {
  const rule = oneRule(
    kinds.flatMap((kind) => valuesOf((kind as unknown as Kind).entries[key] as Discriminator)),
  );
  return v.variant(key, kinds, ({ input, path }) => {
    // The issue has a path where it is about the member, and none where it is about the whole.
    return message(path === undefined ? "must be an object" : rule)({ input });
  });
};
