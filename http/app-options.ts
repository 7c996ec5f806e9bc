/** What an application is made of, and how that is checked; a worker checks nothing of it. */
import * as v from "valibot";
import type { Ledger } from "../adapters/ledger/api/mod.ts";
import { adapter, CallableSchema, exactly, WaitSchema } from "../adapters/validation/shapes.ts";
import type { CarrierWebhook, KeptAnswers, RateLimiter } from "../core/ports/mod.ts";
import type { Milliseconds } from "../core/values/calendar.ts";
import { oneOf } from "../core/values/choice.ts";
import { AdminTokenSchema } from "./auth.ts";
import type { Route } from "./dialect.ts";
import type { Documents } from "./documents.ts";
import type { LedgerSource } from "./ledger-source.ts";
import type { PlanMemo } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import { OriginSchema } from "./origin.ts";
import type { OnError } from "./perform.ts";
import type { Tracing } from "./tracing.ts";
import type { Guard } from "./unknown-tokens.ts";

/** What a server answers: everything, everything but `/admin`, or `/admin` alone. */
const SIDES = ["all", "public", "admin"] as const;

/** Routes of `/ledger` that an application may have, and that are loaded apart from it. */
export type Apart = {
  /** What each is, the application alone knows. */
  readonly routes: () => readonly object[];
};

type Options = {
  /**
   * A caller that sends it is the operator; null turns `/admin` off. Several with commas between
   * are all good.
   */
  readonly adminToken: string | null;
  /**
   * Which routes are answered: `public` is all but `/admin`, `admin` is `/admin` alone, each with
   * `/healthz` and `/readyz`; `all` by default.
   */
  readonly serves?: (typeof SIDES)[number] | undefined;
  /** Verifies the carrier's webhooks; without it they are refused (503). */
  readonly webhook?: CarrierWebhook | null;
  /** How long a body may take to arrive, in milliseconds; 20,000 by default. */
  readonly bodyMs?: Milliseconds | undefined;
  /** Counts requests against what organizations' plans allow; without it they are not counted. */
  readonly limiter?: RateLimiter | null;
  /**
   * Keeps what is answered under callers' keys; without it a repeat is answered by the ledger
   * alone, where it takes a command's id.
   */
  readonly answers?: KeptAnswers | null;
  /** The cache of plans; for consecutive applications in one process. */
  readonly planMemo?: PlanMemo;
  /** Counts answers, and is read at `/metrics` on the operator's side; without it that is 404. */
  readonly metrics?: Metrics | null | undefined;
  /** Takes traces of requests to routes of dialects. */
  readonly tracing?: Tracing | null | undefined;
  /** The origins whose pages may call the APIs with a token (never `/admin`); none by default. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Called with every unexpected error; see `OnError`. */
  readonly onError?: OnError | undefined;
};

export type ApplicationOptions = Options & {
  readonly ledger: Ledger;
  /** What the server says of its own APIs (`openDocuments`); nothing where it is left out. */
  readonly documents?: Documents | undefined;
  /** The feed of events (`openEventFeed`); none where it is left out. */
  readonly feed?: Apart | undefined;
  /** Tools for agents over the Model Context Protocol (`openMcp`); none where it is left out. */
  readonly mcp?: Apart | undefined;
};

/** The same for a ledger that each request opens. */
export type LateAppOptions = Options & {
  readonly source: LedgerSource;
  /** Routes of `/ledger` beside its own. */
  readonly further?: readonly Route[];
  /** The cache of tokens; for consecutive applications. */
  readonly guard?: Guard;
};

/** Schemas of what an application over a ledger is made of. */
export const ENTRIES: Readonly<Record<keyof ApplicationOptions, v.GenericSchema>> = {
  ledger: adapter<Pick<Ledger, "authenticate" | "doubt" | "limits" | "now" | "ready">>({
    authenticate: true,
    doubt: true,
    limits: true,
    now: true,
    ready: true,
  }),
  adminToken: v.nullable(AdminTokenSchema),
  serves: v.optional(oneOf(SIDES)),
  webhook: v.nullish(adapter<CarrierWebhook>({ verify: true, orderKeyOf: true })),
  bodyMs: v.optional(WaitSchema),
  limiter: v.nullish(adapter<RateLimiter>({ take: true })),
  answers: v.nullish(adapter<KeptAnswers>({ begin: true, renew: true, keep: true, free: true })),
  planMemo: v.optional(adapter<PlanMemo>({ get: true, set: true })),
  metrics: v.nullish(adapter<Metrics>({ answersOf: true, text: true, mayRead: true })),
  feed: v.optional(adapter<Apart>({ routes: true })),
  mcp: v.optional(adapter<Apart>({ routes: true })),
  documents: v.optional(adapter<Documents>({ pages: true })),
  corsOrigins: v.optional(v.array(OriginSchema)),
  tracing: v.nullish(adapter<Tracing>({ begin: true })),
  onError: v.optional(CallableSchema),
};

export const OptionsSchema = exactly(ENTRIES);
