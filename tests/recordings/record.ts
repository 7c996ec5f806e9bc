/** A whole run: servers and clients at work while all sorts of things fail, recorded. */
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openSqlOrderBook } from "../../adapters/carrier/sandbox/sql.ts";
import { systemClock } from "../../adapters/clock/system.ts";
import { openPostgresLog, type PostgresLog } from "../../adapters/log/postgres/mod.ts";
import { Unavailable } from "../../core/log/unavailable.ts";
import { SECOND_MS } from "../../core/values/calendar.ts";
import { type PostgresServer, SYNCED } from "../support/postgres.ts";
import { liveAll, openAccounts } from "./clients.ts";
import { collect, type Commits } from "./collect.ts";
import { openFleet } from "./fleet.ts";
import { type Call, fateOf, type Recording } from "./recording.ts";
import { beginReader, type Reader } from "./readers.ts";
import { eventually, until } from "../support/eventually.ts";

/** How a run is to be. */
export type Plan = {
  readonly seed: number;
  readonly servers: number;
  readonly clients: number;
  readonly seconds: number;
  readonly onProgress?: (progress: Progress) => void;
};

/** How far a run has come. */
export type Progress = {
  readonly seconds: number;
  readonly calls: number;
  readonly unknown: number;
  readonly kills: number;
  readonly cut: number;
  readonly events: number;
};

/** What PostgreSQL must be started with: commit times show who held a number when. */
export const POSTGRES_FLAGS = ["-c", "track_commit_timestamp=on", ...SYNCED];

const ORGANIZATIONS = 20;
const EVERY_MS = 500;

/** Some of the sandbox's magic numbers, each with its own failure; then enough to reach limits. */
const NUMBERS = [
  "+14155550112",
  "+14155550113",
  "+14155550114",
  ...Array.from({ length: 200 }, (_, index) => `+14152240${String(100 + index)}`),
];

/** Well above the lease of a server that was killed. */

const COMMITS = `
  select extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000000 as committed
  from ledgerline.event where organization = $1 order by position`;

const commitsIn = (log: PostgresLog): Commits => async ([first]) => {
  if (first === undefined) return [];
  const rows = await log.database.query(COMMITS, [first.organization]);
  return rows.map(({ committed }) => Number(committed));
};

/** Waits until nothing is due any more. */
const settled = async (log: PostgresLog): Promise<void> => {
  await eventually(() => log.due(systemClock.now(), 10), (due) => due.length === 0);
};

/** Waits until readers have reached the end; the checker finds those that do not. */
const caughtUp = async (readers: readonly Reader[], books: Recording["books"]): Promise<void> => {
  const isBehind = ({ of, positions }: Reader): boolean =>
    books.some(({ organization, events }) =>
      (of ?? organization) === organization && positions[organization] !== events.length
    );
  await until(() => !readers.some(isBehind)).catch(() => {});
};

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((all, one) => all + one, 0);

/**
 * Runs servers on a database of this PostgreSQL, which must keep commit timestamps, with clients
 * and four readers; kills and cuts; then lets all of it settle, and stops the servers.
 */
export const recordRun = async (
  postgres: PostgresServer,
  { seed, servers, clients, seconds, onProgress = () => {} }: Plan,
): Promise<Recording> => {
  const url = await postgres.database();
  const fleet = await openFleet(postgres, url, servers);
  const log = await openPostgresLog({ url });
  const [first] = fleet.asks();
  if (first === undefined) throw new Error("no server runs");
  const accounts = await openAccounts(first, ORGANIZATIONS);
  const reading = new AbortController();
  const readers = [null, null, accounts[1]?.id ?? null, accounts[2]?.id ?? null].map((of, index) =>
    beginReader(
      log,
      { reader: `reader ${index}`, of, seed: seed + index },
      reading.signal,
      (error) => error instanceof Unavailable,
    )
  );
  const calls: Call[] = [];
  const began_ms = performance.now();
  const isOver = (): boolean => performance.now() > began_ms + seconds * SECOND_MS;
  const tell = (): void =>
    onProgress({
      seconds: Math.min(seconds, (performance.now() - began_ms) / SECOND_MS),
      calls: calls.length,
      unknown: calls.filter((call) => fateOf(call) === "unknown").length,
      ...fleet.losses,
      events: sum(Object.values(readers[0]?.positions ?? {})),
    });
  const telling = setInterval(tell, EVERY_MS);
  const record = (call: Call): void => void calls.push(call);
  const stage = { seed, accounts, numbers: NUMBERS, servers: fleet.asks, record };
  await Promise.all([liveAll(stage, clients, isOver), fleet.strike(seed, isOver)]);
  clearInterval(telling);
  await settled(log);
  await fleet.stop();
  const orders = await openSqlOrderBook(log.database);
  const carrier = openSandboxCarrier({ orders, clock: systemClock });
  const end = await collect(log, carrier, NUMBERS, commitsIn(log));
  await caughtUp(readers, end.books);
  tell();
  reading.abort();
  const readings = (await Promise.all(readers.map(({ done }) => done))).flat();
  await log.close();
  return { seed, calls, readings, ...end };
};
