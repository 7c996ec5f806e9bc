/** The calls, which look at their arguments before they do anything. */
import * as Effect from "effect/Effect";
import { InvalidArgument, readArguments, type Schemas } from "../../validation/argument.ts";
import type { Feed } from "../api/effects.ts";
import * as given from "../arguments/mod.ts";
import { refuse } from "../engine/refusals.ts";
import type { Ports } from "../engine/services.ts";
import { type CallTable, type Declaration, mapCalls, type Table } from "./declaration.ts";

/** What a call goes through once its arguments fit. */
type Enter = <Value, Failure>(
  call: Effect.Effect<Value, Failure, Ports>,
) => Effect.Effect<Value, Failure>;

/** A call that is refused, or dies with an `InvalidArgument`, where an argument does not fit. */
const checked = (call: Declaration, enter: Enter): Declaration<never> => {
  const { kind, schemas } = call;
  if (kind === "immediate") return call;
  if (kind === "certain") {
    const { perform } = call;
    return {
      kind,
      schemas,
      perform: (...values) => {
        const read = readArguments(schemas, values);
        return read.ok
          ? enter(perform(...read.value))
          : Effect.die(new InvalidArgument(read.error));
      },
    };
  }
  const { perform } = call;
  return {
    kind,
    schemas,
    perform: (...values) => {
      const read = readArguments(schemas, values);
      return read.ok ? enter(perform(...read.value)) : refuse(read.error);
    },
  };
};

/**
 * The calls, which look at their arguments before they do anything: where one does not fit, those
 * that can be refused are, with its path; the others die with an `InvalidArgument`. The rest of
 * each goes through `enter`, except where a call is immediate.
 */
export const checkedCalls = (table: CallTable, enter: Enter): Table<never> =>
  mapCalls(table, (call) => checked(call, enter));

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

/** The calls that follow the log, which throw an `InvalidArgument` where an argument does not fit. */
export const checkedFeed = ({ follow, followAll }: Feed): Feed => ({
  follow: throwing({ organization: given.id, options: given.follow }, follow),
  followAll: throwing({ options: given.followAll }, followAll),
});
