/** Everything that is measured of a server, where its settings say so. */
import type { Carrier, RateLimiter } from "../../../core/ports/mod.ts";
import { secretCheck } from "../../../http/auth.ts";
import type { Metrics } from "../../../http/metrics.ts";
import type { CircuitChange } from "../../carrier/telnyx/options.ts";
import type { Ledger } from "../../ledger/api/mod.ts";
import type { DatabaseLog } from "../../log/sql/log.ts";
import type { Settings } from "../server/settings.ts";
import { countAnswers, countThrottled } from "./answers.ts";
import { measureCarriers, measureCircuits } from "./carrier.ts";
import { measureClock, measureFollowers, measureWork } from "./ledger.ts";
import { type LogEvents, measureLog, measureLogEvents } from "./log.ts";
import { measureProcess } from "./process.ts";
import type { Sharing } from "./processes.ts";
import { openRegistry } from "./registry.ts";

/** The parts of a server, each as it is measured. */
export type Measures = {
  readonly logEvents: LogEvents;
  readonly log: (log: DatabaseLog) => DatabaseLog;
  readonly carrier: (carrier: Carrier) => Carrier;
  /** Of a carrier that has circuit breakers, by its name. */
  readonly circuitsOf: (carrier: string) => (change: CircuitChange) => void;
  readonly limiter: (limiter: RateLimiter) => RateLimiter;
  /** Of the ledger of the log; measuring ends when it is closed. */
  readonly ledger: (ledger: Ledger, log: DatabaseLog) => Ledger;
  readonly http: Metrics;
};

/** Who may read what is measured: the operator, and callers with the token for it. */
const readersOf = (
  { metrics, metricsToken, adminToken }: Settings,
): Metrics["mayRead"] => {
  if (metrics === "open") return () => true;
  const tokens = [metricsToken, adminToken].filter((token) => token !== null);
  // All are compared, so that the time does not tell which it is.
  const isOne = secretCheck(tokens.join());
  return (token) => token !== null && isOne(token);
};

/**
 * What measures a server; nothing is measured until its parts are given to it. `share` shows it
 * together with what other processes of the server measure.
 */
export const openMeasures = (
  settings: Settings,
  share: Sharing = (own) => own,
): Measures => {
  const registry = openRegistry();
  // What is read from the database is the same for all processes.
  const common = openRegistry();
  const text = share(registry.text);
  const end = measureProcess(registry);
  return {
    logEvents: measureLogEvents(registry),
    log: (log) => measureLog(log, registry),
    carrier: measureCarriers(registry),
    circuitsOf: (carrier) => measureCircuits(carrier, registry),
    limiter: (limiter) => countThrottled(limiter, registry),
    ledger: (ledger, log) => {
      measureWork(log, ledger, common);
      measureClock(ledger, registry);
      const close = async (): Promise<void> => {
        end();
        await ledger.close();
      };
      return { ...measureFollowers(ledger, registry), close, [Symbol.asyncDispose]: close };
    },
    http: {
      answersOf: countAnswers(registry),
      text: async () => (await Promise.all([text(), common.text()])).join(""),
      mayRead: readersOf(settings),
    },
  };
};
