/** Spans by a tracer of Effect's. */
import * as Cause from "effect/Cause";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Option from "effect/Option";
import type * as Tracer from "effect/Tracer";
import type { Spans } from "../../ledger/engine/span-maker.ts";

const NANOS_PER_MS = 1e6;

/** The time as spans have it, in nanoseconds since 1970. */
export const spanTime = (): bigint =>
  BigInt(Math.round((performance.timeOrigin + performance.now()) * NANOS_PER_MS));

/** What a span says of a failure: never its message, which may name a number or a person. */
const typeOf = (error: unknown): string => {
  if (error instanceof Error) return error.name;
  const { _tag } = (error ?? {}) as { readonly _tag?: unknown };
  return typeof _tag === "string" ? _tag : "unknown";
};

const failureIn = (exit: Exit.Exit<unknown, unknown>): Effect.Effect<void> =>
  Exit.isSuccess(exit)
    ? Effect.void
    : Effect.annotateCurrentSpan("error.type", typeOf(Cause.squash(exit.cause)));

/** A span, as it is sent to another system (W3C Trace Context, 3.2). */
const traceparentOf = ({ traceId, spanId, sampled }: Tracer.AnySpan): string =>
  `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;

/** What a call that begins now is to be sent with as `traceparent`; null outside of all spans. */
export type Traceparent = () => string | null;

const spansBy = (tracer: Tracer.Tracer): Omit<Spans, "within"> => ({
  around: (name, options, work) =>
    Effect.flatten(Effect.withSpan(Effect.tap(Effect.exit(work), failureIn), name, options)),
  current: Effect.map(Effect.option(Effect.currentParentSpan), Option.getOrNull),
  together: async ([parent, ...others], name, work) => {
    const span = tracer.span({
      name,
      parent: Option.fromUndefinedOr(parent),
      annotations: Context.empty(),
      links: others.map((other) => ({ span: other, attributes: {} })),
      startTime: spanTime(),
      kind: "client",
      root: parent === undefined,
      sampled: parent?.sampled ?? true,
    });
    try {
      const value = await work();
      span.end(spanTime(), Exit.void);
      return value;
    } catch (error) {
      span.attribute("error.type", typeOf(error));
      span.end(spanTime(), Exit.fail(typeOf(error)));
      throw error;
    }
  },
});

/**
 * Spans of a ledger, which this tracer takes; it must be among the ledger's services too. And the
 * span that a call begins in, for other systems.
 */
export const openSpans = (
  tracer: Tracer.Tracer,
): { readonly spans: Spans; readonly traceparent: Traceparent } => {
  let current: Tracer.AnySpan | null = null;
  const within: Spans["within"] = (span, work) => {
    const before = current;
    current = span;
    try {
      return work();
    } finally {
      current = before;
    }
  };
  return {
    spans: { ...spansBy(tracer), within },
    traceparent: () => current === null ? null : traceparentOf(current),
  };
};
