/** Refusals in Effect's error channel: values of the domain, with a tag to be caught by. */
import * as Effect from "effect/Effect";
import { failed, ok, type Result } from "../../../core/values/result.ts";
import type { Tagged } from "../api/effects.ts";

export type { Tagged } from "../api/effects.ts";

/** The refusal of the domain that a tagged one is. */
type Plain<Failure> = Failure extends unknown ? Omit<Failure, "_tag"> : never;

/** Fails with this refusal. */
export const refuse = <Refusal extends { readonly code: string }>(
  refusal: Refusal,
): Effect.Effect<never, Tagged<Refusal>> =>
  // The conditional type cannot be followed here; this is what it says.
  Effect.fail({ ...refusal, _tag: refusal.code } as unknown as Tagged<Refusal>);

/** For callers that know nothing of Effect: a refusal is a value without its tag. */
export const toResult = <Value, Failure extends { readonly _tag: unknown }, Needs>(
  effect: Effect.Effect<Value, Failure, Needs>,
): Effect.Effect<Result<Value, Plain<Failure>>, never, Needs> =>
  Effect.match(effect, {
    onSuccess: (value) => ok(value),
    // The rest of an object of a type that is a parameter has no better type.
    onFailure: ({ _tag, ...refusal }) => failed(refusal as unknown as Plain<Failure>),
  });
