/** Spans of what a ledger does, where it is traced; else these cost next to nothing. */
import * as Effect from "effect/Effect";
import type { Each } from "./basis.ts";
import { Ports } from "./services.ts";
import type { Spans } from "./span-maker.ts";

/** Puts a span around it where the ledger is traced; else it is the work alone. */
export const inSpan = <Value, Failure>(
  name: string,
  options: Parameters<Spans["around"]>[1],
  work: Effect.Effect<Value, Failure, Ports>,
): Effect.Effect<Value, Failure, Ports> =>
  Effect.flatMap(
    Ports,
    ({ spans }) => spans === null ? work : spans.around(name, options, work),
  );

/** The span that it runs in; null where the ledger is not traced. */
export const spanOf = ({ spans }: Ports["Service"]): Spans["current"] =>
  spans === null ? Effect.succeed(null) : spans.current;

/** What begins a call for the span that it runs in, which its adapter may send with it. */
export const beginning: Effect.Effect<<Value>(call: () => Value) => Value, never, Ports> = Effect
  .flatMap(Ports, (ports) =>
    Effect.map(
      spanOf(ports),
      (span) => (call) =>
        span === null || ports.spans === null ? call() : ports.spans.within(span, call),
    ));

/** Does what commands ask of the log together, in a span of theirs. */
export const atLog = <Value>(
  { spans }: Ports["Service"],
  parts: readonly Each[],
  name: string,
  work: () => Promise<Value>,
): Promise<Value> =>
  spans === null
    ? work()
    : spans.together(parts.flatMap(({ given: { span } }) => span ?? []), name, work);
