/** A recording without processes or a database: two ledgers on a log in memory. */
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { systemClock } from "../../adapters/clock/system.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { openTestApp } from "../support/app.ts";
import { until } from "../support/eventually.ts";
import { type Ask, liveAll, openAccounts } from "./clients.ts";
import { collect } from "./collect.ts";
import type { Call, Recording } from "./recording.ts";
import { beginReader } from "./readers.ts";

/** Loses some calls on the way there, and some answers on the way back. */
const losing = (ask: Ask): Ask => {
  let count = 0;
  return async (...input) => {
    count += 1;
    if (count % 17 === 0) throw new Error("the call is lost");
    const answer = await ask(...input);
    if (count % 13 === 0) throw new Error("the answer is lost");
    return answer;
  };
};

const NUMBERS = Array.from({ length: 12 }, (_, index) => `+141522400${10 + index}`);

/** Records the outcome of so many calls by eight clients on two ledgers, with two readers. */
export const recordInMemory = async (
  { seed, calls: wanted }: { readonly seed: number; readonly calls: number },
): Promise<Recording> => {
  const log = openMemoryLog();
  const clock = systemClock;
  const carrier = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const apps = [1, 2].map(() => openTestApp({ log, clock, carrier }));
  const asks = apps.map(({ request }) => request);
  const [first] = asks;
  if (first === undefined) throw new Error("no ledger is open");
  const accounts = await openAccounts(first, 5);
  const ending = new AbortController();
  const { signal } = ending;
  const [all, one] = [null, accounts[1]?.id ?? null].map((of) =>
    beginReader(log, { reader: of ?? "all", of, seed }, signal, () => false)
  );
  const lossy = asks.map(losing);
  const calls: Call[] = [];
  const record = (call: Call): void => void calls.push(call);
  await liveAll(
    { seed, accounts, numbers: NUMBERS, servers: () => lossy, record },
    8,
    () => calls.length >= wanted,
  );
  for (const { ledger } of apps) await ledger.work.run();
  const commits = (events: readonly { readonly at: number }[]) =>
    Promise.resolve(events.map(({ at }) => at * 1_000));
  const end = await collect(log, carrier, NUMBERS, commits);
  const isBehind = (): boolean =>
    end.books.some(({ organization, events }) =>
      all?.positions[organization] !== events.length ||
      (organization === accounts[1]?.id && one?.positions[organization] !== events.length)
    );
  await until(() => !isBehind());
  ending.abort();
  const readings = (await Promise.all([all?.done ?? [], one?.done ?? []])).flat();
  for (const app of apps) await app.close();
  return { seed, calls, readings, ...end };
};
