/**
 * Many organizations that hold numbers, and a separate process that does something with all of them
 * and reports what it took: alone in its process, so that the memory is its own.
 */
import process from "node:process";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { systemClock } from "../../adapters/clock/system.ts";
import { type Ledger, openLedger } from "../../adapters/ledger/mod.ts";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { openPostgresLog } from "../../adapters/log/postgres/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import type { Carrier, CarrierNumber, EventLog } from "../../core/ports/mod.ts";
import { ok } from "../../core/values/result.ts";
import { BENCH_PLANS } from "./engine.ts";
import { timed_ms } from "./measure.ts";
import { soldAs } from "./synthetic-log.ts";

/** How many numbers each organization has. */
export const NUMBERS_EACH = 4;

/** What is done with all organizations; `nothing` opens and closes the log. */
export type Task = "nothing" | "heads" | "reconciliation" | "work";

export type TaskOrder = {
  readonly task: Task;
  /** The folder of the log, or the URL of its PostgreSQL. */
  readonly where: string;
  readonly organizations: number;
};

export type TaskResult = {
  /** How often the log was called. */
  readonly calls: number;
  readonly taken_ms: number;
  /** The memory of the process at most, and when it had opened the log. */
  readonly most_bytes: number;
  readonly opened_bytes: number;
  /** The heap at most, garbage included. */
  readonly heap_bytes: number;
  /** For how long nothing else ran in the process at most. */
  readonly blocked_ms: number;
};

const PAGE = 250;
const HEADS = 1_000;
const SAMPLE_MS = 5;

/** What the carrier keeps: all the numbers that the organizations hold. */
const inventoryOf = (count: number): Carrier["inventory"] => (after) => {
  const from = Number(after ?? 0);
  const to = Math.min(from + PAGE, count);
  const numbers = Array.from({ length: to - from }, (_, place): CarrierNumber => ({
    ...soldAs(from + place),
    status: "active",
    connectionId: null,
    attached: false,
    country: "US",
    type: "local",
  }));
  return Promise.resolve(ok({ numbers, next: to < count ? `${to}` : null }));
};

const TASKS: Readonly<Record<Task, (ledger: Ledger, organizations: number) => Promise<void>>> = {
  nothing: () => Promise.resolve(),
  heads: async ({ operator }, organizations) => {
    let read = 0;
    let after: string | undefined;
    do {
      const { heads, next } = await operator.heads({ after, limit: HEADS });
      read += heads.length;
      after = next ?? undefined;
    } while (after !== undefined);
    if (read < organizations) throw new Error(`only ${read} heads`);
  },
  reconciliation: async ({ reconciliation }, organizations) => {
    const answer = await reconciliation.run();
    if (!answer.ok) throw new Error(answer.error.message);
    const { seen, drifts } = answer.value;
    if (seen.agreed !== organizations * NUMBERS_EACH || drifts.length > 0) {
      throw new Error(`not agreed: ${JSON.stringify(seen)}`);
    }
  },
  work: async ({ work }, organizations) => {
    const done = await work.run();
    if (done !== organizations) throw new Error(`only ${done} done`);
  },
};

/** The log with its calls counted. */
const counted = (log: EventLog) => {
  let calls = 0;
  const counting = new Proxy(log, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...given: readonly unknown[]): unknown => {
        calls += 1;
        return Reflect.apply(value, target, given);
      };
    },
  });
  return { log: counting, calls: () => calls };
};

const openLog = (where: string): Promise<EventLog> =>
  where.startsWith("postgres://")
    ? openPostgresLog({ url: where })
    : openPgliteLog({ folder: where, durability: "synced" });

/** Looks at the heap again and again, and at how long it was kept from that. */
const watchProcess = () => {
  let [heap_bytes, blocked_ms] = [0, 0];
  let last_ms = performance.now();
  const look = (): void => {
    heap_bytes = Math.max(heap_bytes, process.memoryUsage().heapUsed);
    blocked_ms = Math.max(blocked_ms, performance.now() - last_ms - SAMPLE_MS);
    last_ms = performance.now();
  };
  const looking = setInterval(look, SAMPLE_MS);
  return {
    stop: (): Pick<TaskResult, "heap_bytes" | "blocked_ms"> => {
      clearInterval(looking);
      look();
      return { heap_bytes, blocked_ms };
    },
  };
};

const KIB = 1_024;

const perform = async ({ task, where, organizations }: TaskOrder): Promise<TaskResult> => {
  const { log, calls } = counted(await openLog(where));
  const ledger = openLedger({
    log,
    carrier: {
      ...openSandboxCarrier(),
      inventory: inventoryOf(organizations * NUMBERS_EACH),
    },
    payments: includedPayments,
    clock: systemClock,
    ids: openIds(systemClock),
    plans: BENCH_PLANS,
    runsAutomations: false,
    reconcilesDaily: false,
  });
  const [before, opened_bytes] = [calls(), process.memoryUsage.rss()];
  const watch = watchProcess();
  const taken_ms = await timed_ms(() => TASKS[task](ledger, organizations));
  const watched = watch.stop();
  const result: TaskResult = {
    calls: calls() - before,
    taken_ms,
    most_bytes: process.resourceUsage().maxRSS * KIB,
    opened_bytes,
    ...watched,
  };
  await ledger.close();
  return result;
};

process.on("message", async (order: TaskOrder) => {
  process.send?.(await perform(order));
  process.disconnect?.();
});
