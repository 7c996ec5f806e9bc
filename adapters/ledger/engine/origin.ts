/** Where a call comes from: what its reports name, and the span that its own belongs to. */
import * as Effect from "effect/Effect";
import type * as Tracer from "effect/Tracer";
import type { Caller } from "../api/mod.ts";
import { Ports } from "./services.ts";
import { withSpan } from "./spans.ts";

/** The request that a call is made for. */
export type Origin = {
  readonly requestId: string;
  /** Null where it is not traced. */
  readonly span: Tracer.AnySpan | null;
};

/** The same key for every copy of this package, as for a client's address. */
const ORIGIN = Symbol.for("ledgerline/origin");

type Noted = Caller & { readonly [ORIGIN]?: Origin };

/** The caller, noted with the request that it makes; the same caller in every other way. */
export const withOrigin = (caller: Caller, origin: Origin): Caller =>
  Object.defineProperty({ ...caller }, ORIGIN, { value: origin });

/** The call of this name, as what is given to it says where it comes from, if anything does. */
export const fromOrigin = <Value, Failure>(
  given: unknown,
  name: string,
  call: Effect.Effect<Value, Failure, Ports>,
): Effect.Effect<Value, Failure, Ports> => {
  const origin = typeof given === "object" && given !== null ? (given as Noted)[ORIGIN] : undefined;
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
    if (span === null || ports.tracer === null) return named;
    const attributes = { "ledgerline.organization": organization };
    return withSpan(`ledger ${name}`, { parent: span, attributes }, named);
  });
};
