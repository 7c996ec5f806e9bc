/** The calls of the ledger as effects: what they give, and why they fail. */
import type * as Effect from "effect/Effect";
import type { Ledger } from "./mod.ts";

/** A refusal as an error of Effect: its code is the tag by which `Effect.catchTag` finds it. */
export type Tagged<Refusal> = Refusal extends { readonly code: infer Code }
  ? Refusal & { readonly _tag: Code }
  : never;

/** What a call settles to, as an effect: a refusal goes into the error channel. */
export type Performed<Answer, Needs = never> = Effect.Effect<
  Answer extends { readonly ok: infer Ok }
    ? Ok extends true ? (Answer & { readonly ok: true; readonly value: unknown })["value"] : never
    : Answer,
  Answer extends { readonly ok: false; readonly error: infer Refusal } ? Tagged<Refusal> : never,
  Needs
>;

/** A call, or a group of calls, as effects. */
type Effectful<Call, Needs> = Call extends (...values: infer Given) => infer Answer
  ? (...values: Given) => Performed<Answer extends Promise<infer Settled> ? Settled : Answer, Needs>
  : { readonly [Name in keyof Call]: Effectful<Call[Name], Needs> };

/** The calls that follow the log, or give pages of it or of a list one after the other. */
export type Feed = Pick<Ledger, "follow" | "followAll" | "events" | "numberPages">;

/**
 * All calls of a ledger, except those that follow it, as effects. A refusal is an error whose
 * `_tag` is its code; what else would reject (a wrong argument of a call without refusals, a closed
 * ledger, a broken adapter) is a defect.
 */
export type LedgerEffects<Needs = never> = {
  readonly [Name in Exclude<keyof Ledger, keyof Feed | "close" | symbol>]: Effectful<
    Ledger[Name],
    Needs
  >;
};
