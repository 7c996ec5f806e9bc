/** Calls that are made for a request: what is reported of them names it, and they are traced. */
import * as Effect from "effect/Effect";
import type * as Tracer from "effect/Tracer";
import type { Caller } from "../api/mod.ts";
import { originOf } from "./origin.ts";
import { Ports } from "./services.ts";

/** The call of this name, as what is given to it says where it comes from, if anything does. */
export const fromOrigin = <Value, Failure>(
  given: unknown,
  name: string,
  call: Effect.Effect<Value, Failure, Ports>,
): Effect.Effect<Value, Failure, Ports> => {
  const origin = originOf(given);
  if (origin === undefined) return call;
  const { requestId, span } = origin;
  const { organization } = given as Caller;
  return Effect.flatMap(Ports, (ports) => {
    const report: Ports["Service"]["report"] = (what, error, about) =>
      ports.report(what, error, {
        requestId,
        ...(organization !== "" && { organization }),
        ...about,
      });
    const named = Effect.provideService(call, Ports, { ...ports, report });
    if (span === null || ports.spans === null) return named;
    const attributes = { "ledgerline.organization": organization };
    // What traces the ledger also began the request's span.
    const parent = span as Tracer.AnySpan;
    return ports.spans.around(`ledger ${name}`, { parent, attributes }, named);
  });
};
