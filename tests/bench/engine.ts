/** The database that both sides of a comparison use, and the bare statements on it. */
import {
  NO_LIMITS,
  type Plan,
  type PlanCatalogue,
  type PlanLimits,
} from "../../core/values/plan.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ledger } from "../../adapters/ledger/mod.ts";
import { openPgliteLog, type PgliteLog } from "../../adapters/log/pglite/mod.ts";
import type { Database } from "../../adapters/log/sql/database.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { openIdleLedger } from "../support/ledger.ts";

/** Runs `work` with a new folder, which is removed afterwards. */
export const withFolder = async <Value>(
  work: (folder: string) => Promise<Value>,
): Promise<Value> => {
  const folder = mkdtempSync(join(tmpdir(), "ledgerline-bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Runs `work` with a new log in PGlite on files, synced at every commit. */
export const withLog = <Value>(work: (log: PgliteLog) => Promise<Value>): Promise<Value> =>
  withFolder(async (folder) => {
    const log = await openPgliteLog({ folder, durability: "synced" });
    try {
      return await work(log);
    } finally {
      await log.close();
    }
  });

/** A plan without a limit, so that what is measured is never refused. */
export const UNLIMITED = "Unlimited";

/** The same with a limit of requests that nothing reaches, so that they are counted. */
export const COUNTED = "Counted";

const plan = (name: string, limits: PlanLimits): Plan => ({
  name,
  maxNumbers: 1_000_000,
  billing: "subscription",
  verification: "none",
  limits,
});

export const BENCH_PLANS: PlanCatalogue = {
  [UNLIMITED]: plan(UNLIMITED, NO_LIMITS),
  [COUNTED]: plan(COUNTED, { ...NO_LIMITS, requestsPerMinute: 1_000_000_000 }),
};

/** The ledger on a log, with these plans. It does no background work, and stays open. */
export const openBenchLedger = (log: EventLog): Ledger =>
  openIdleLedger(log, { plans: BENCH_PLANS });

/** A table such as anyone would begin with: a key, a text, nothing else. */
export const BARE_TABLE =
  "create table bare (id bigint primary key, organization text not null, data text not null)";
export const BARE_INSERT = "insert into bare (id, organization, data) values ($1, $2, $3)";
export const BARE_READ = "select id, organization, data from bare where id = $1";

/** The minimum that a program on this engine does: one prepared statement per operation. */
export type Bare = {
  /** Inserts a row with a new key. */
  readonly insert: (data: string) => Promise<unknown>;
  /** Reads the row that was inserted first. */
  readonly read: () => Promise<Readonly<Record<string, string | null>>>;
};

/** Creates the bare table and its statements, on the log's own connection to the engine. */
export const openBare = async (database: Database): Promise<Bare> => {
  await database.query(BARE_TABLE, []);
  let id = 0;
  return {
    insert: (data) => database.query(BARE_INSERT, [id += 1, "acme", data]),
    read: async () => (await database.query(BARE_READ, [1]))[0] ?? {},
  };
};

const EXCHANGES = Array.from({ length: 800 }, (_, place) => String(200 + place))
  .filter((exchange) => !exchange.endsWith("11") && exchange !== "555");

/** Another number of area code 415 for each `index`, from 0 to seven million; none is magic. */
export const numberAt = (index: number): `+${string}` => {
  const exchange = EXCHANGES[index % EXCHANGES.length];
  const line = Math.floor(index / EXCHANGES.length) % 10_000;
  return `+1415${exchange}${String(line).padStart(4, "0")}`;
};
