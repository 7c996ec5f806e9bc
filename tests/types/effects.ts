/**
 * Nothing here runs; both type checkers read it. Each call fails as an effect with just the
 * refusals that its promise has, and one that is given no command id never with
 * `COMMAND_ID_REUSED`.
 */
import type * as Effect from "effect/Effect";
import type { Ledger as Service } from "../../adapters/package/effect.ts";
import type { Ledger } from "../../adapters/ledger/api/mod.ts";
import type { execute, executeOnce } from "../../adapters/ledger/engine/execute.ts";
import type { AddCredits } from "../../core/billing/credits.ts";
import { same } from "./refusals.ts";

/** The codes of a promise's refusals. */
type Codes<Answer> = Awaited<Answer> extends infer Settled
  ? Settled extends { readonly ok: false; readonly error: { readonly code: infer Code } } ? Code
  : never
  : never;

/** The tags of an effect's errors. */
type Tags<Performed> = Performed extends Effect.Effect<unknown, infer Failure, infer Needs>
  ? [Needs] extends [never] ? Failure extends { readonly _tag: infer Tag } ? Tag : "untagged"
  : "needs more"
  : "not an effect";

type Equal<A, B> = [A] extends [B] ? [B] extends [A] ? true : false : false;

/** The names of the calls whose effects have other tags than their promises have codes. */
type Differing<Promised, Performed> = {
  [Name in keyof Promised & keyof Performed]: Promised[Name] extends
    (...given: infer Given) => infer Answer
    ? Performed[Name] extends (...given: infer Taken) => infer Effects
      ? Equal<Given, Taken> extends true ? Answer extends AsyncIterable<unknown> ? never
        : Equal<Codes<Answer>, Tags<Effects>> extends true ? never
        : Name
      : Name
    : Name
    : Differing<Promised[Name], Performed[Name]> extends never ? never
    : Name;
}[keyof Promised & keyof Performed];

same<Differing<Ledger, Service>, never>(true);
same<Differing<Ledger["operator"], Service["operator"]>, never>(true);
// Nothing is left out but closing, which is the layer's.
same<Exclude<keyof Ledger, keyof Service>, "close" | typeof Symbol.asyncDispose>(true);

// The comparison itself.
same<
  Tags<ReturnType<Service["removeImport"]>>,
  "INVALID_ARGUMENT" | "NUMBER_UNKNOWN" | "NUMBER_IN_USE"
>(
  true,
);
// @ts-expect-error NUMBER_IN_USE is missing.
same<Tags<ReturnType<Service["removeImport"]>>, "INVALID_ARGUMENT" | "NUMBER_UNKNOWN">(true);
type Wrong = { readonly route: (e164: string) => Effect.Effect<null, { readonly _tag: "OTHER" }> };
same<Differing<{ readonly route: (e164: string) => Promise<null> }, Wrong>, "route">(true);

/** A command without an id, and one that may have one. */
type WithoutId = ReturnType<typeof execute<AddCredits>>;
type WithId = ReturnType<typeof executeOnce<AddCredits>>;

same<Exclude<Effect.Error<WithId>, Effect.Error<WithoutId>>["code"], "COMMAND_ID_REUSED">(true);
same<Exclude<Effect.Error<WithoutId>, Effect.Error<WithId>>, never>(true);
