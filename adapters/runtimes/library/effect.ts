/** The ledger as a service of Effect. */
import * as Clock from "effect/Clock";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type * as Scope from "effect/Scope";
import * as Stream from "effect/Stream";
import * as Tracer from "effect/Tracer";
import type { Feed, LedgerEffects } from "../../ledger/api/effects.ts";
import { openCalls } from "../../ledger/open-calls.ts";
import { openTrustedClock } from "../../clock/trusted.ts";
import { complete } from "./opening.ts";
import type { LedgerOptions } from "./options.ts";

export type { Feed, LedgerEffects, Performed, Tagged } from "../../ledger/api/effects.ts";

/** A call that follows the log as a stream, one for a page as an effect, or a group of them. */
export type Streaming<Call> = Call extends (...values: infer Given) => AsyncIterable<infer Item>
  ? (...values: Given) => Stream.Stream<Item>
  : Call extends (...values: infer Given) => Promise<infer Value>
    ? (...values: Given) => Effect.Effect<Value>
  : { readonly [Name in keyof Call]: Streaming<Call[Name]> };

/**
 * All calls of a ledger, as effects. A refusal is an error whose `_tag` is its code; what else can
 * go wrong (a wrong argument of a call without refusals, a closed ledger, a broken adapter) is a
 * defect. Following gives streams.
 */
export type Ledger = LedgerEffects & { readonly [Name in keyof Feed]: Streaming<Feed[Name]> };

/** The tag of the service. */
export const Ledger: Context.Service<Ledger, Ledger> = Context.Service("ledgerline/Ledger");

const streaming = <Given extends readonly unknown[], Item>(
  call: (...values: Given) => AsyncIterable<Item>,
) =>
(...values: Given): Stream.Stream<Item> =>
  Stream.orDie(
    Stream.suspend(() => Stream.fromAsyncIterable(call(...values), (error) => error)),
  );

const NANOS_PER_MS = 1_000_000n;

const acquire = (options: LedgerOptions): Effect.Effect<Ledger, never, Scope.Scope> =>
  Effect.gen(function* () {
    // A call belongs to its caller's span, and not to the one in which the layer was built.
    const context = Context.omit(Tracer.ParentSpan)(yield* Effect.context<never>());
    const time = yield* Clock.Clock;
    // The context does not contain the default clock; without it a call would wait by its caller's.
    const services = Context.add(context, Clock.Clock, time);
    const clock = options.clock ?? openTrustedClock({
      wall: () => time.currentTimeMillisUnsafe(),
      monotonic: () => Number(time.monotonicTimeNanosUnsafe() / NANOS_PER_MS),
    });
    const { calls, feed } = yield* Effect.acquireRelease(
      Effect.sync(() => openCalls({ ...complete({ ...options, clock }), services })),
      ({ close }) => Effect.promise(close),
    );
    return {
      ...calls,
      follow: streaming(feed.follow),
      followAll: streaming(feed.followAll),
      numberPages: streaming(feed.numberPages),
      events: {
        list: (...given: Parameters<Feed["events"]["list"]>) =>
          Effect.promise(() => feed.events.list(...given)),
        follow: streaming(feed.events.follow),
      },
    };
  });

/**
 * A layer with a ledger, which is closed with the layer's scope. It runs in the services that the
 * layer is built with: its clock (unless another is given) and all its waiting are those of Effect,
 * so that a `TestClock` moves them, and a tracer sees its spans. `options` may be an effect, for
 * instance one that opens the log.
 *
 * A call runs in a fiber of its own, for which its caller waits. A caller that is interrupted stops
 * waiting, and the call goes on to its end; letting the layer go waits for that.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect";
 * import { openSandboxCarrier } from "ledgerline/carriers/sandbox";
 * import { layer, Ledger } from "ledgerline/effect";
 * import { openMemoryLog } from "ledgerline/memory";
 *
 * const open = Effect.gen(function* () {
 *   const ledger = yield* Ledger;
 *   return yield* ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
 * });
 * const opened = layer({ log: openMemoryLog(), carrier: openSandboxCarrier() });
 * await Effect.runPromise(open.pipe(Effect.provide(opened)));
 * ```
 */
export const layer = <Failure = never, Needs = never>(
  options: LedgerOptions | Effect.Effect<LedgerOptions, Failure, Needs>,
): Layer.Layer<Ledger, Failure, Needs> =>
  Layer.effect(
    Ledger,
    Effect.flatMap(Effect.isEffect(options) ? options : Effect.succeed(options), acquire),
  );
