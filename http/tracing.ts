/** Traces of requests, where something takes them. */
import type { Origin } from "../adapters/ledger/engine/origin.ts";
import type { Asked } from "./asked.ts";
import type { Counted } from "./metrics.ts";

/** A request that is traced: a span from its headers to its answer's headers. */
export type Traced = {
  readonly span: NonNullable<Origin["span"]>;
  /** Ends it with the status of the answer. */
  readonly end: (status: number) => void;
};

/** Takes traces of requests. */
export type Tracing = {
  /** Begins a span of the caller's trace, or of a new one without a caller's. */
  readonly begin: (counted: Counted, asked: Asked) => Traced;
};
