/**
 * Where a call comes from: noted without Effect, which an application over a ledger need not load.
 */
import type { Caller } from "../api/mod.ts";

/** A span, which only what made it (`spans`) looks into: others need no types of Effect. */
export type OpaqueSpan = { readonly spanId: string };

/** The request that a call is made for. */
export type Origin = {
  readonly requestId: string;
  /** Null where it is not traced. */
  readonly span: OpaqueSpan | null;
};

/** The same key for every copy of this package, as for a client's address. */
const ORIGIN = Symbol.for("ledgerline/origin");

type Noted = Caller & { readonly [ORIGIN]?: Origin };

/** The caller, noted with the request that it makes; the same caller in every other way. */
export const withOrigin = (caller: Caller, origin: Origin): Caller =>
  Object.defineProperty({ ...caller }, ORIGIN, { value: origin });

/** Where a call comes from that is given this first; undefined where nothing says so. */
export const originOf = (given: unknown): Origin | undefined =>
  typeof given === "object" && given !== null ? (given as Noted)[ORIGIN] : undefined;
