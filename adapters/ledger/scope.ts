import * as Effect from "effect/Effect";
import { type Scope, worldOfCarrier } from "../../core/values/claim-key.ts";
import type { Caller } from "./api.ts";
import { Ports } from "./services.ts";

/**
 * What a caller sees and changes: the sandbox's numbers or the live ones. Where the ledger's own
 * carrier is the sandbox there is one world, and the caller's flag says nothing.
 */
export const scopeOf = ({ sandbox }: Pick<Caller, "sandbox">) =>
  Effect.map(Ports, ({ carrier }): Scope => {
    if (worldOfCarrier(carrier) === "sandbox") return "all";
    return sandbox === true ? "sandbox" : "live";
  });
