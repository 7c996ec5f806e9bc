/**
 * Nothing here runs; both type checkers read it. A call is declared with the schemas of just its
 * arguments: one for each, with the fields that the argument has, and no others.
 */
import * as Effect from "effect/Effect";
import type { ChangeInput } from "../../adapters/ledger/api/mod.ts";
import { id, options } from "../../adapters/ledger/arguments/mod.ts";
import { certain } from "../../adapters/ledger/calls/declaration.ts";
import * as given from "../../adapters/ledger/calls/number-calls.ts";

const change = (_input: ChangeInput): Effect.Effect<void> => Effect.void;

certain([["input", given.change]], change);
// @ts-expect-error A change has no field ids.
certain([["input", given.calling]], change);
// @ts-expect-error A route has not all fields of a change.
certain([["input", given.route]], change);
// @ts-expect-error A change is an object.
certain([["input", id]], change);
// @ts-expect-error The argument has no schema.
certain([], change);
// @ts-expect-error There is no second argument.
certain([["input", given.change], ["options", options]], change);
