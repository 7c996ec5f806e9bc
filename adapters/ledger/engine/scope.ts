import * as Effect from "effect/Effect";
import { type Scope, type World, worldOfCarrier } from "../../../core/values/claim-key.ts";
import type { Caller } from "../api/mod.ts";
import { Ports } from "./services.ts";

/** The world of the ledger's own carrier. */
const ownWorld = Effect.map(Ports, ({ carrier }) => worldOfCarrier(carrier));

/** The carrier that a caller buys from. */
export const carrierFor = ({ sandbox }: Caller) =>
  Effect.map(Ports, ({ carrier }) => sandbox === true ? "sandbox" : carrier);

/**
 * The world that a caller's new numbers are in, where they compete with others' numbers; `all`
 * where the ledger's own carrier is the sandbox: there is one world then, and the caller's flag
 * means nothing.
 */
export const worldFor = (caller: Caller) =>
  Effect.gen(function* () {
    if ((yield* ownWorld) === "sandbox") return "all";
    const world: World = worldOfCarrier(yield* carrierFor(caller));
    return world;
  });

/** What a caller sees and changes: what is in its world. The operator sees all. */
export const scopeOf = (caller: Caller): Effect.Effect<Scope, never, Ports> =>
  caller.actor.kind === "operator" ? Effect.succeed("all") : worldFor(caller);
