/** The calls, which look at their arguments before they do anything. */
import * as Effect from "effect/Effect";
import {
  type ArgumentInvalid,
  InvalidArgument,
  readArguments,
  type Schemas,
} from "../../validation/argument.ts";
import type { Feed } from "../api/effects.ts";
import { unreachable } from "../../../core/values/unreachable.ts";
import * as given from "../arguments/mod.ts";
import { refuse } from "../engine/refusals.ts";
import { fromOrigin } from "../engine/request-calls.ts";
import type { Ports } from "../engine/services.ts";
import { type Declaration, mapCalls, type Table } from "./declaration.ts";

/** What a call goes through once its arguments fit. */
type Enter = <Value, Failure>(
  call: Effect.Effect<Value, Failure, Ports>,
) => Effect.Effect<Value, Failure, Ports>;

/** The effect of a call; that of `otherwise` where an argument does not fit. */
const reading = <Given extends readonly unknown[], Value, Failure, Otherwise>(
  name: string,
  { schemas, perform }: {
    readonly schemas: Schemas;
    readonly perform: (...values: Given) => Effect.Effect<Value, Failure, Ports>;
  },
  enter: Enter,
  otherwise: (invalid: ArgumentInvalid) => Effect.Effect<never, Otherwise>,
) =>
(...values: Given): Effect.Effect<Value, Failure | Otherwise, Ports> => {
  const read = readArguments(schemas, values);
  if (!read.ok) return otherwise(read.error);
  return enter(fromOrigin(values[0], name, perform(...read.value)));
};

const dying = (invalid: ArgumentInvalid) => Effect.die(new InvalidArgument(invalid));

const checked = (call: Declaration, name: string, enter: Enter): Declaration => {
  switch (call.kind) {
    case "refusable":
      return { ...call, perform: reading(name, call, enter, refuse<ArgumentInvalid>) };
    case "certain":
      return { ...call, perform: reading(name, call, enter, dying) };
    case "immediate":
      return call;
    default:
      return unreachable(call);
  }
};

/**
 * The calls, which look at their arguments before they do anything: where one does not fit, those
 * that can be refused are, with its path; the others die with an `InvalidArgument`. The rest of
 * each goes through `enter`, except where a call is immediate.
 */
export const checkedCalls = (table: Table, enter: Enter): Table =>
  mapCalls(table, (call, name) => checked(call, name, enter));

/** The call, which throws synchronously on wrong arguments: its result is not awaited. */
const throwing = <Given extends readonly unknown[], Value>(
  schemas: Schemas,
  call: (...values: Given) => Value,
) =>
(...values: Given): Value => {
  const read = readArguments(schemas, values);
  if (!read.ok) throw new InvalidArgument(read.error);
  return call(...read.value);
};

/** The calls of the feed, which throw an `InvalidArgument` where an argument does not fit. */
export const checkedFeed = (feed: Feed): Feed => ({
  // Those of published events look at their own, which a worker's bundle leaves out.
  ...feed,
  numberPages: throwing(
    { caller: given.caller, filter: given.numberFilter, options: given.when },
    feed.numberPages,
  ),
  follow: throwing({ organization: given.id, options: given.follow }, feed.follow),
  followAll: throwing({ options: given.followAll }, feed.followAll),
});
