/** How a call is described to those who write clients. */
import type * as v from "valibot";

/** An answer of a call: a sentence, its body's schema, null where there is none, and an example. */
export type Answered = {
  readonly says: string;
  readonly schema: v.GenericSchema | null;
  readonly example?: unknown;
  /** Whether it is also given as a stream of server-sent events, each with one of its items. */
  readonly streams?: true;
  /** Whether a header says where what was made can be read. */
  readonly hasLocation?: true;
};

/** The statuses of answers that are not refusals. */
export type Done = 200 | 201 | 202 | 204;

/** A call of a dialect, beside its method and path. */
export type Operation = {
  /** A name for generated clients, unique in its document. */
  readonly id: string;
  readonly summary: string;
  /** What the path's parameters are, by name. */
  readonly path?: Readonly<Record<string, string>>;
  /** The schema that reads the query. */
  readonly query?: v.GenericSchema;
  /** The schema that reads the body. */
  readonly body?: v.GenericSchema;
  readonly bodyExample?: unknown;
  /** Whether the body may be left out. */
  readonly isBodyOptional?: true;
  readonly answers: Readonly<Partial<Record<Done, Answered>>>;
  /** Statuses of its refusals, beside those that all calls of its dialect have. */
  readonly refusals?: readonly number[];
};

/** The calls of a dialect, by method and path: `GET /v1/phone-numbers/{id}`. */
export type Operations = Readonly<Record<string, Operation>>;
