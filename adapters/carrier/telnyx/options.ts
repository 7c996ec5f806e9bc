import * as v from "valibot";
import type { Clock } from "../../../core/ports/mod.ts";
import {
  CallableSchema,
  ClockSchema,
  exactly,
  PauseSchema,
  WaitSchema,
  WebUrlSchema,
  whole,
} from "../../validation/shapes.ts";
import type { Optional } from "../../validation/optional.ts";
import type { Limits } from "./limits.ts";

/**
 * A circuit breaker that has opened, or closed again: that of all requests (`carrier`), or one of
 * requests that Telnyx may fail at alone (`question`), such as a search.
 */
export type CircuitChange = {
  readonly circuit: "carrier" | "question";
  readonly isOpen: boolean;
};

/** How Telnyx is reached. */
export type TelnyxOptions = {
  /** The account's API key, not empty; no message ever holds it. */
  readonly apiKey: string;
  /** `TELNYX_URL` by default. */
  readonly baseUrl?: string | undefined;
  readonly fetch?: typeof fetch | undefined;
  /**
   * Measures how long ago a search found a number, or an order was filled; the machine's by
   * default.
   */
  readonly clock?: Clock | undefined;
  /** Overrides of `LIMITS`. */
  readonly limits?: Optional<Limits> | undefined;
  /**
   * Called when a circuit breaker opens, after which requests fail unsent for a while, or closes;
   * must not throw.
   */
  readonly onCircuit?: ((change: CircuitChange) => void) | undefined;
  /**
   * Called as each call to the carrier begins: what its requests are sent with as `traceparent`
   * (W3C Trace Context), or null. Must not throw; none is sent by default.
   */
  readonly traceparent?: (() => string | null) | undefined;
};

/** A schema for an API key, which goes into a header. */
export const ApiKeySchema: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.regex(/^[\x21-\x7e]{1,200}$/, "must be printable, without spaces"),
);

const LIMITS: Readonly<Record<keyof Limits, v.GenericSchema>> = {
  concurrency: v.optional(whole(1, Number.MAX_SAFE_INTEGER)),
  queueMs: v.optional(PauseSchema),
  attemptMs: v.optional(WaitSchema),
  orderMs: v.optional(WaitSchema),
  sightMs: v.optional(WaitSchema),
  callMs: v.optional(WaitSchema),
  repeats: v.optional(whole(0, Number.MAX_SAFE_INTEGER)),
  backoffMs: v.optional(PauseSchema),
  longestWaitMs: v.optional(PauseSchema),
  failures: v.optional(whole(1, Number.MAX_SAFE_INTEGER)),
  coolMs: v.optional(PauseSchema),
};

const ENTRIES: Readonly<Record<keyof TelnyxOptions, v.GenericSchema>> = {
  apiKey: ApiKeySchema,
  baseUrl: v.optional(WebUrlSchema),
  fetch: v.optional(CallableSchema),
  clock: v.optional(ClockSchema),
  limits: v.optional(exactly(LIMITS)),
  onCircuit: v.optional(CallableSchema),
  traceparent: v.optional(CallableSchema),
};

export const OptionsSchema = exactly(ENTRIES);
