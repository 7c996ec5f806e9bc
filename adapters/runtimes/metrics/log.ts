/** A log, as it is measured. */
import type { AppendOutcome } from "../../../core/ports/mod.ts";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import type { DatabaseLog } from "../../log/sql/log.ts";
import type { Registry } from "./registry.ts";

/** What the adapter of a log calls as things happen. */
export type LogEvents = {
  /** A sync to disk, of an embedded database. */
  readonly onSync: () => void;
  /** A statement with so many appends. */
  readonly onBatch: (size: number) => void;
  /** The log can no longer be used, or can be again. */
  readonly onAvailability: (isAvailable: boolean) => void;
};

/** Measures for how long a log was away, by a clock that is never set. */
const measureAvailability = (
  { read }: Registry,
  now: () => Milliseconds,
): LogEvents["onAvailability"] => {
  let awaySince: Milliseconds | null = null;
  let away_ms: Milliseconds = 0;
  const total = (): Milliseconds => away_ms + (awaySince === null ? 0 : now() - awaySince);
  read(
    "gauge",
    "ledgerline_log_available",
    "1 while the database of the log can be used, else 0.",
    () => awaySince === null ? 1 : 0,
  );
  read(
    "counter",
    "ledgerline_log_unavailable_seconds_total",
    "For how long the database of the log could not be used.",
    () => total() / SECOND_MS,
  );
  return (isAvailable) => {
    // It may be said several times that it is away, for another reason each time.
    if (!isAvailable) awaySince ??= now();
    else {
      away_ms = total();
      awaySince = null;
    }
  };
};

/** What a log's adapter is to call, so that it is measured. */
export const measureLogEvents = (
  registry: Registry,
  now: () => Milliseconds = () => performance.now(),
): LogEvents => {
  const { counter, sizes } = registry;
  const sync = counter("ledgerline_log_syncs_total", "Syncs to disk of an embedded database.")({});
  const batch = sizes(
    "ledgerline_log_batch_size",
    "How many appends go to the database in one statement.",
  )({});
  return {
    onSync: () => sync(),
    onBatch: batch,
    onAvailability: measureAvailability(registry, now),
  };
};

/**
 * The log, whose loads and appends are measured. An append that is a `conflict` is decided again;
 * `claimed` is one that met another's claim, and `repeated` one of a command that was given before.
 */
export const measureLog = (log: DatabaseLog, { counter, timer }: Registry): DatabaseLog => {
  const total = counter<{ readonly outcome: AppendOutcome["outcome"] | "failed" }>(
    "ledgerline_log_appends_total",
    "Appends by their outcome; one that is a conflict is decided again.",
  );
  const counts = {
    appended: total({ outcome: "appended" }),
    repeated: total({ outcome: "repeated" }),
    conflict: total({ outcome: "conflict" }),
    claimed: total({ outcome: "claimed" }),
    failed: total({ outcome: "failed" }),
  };
  const seconds = timer<{ readonly call: "load" | "append" }>(
    "ledgerline_log_duration_seconds",
    "Time of loading what a decision needs, and of appending what was decided.",
  );
  const [loading, appending] = [seconds({ call: "load" }), seconds({ call: "append" })];
  return {
    ...log,
    load: async (organization, needs) => {
      const begun = performance.now();
      const snapshot = await log.load(organization, needs);
      loading(performance.now() - begun);
      return snapshot;
    },
    append: async (append) => {
      const begun = performance.now();
      try {
        const outcome = await log.append(append);
        counts[outcome.outcome]();
        return outcome;
      } catch (error) {
        counts.failed();
        throw error;
      } finally {
        appending(performance.now() - begun);
      }
    },
  };
};
