/** What a tool for agents is. */
import type * as v from "valibot";
import type { Result } from "../../core/values/result.ts";
import type { Call, Failure } from "../dialect.ts";

/** What a tool answers, as its schema of answers has it. */
export type Told = Readonly<Record<string, unknown>>;

/** What hosts read about a tool, so that they ask a person before it does harm. */
export type Hints = {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
};

/** A tool: what it takes and answers, and how it does that on behalf of a call's caller. */
export type Tool<Input extends v.GenericSchema = v.GenericSchema> = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly output: v.GenericSchema;
  readonly hints: Hints;
  /** Whether its input's schema reads a query: numbers then come as texts, as in a URL. */
  readonly readsQuery?: true;
  /** `given` is what came, which the ledger's own calls read; `read` what this tool read of it. */
  readonly run: (
    call: Call,
    given: Told,
    read: v.InferOutput<Input>,
  ) => Promise<Result<Told, Failure>>;
};

/** A tool whose input has its schema's type. */
export const tool = <const Input extends v.GenericSchema>(given: Tool<Input>): Tool =>
  given as unknown as Tool;

/** What came, without what the tool reads for itself. */
export const without = (given: Told, name: string): Told =>
  Object.fromEntries(Object.entries(given).filter(([one]) => one !== name));

/** It only reads. */
export const READS: Hints = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** It reads what a carrier offers. */
export const ASKS_CARRIER: Hints = { ...READS, openWorldHint: true };

/** It changes what can be changed back. */
export const CHANGES: Hints = { ...READS, readOnlyHint: false };

/** It spends money, or gives up what cannot be had again. */
export const COMMITS: Hints = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: true,
  openWorldHint: true,
};
