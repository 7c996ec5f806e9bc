import type * as Effect from "effect/Effect";
import type * as Tracer from "effect/Tracer";

/** Makes spans. It is given to a ledger, so that one without it loads nothing of it. */
export interface Spans {
  /** Puts a span around it, which has the type of a failure as `error.type`. */
  around<Value, Failure, Needs>(
    name: string,
    options: Pick<Tracer.SpanOptions, "kind" | "attributes" | "parent">,
    work: Effect.Effect<Value, Failure, Needs>,
  ): Effect.Effect<Value, Failure, Needs>;
  /** The span that an effect runs in, where it runs in one. */
  readonly current: Effect.Effect<Tracer.AnySpan | null>;
  /** Does it for a span, which what it calls can ask for until it first waits. */
  within<Value>(span: Tracer.AnySpan, work: () => Value): Value;
  /** A span of what is done for those in these spans: the first one's, with links to the others. */
  together<Value>(
    spans: readonly Tracer.AnySpan[],
    name: string,
    work: () => Promise<Value>,
  ): Promise<Value>;
}
