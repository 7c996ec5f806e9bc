/** How a call is declared: what it may be given, what it does, and how it refuses. */
import type * as Effect from "effect/Effect";
import type * as v from "valibot";
import type { ArgumentInvalid, Schemas } from "../../validation/argument.ts";
import type { Feed, Performed, Tagged } from "../api/effects.ts";
import type { Ledger } from "../api/mod.ts";
import type { Ports } from "../engine/services.ts";

/**
 * `refusable`: its promise gives a `Result`, and an argument that does not fit is refused.
 * `certain`: it is never refused, and dies with an `InvalidArgument`.
 * `immediate`: no promise. It reads a clock, and can be asked of a closed ledger as well.
 */
type Kind = Declaration["kind"];

/** A call with the schemas of its arguments, as an effect that may need the ports. */
type Declared<Sort extends Kind, Given extends readonly unknown[], Value, Failure, Needs> = {
  readonly kind: Sort;
  readonly schemas: Schemas;
  readonly perform: (...given: Given) => Effect.Effect<Value, Failure, Needs>;
};

/** Any call, whatever it may be given. */
export type Declaration =
  | Declared<"refusable", readonly never[], unknown, { readonly _tag: unknown }, Ports>
  | Declared<"certain", readonly never[], unknown, never, Ports>
  | Declared<"immediate", readonly never[], unknown, never, never>;

/** Calls and groups of calls by their names. */
export type Table = { readonly [Name in string]: Declaration | Table };

/** What fits a schema: a field that may be missing may also be given as undefined. */
type Loose<Value> = unknown extends Value ? unknown
  : Value extends Plain ? Value
  : { readonly [Name in keyof Value]: Loose<Value[Name]> | AbsentIn<Value, Name> };

type Plain = string | number | boolean | null | undefined | ((...given: never) => unknown);

type AbsentIn<Value, Name extends keyof Value> = object extends Pick<Value, Name> ? undefined
  : never;

/** An argument by its name, with its schema. */
type Argument<Output = unknown> = readonly [name: string, schema: v.GenericSchema<unknown, Output>];

/** The names of the fields that a value may have. */
type FieldsOf<Value> = Value extends Plain | readonly unknown[] ? never : keyof Value;

/**
 * An argument whose schema gives what it may be, with none of its own fields too few or too many.
 */
type Exactly<Value, Output> = [FieldsOf<Value>, FieldsOf<Output>] extends
  [FieldsOf<Output>, FieldsOf<Value>] ? Argument<Loose<Value>> : never;

/** The arguments of a call, in order, where these are the schemas that it is declared with. */
type ArgumentsOf<Given extends readonly unknown[], Used extends readonly unknown[]> = {
  readonly [At in keyof Given]-?: At extends keyof Used
    ? Used[At] extends Argument<infer Output> ? Exactly<Given[At], Output> : never
    : Argument;
};

const declared = <Sort extends Kind>(kind: Sort) =>
<
  Given extends readonly unknown[],
  Value,
  const Used extends readonly Argument[],
  Failure = never,
>(
  schemas: Used & NoInfer<ArgumentsOf<Given, Used>>,
  perform: (...given: Given) => Effect.Effect<Value, Failure, Ports>,
): Declared<Sort, Given, Value, Failure, Ports> => ({
  kind,
  schemas: Object.fromEntries(schemas),
  perform,
});

/** A call that can be refused. */
export const refusable = declared("refusable");

/** A call that is never refused. */
export const certain = declared("certain");

/** A call that gives no promise and checks nothing. */
export const immediate = <Value>(
  read: () => Effect.Effect<Value>,
): Declared<"immediate", [], Value, never, never> => ({
  kind: "immediate",
  schemas: {},
  perform: read,
});

/** How a call with this promise is declared; one that can be refused refuses wrong arguments. */
export type DeclarationOf<Call> = Call extends (...given: infer Given) => infer Answer
  ? [Answer] extends [Promise<infer Settled>]
    ? Performed<Settled, Ports> extends Effect.Effect<infer Value, infer Failure, Ports>
      ? [Failure] extends [never] ? Declared<"certain", Given, Value, never, Ports>
      : Tagged<ArgumentInvalid> extends Failure
        ? Declared<"refusable", Given, Value, Failure, Ports>
      : never
    : never
  : Declared<"immediate", [], Answer, never, never>
  : { readonly [Name in keyof Call]: DeclarationOf<Call[Name]> };

/**
 * A declaration for every call of the ledger, except those that follow it, those that a worker
 * lacks, and `close`.
 */
export type CallTable = {
  readonly [Name in Exclude<keyof Ledger, keyof Feed | "webhooks" | "close" | symbol>]:
    DeclarationOf<
      Ledger[Name]
    >;
};

const isDeclaration = (entry: Declaration | Table): entry is Declaration =>
  typeof entry.perform === "function";

/** The same calls and groups by their names, each call as `to` gives it by its whole name. */
export const mapCalls = <To>(
  table: Table,
  to: (call: Declaration, name: string) => To,
  group = "",
): Mapped<To> =>
  Object.fromEntries(
    Object.entries(table).map(([name, entry]) => [
      name,
      isDeclaration(entry) ? to(entry, group + name) : mapCalls(entry, to, `${group}${name}.`),
    ]),
  );

type Mapped<To> = { readonly [Name in string]: To | Mapped<To> };
