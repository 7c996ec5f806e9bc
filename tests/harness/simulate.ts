/**
 * Simulated runs of the ledger, in which everything fails; what it takes is loaded when used.
 */
import { messageOf } from "../../core/values/error-message.ts";
import * as v from "valibot";
import { assertArguments } from "../../adapters/validation/argument.ts";
import type { Milliseconds } from "../../core/values/calendar.ts";
import { CallableSchema, exactly, PauseSchema, whole } from "../../adapters/validation/shapes.ts";
import type { Plant } from "./simulation/simulated-run.ts";

import { SeedSchema } from "./seed.ts";

export type { Plant } from "./simulation/simulated-run.ts";
export type { Outside } from "./simulation/process.ts";

/** How much is simulated, and how. */
export type SimulateOptions = {
  /** How many runs, at least one; 100 by default. */
  readonly runs?: number | undefined;
  /** Where a run is that was found before: a verdict's `path`. */
  readonly path?: string | undefined;
  /**
   * Puts something of your own between the ledger and its ports: called for each run, it gives
   * what changes the ports that a process of the ledger gets.
   */
  readonly plant?: Plant | undefined;
  /** For how long a smaller run is looked for once one has failed; 10 s by default. */
  readonly shrinkMs?: Milliseconds | undefined;
};

/** The result of a simulation. */
export type Verdict =
  | { readonly ok: true; readonly seed: number; readonly runs: number }
  | {
    readonly ok: false;
    readonly seed: number;
    /** With the seed, leads to the run again. */
    readonly path: string;
    /** The rule that was broken; null where something else went wrong. */
    readonly rule: string | null;
    readonly message: string;
    /** What happened in the run, a line for each: when, and what. */
    readonly lines: readonly string[];
  };

const RUNS = 100;
const SHRINK_MS: Milliseconds = 10_000;

const ENTRIES: Readonly<Record<keyof SimulateOptions, v.GenericSchema>> = {
  runs: v.optional(whole(1, Number.MAX_SAFE_INTEGER)),
  path: v.optional(v.string()),
  plant: v.optional(CallableSchema),
  shrinkMs: v.optional(PauseSchema),
};

const ARGUMENTS = { seed: SeedSchema, options: exactly(ENTRIES) };

/**
 * Runs simulations of the real ledger on virtual time, over a carrier and payments that lose
 * answers, answer late, refuse and crash; the same seed gives the same runs. The first one that
 * breaks a rule of the domain ends the run: it is shrunk to a smaller one, which is listed event by
 * event. Rejects with an `InvalidArgument` that names what does not fit, also where there would be
 * nothing to run.
 *
 * @example
 * ```ts
 * import { simulate } from "ledgerline/testing";
 *
 * const verdict = await simulate(7, { runs: 20 });
 * if (!verdict.ok) throw new Error(JSON.stringify(verdict));
 * ```
 */
export const simulate = async (
  seed: number,
  options: SimulateOptions = {},
): Promise<Verdict> => {
  assertArguments(ARGUMENTS, [seed, options]);
  const { runs = RUNS, path = "", plant, shrinkMs = SHRINK_MS } = options;
  const { lookFor } = await import("./simulation/search.ts");
  const { Violation } = await import("./simulation/checker.ts");
  const planted = plant === undefined ? {} : { plant };
  const found = await lookFor({ runs, seed, path, shrinkMs, ...planted });
  if (found.failure === null) return { ok: true, seed, runs: found.runs };
  const { error, path: end } = found.failure;
  const lines: string[] = [];
  const note = (what: string, at: number) => lines.push(`${new Date(at).toISOString()} ${what}`);
  await lookFor({ runs: 1, seed, path: end, asFound: true, begin: () => note, ...planted });
  return {
    ok: false,
    seed,
    path: end,
    rule: error instanceof Violation ? error.rule : null,
    message: messageOf(error),
    lines,
  };
};
