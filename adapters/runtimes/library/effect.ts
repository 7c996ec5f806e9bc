/** The ledger as a service of Effect. */
import * as Clock from "effect/Clock";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Stream from "effect/Stream";
import type { Result } from "../../../core/values/result.ts";
import type { Ledger as Promised } from "../../ledger/api/mod.ts";
import { openTrustedClock } from "../../clock/trusted.ts";
import { open } from "./opening.ts";
import type { LedgerOptions } from "./options.ts";

/** A refusal as an error of Effect: its code is the tag by which `Effect.catchTag` finds it. */
export type Tagged<Refusal> = Refusal extends { readonly code: infer Code }
  ? Refusal & { readonly _tag: Code }
  : never;

/** The outcome of a call's promise: a refusal goes into the error channel. */
export type Performed<Answer> = Effect.Effect<
  Answer extends { readonly ok: infer Ok }
    ? Ok extends true ? (Answer & { readonly ok: true; readonly value: unknown })["value"] : never
    : Answer,
  Answer extends { readonly ok: false; readonly error: infer Refusal } ? Tagged<Refusal> : never
>;

type Effectful<Call> = Call extends (...values: infer Given) => infer Answer
  ? (...values: Given) => Answer extends AsyncIterable<infer Item> ? Stream.Stream<Item>
    : Answer extends Promise<infer Settled> ? Performed<Settled>
    : Effect.Effect<Answer>
  : { readonly [Name in keyof Call]: Effectful<Call[Name]> };

/**
 * All calls of a ledger, as effects. A refusal is an error whose `_tag` is its code; what else
 * would reject (a wrong argument of a call without refusals, a closed ledger, a broken adapter) is
 * a defect. Following gives streams.
 */
export type Ledger = {
  readonly [Name in Exclude<keyof Promised, "close" | symbol>]: Effectful<Promised[Name]>;
};

/** The tag of the service. */
export const Ledger: Context.Service<Ledger, Ledger> = Context.Service("ledgerline/Ledger");

const isResult = (answer: unknown): answer is Result<unknown, { readonly code: string }> =>
  typeof answer === "object" && answer !== null && "ok" in answer && typeof answer.ok === "boolean";

const settle = (answer: unknown): Effect.Effect<unknown, unknown> => {
  if (!isResult(answer)) return Effect.succeed(answer);
  return answer.ok
    ? Effect.succeed(answer.value)
    : Effect.fail({ ...answer.error, _tag: answer.error.code });
};

type Call = (...values: readonly unknown[]) => unknown;

const effectful = (call: Call): Call => (...values) =>
  Effect.flatMap(Effect.promise(async () => await call(...values)), settle);

const streaming = (call: Call): Call => (...values) =>
  Stream.orDie(
    Stream.suspend(() =>
      Stream.fromAsyncIterable(call(...values) as AsyncIterable<unknown>, (error) => error)
    ),
  );

const STREAMS: readonly string[] = ["follow", "followAll"] satisfies (keyof Promised)[];

const convert = (part: object): unknown =>
  Object.fromEntries(
    Object.entries(part).map(([name, member]) => {
      if (typeof member !== "function") return [name, convert(member)];
      return [name, (STREAMS.includes(name) ? streaming : effectful)(member)];
    }),
  );

const NANOS_PER_MS = 1_000_000n;

const acquire = (options: LedgerOptions) =>
  Effect.gen(function* () {
    const services = yield* Effect.context<never>();
    const time = yield* Clock.Clock;
    const clock = options.clock ?? openTrustedClock({
      wall: () => time.currentTimeMillisUnsafe(),
      monotonic: () => Number(time.monotonicTimeNanosUnsafe() / NANOS_PER_MS),
    });
    return yield* Effect.acquireRelease(
      Effect.sync(() => open({ ...options, clock }, { services })),
      (ledger) => Effect.promise(() => ledger.close()),
    );
  });

/**
 * A layer with a ledger, which is closed with the layer's scope. It runs in the services that the
 * layer is built with: its clock (unless another is given) and all its waiting are those of Effect,
 * so that a `TestClock` moves them, and a tracer sees its spans. `options` may be an effect, for
 * instance one that opens the log.
 */
export const layer = <Failure = never, Needs = never>(
  options: LedgerOptions | Effect.Effect<LedgerOptions, Failure, Needs>,
): Layer.Layer<Ledger, Failure, Needs> =>
  Layer.effect(
    Ledger,
    Effect.map(
      Effect.flatMap(Effect.isEffect(options) ? options : Effect.succeed(options), acquire),
      (ledger) => convert(ledger) as Ledger,
    ),
  );
