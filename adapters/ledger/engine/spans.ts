/** Spans of what a ledger does, where it is traced; else these cost nothing. */
import * as Cause from "effect/Cause";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Option from "effect/Option";
import type * as Tracer from "effect/Tracer";
import type { Each } from "./basis.ts";
import { Ports } from "./services.ts";

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

/** Puts a span around it, which has the type of a failure as `error.type`. */
export const withSpan = <Value, Failure, Needs>(
  name: string,
  options: Tracer.SpanOptions,
  work: Effect.Effect<Value, Failure, Needs>,
): Effect.Effect<Value, Failure, Needs> =>
  Effect.flatten(Effect.withSpan(Effect.tap(Effect.exit(work), failureIn), name, options));

/** The same where the ledger is traced; else the work alone. */
export const inSpan = <Value, Failure>(
  name: string,
  options: Pick<Tracer.SpanOptions, "kind" | "attributes">,
  work: Effect.Effect<Value, Failure, Ports>,
): Effect.Effect<Value, Failure, Ports> =>
  Effect.flatMap(
    Ports,
    ({ tracer }) => tracer === null ? work : withSpan(name, options, work),
  );

/** The span that it runs in; null where the ledger is not traced. */
export const spanOf = (
  { tracer }: Ports["Service"],
): Effect.Effect<Tracer.AnySpan | null> =>
  tracer === null
    ? Effect.succeed(null)
    : Effect.map(Effect.option(Effect.currentParentSpan), Option.getOrNull);

const spanned = async <Value>(
  tracer: Tracer.Tracer,
  parts: readonly Each[],
  name: string,
  work: () => Promise<Value>,
): Promise<Value> => {
  const [parent, ...others] = parts.flatMap(({ given: { span } }) => span ?? []);
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
  span.attribute("ledgerline.commands", parts.length);
  try {
    const value = await work();
    span.end(spanTime(), Exit.void);
    return value;
  } catch (error) {
    span.attribute("error.type", typeOf(error));
    span.end(spanTime(), Exit.fail(typeOf(error)));
    throw error;
  }
};

/** Does what commands ask of the log together, in a span of the first that links to the others. */
export const atLog = <Value>(
  { tracer }: Ports["Service"],
  parts: readonly Each[],
  name: string,
  work: () => Promise<Value>,
): Promise<Value> => tracer === null ? work() : spanned(tracer, parts, name, work);
