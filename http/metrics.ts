/** What is counted of answers. */
import type { Milliseconds } from "../core/values/calendar.ts";
import type { Dialect } from "./dialect.ts";

/** Which requests are counted together: there are as many as routes, whatever callers send. */
export type Counted = {
  /** `none` outside all dialects. */
  readonly dialect: Dialect["name"] | "none";
  /** A path in Hono's notation, such as `/v1/phone-numbers/:id`; empty where there is no route. */
  readonly route: string;
  /** The method of the route, or `other`. */
  readonly method: string;
};

/** Is called with an answer's status, and how long it took until its body begins. */
export type Answered = (status: number, took_ms: Milliseconds) => void;

/** Counts answers, and shows what was counted. */
export type Metrics = {
  readonly answersOf: (counted: Counted) => Answered;
  /** All that is measured, as Prometheus reads it. */
  readonly text: () => Promise<string>;
  /** Whether a caller with this token may read it; null for one without. */
  readonly mayRead: (token: string | null) => boolean;
};

const METHODS: readonly string[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** The method of a request that no route takes, as it is counted. */
export const methodOf = ({ method }: Request): string =>
  METHODS.includes(method) ? method : "other";
