import type { Milliseconds } from "../../core/values/calendar.ts";
import { open } from "../server/open.ts";
import { report } from "../server/report.ts";
import { type RunningServer, stopLimitOf, urlOf } from "../server/running.ts";
import type { Settings } from "../server/settings.ts";
import { lookForWork } from "../server/work.ts";

/** As much of Deno as is used here, for type checkers that do not know it. */
declare const Deno: {
  serve(
    options: {
      readonly port: number;
      readonly hostname: string;
      readonly onListen: () => void;
    },
    handler: (request: Request) => Response | Promise<Response>,
  ): { readonly addr: { readonly port: number }; shutdown(): Promise<void> };
  /** Missing where Deno was not told to have it (`--unstable-cron`). */
  readonly cron?: (
    name: string,
    schedule: string,
    options: { readonly signal: AbortSignal },
    handler: () => Promise<unknown>,
  ) => Promise<void>;
};

const EVERY_MINUTE = "* * * * *";

/**
 * Waits until it is done, but no longer than this: Deno waits for ever for a request that its client
 * never sends to the end, and cuts none once it waits.
 */
const within = async (limit_ms: Milliseconds, done: Promise<void>): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limit_ms);
  });
  await Promise.race([done, late]).finally(() => clearTimeout(timer));
};

/**
 * Starts a server. Due work is done by itself, and where there is `Deno.cron` every minute besides,
 * which wakes a server that was put to sleep. Rejects when the port or the database cannot be had.
 */
export const startServer = async (settings: Settings): Promise<RunningServer> => {
  const { host: hostname, port } = settings;
  const { ledger, fetch } = await open(settings);
  const ending = new AbortController();
  try {
    // Before it listens: Deno throws where there is a cron of this name already.
    Deno.cron?.("ledgerline", EVERY_MINUTE, ending, () => lookForWork(ledger))
      .catch((error) => report("the cron", error));
    const server = Deno.serve({ port, hostname, onListen: () => {} }, fetch);
    const stop = async (): Promise<void> => {
      ending.abort();
      await within(stopLimitOf(settings), server.shutdown());
      await ledger.close();
    };
    return { url: urlOf(hostname, server.addr.port), ledger, stop };
  } catch (error) {
    ending.abort();
    await ledger.close();
    throw error;
  }
};
