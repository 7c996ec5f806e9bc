/** Servers on one database that are killed and started again, and whose connections are cut. */
import fc from "fast-check";
import { pause } from "../support/pause.ts";
import type { PostgresServer } from "../support/postgres.ts";
import { startServer, type TestServer } from "../support/server.ts";
import type { Ask } from "./clients.ts";

/** A fault of the servers. */
type Blow = {
  readonly what: "kill" | "cut";
  readonly server: number;
  readonly wait_ms: number;
  readonly down_ms: number;
};

const blows: fc.Arbitrary<IterableIterator<Blow>> = fc.infiniteStream(fc.record({
  what: fc.constantFrom("kill" as const, "cut" as const, "cut" as const),
  server: fc.nat({ max: 1_000 }),
  wait_ms: fc.integer({ min: 100, max: 1_200 }),
  down_ms: fc.nat({ max: 800 }),
}));

/** Their faults so far. */
export type Losses = { kills: number; cut: number };

/** A call without an answer by then is given up by its caller. */
const ANSWER_LIMIT_MS = 20_000;

const impatient = (ask: Ask): Ask => async (...input) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer came in time")), ANSWER_LIMIT_MS);
  });
  try {
    return await Promise.race([ask(...input), late]);
  } finally {
    clearTimeout(timer);
  }
};

// About every third connection of servers and readers alike, busy or not.
const CUT = `
  select count(*) as cut from (
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'ledgerline' and random() < 0.3
  ) connections`;

const MAX_STARTS = 5;

const ENVIRONMENT = { RECOVERY_MS: "200", PURCHASE_WAIT_MS: "500", LEASE_MS: "3000" };

/** Servers that run side by side. */
export type Fleet = {
  readonly asks: () => readonly Ask[];
  readonly losses: Losses;
  /** Kills and cuts by chance until it is over; then all servers run again. */
  strike(seed: number, isOver: () => boolean): Promise<void>;
  /** Stops all servers, which must end well. */
  stop(): Promise<void>;
};

/** Starts so many servers, all at the same time, on an empty database. */
export const openFleet = async (
  postgres: PostgresServer,
  url: string,
  size: number,
): Promise<Fleet> => {
  /** A server that is cut off as it starts ends; as a supervisor would, it is started again. */
  const start = async (left = MAX_STARTS): Promise<TestServer> => {
    try {
      return await startServer({ environment: { ...ENVIRONMENT, DATABASE_URL: url } });
    } catch (error) {
      if (left === 1) throw error;
      return await start(left - 1);
    }
  };
  const running = new Set(await Promise.all(Array.from({ length: size }, () => start())));
  const losses: Losses = { kills: 0, cut: 0 };
  const restarts = new Set<Promise<void>>();

  const kill = async ({ server, down_ms }: Blow): Promise<void> => {
    // One is left, so that clients get answers too.
    if (running.size < 2) return;
    const victim = [...running][server % running.size];
    if (victim === undefined) return;
    running.delete(victim);
    await victim.kill("SIGKILL");
    losses.kills += 1;
    const restart = pause(down_ms, "how long a server is down is drawn").then(() => start()).then(
      (started) => {
        running.add(started);
        restarts.delete(restart);
      },
    );
    restarts.add(restart);
  };
  const cut = async (): Promise<void> => {
    const [row] = await postgres.run(url, CUT);
    losses.cut += Number(row?.["cut"] ?? 0);
  };
  return {
    asks: () => [...running].map(({ request }) => impatient(request)),
    losses,
    strike: async (seed, isOver) => {
      const [all] = fc.sample(blows, { seed, numRuns: 1 });
      for (const blow of all ?? []) {
        await pause(blow.wait_ms, "the moment of each blow is drawn");
        if (isOver()) break;
        await (blow.what === "kill" ? kill(blow) : cut());
      }
      await Promise.all(restarts);
    },
    stop: async () => {
      for (const server of running) {
        const { code, signal } = await server.kill("SIGTERM");
        if (code === 0) continue;
        throw new Error(`a server ended with ${signal ?? code}: ${server.printed().err}`);
      }
    },
  };
};
