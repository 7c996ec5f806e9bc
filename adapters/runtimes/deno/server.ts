import type { Milliseconds } from "../../../core/values/calendar.ts";
import { noteClient } from "../../../http/client-address.ts";
import type { Fetch } from "../server/application.ts";
import { open } from "../server/checked-log.ts";
import { linesOf } from "../server/report.ts";
import { type RunningServer, stopLimitOf, urlOf } from "../server/running-server.ts";
import type { ServerOptions } from "../server/server-options.ts";
import type { Settings } from "../server/settings.ts";
import { unfitHost } from "../server/setting-error.ts";
import { doDueWork } from "../server/due-work.ts";

type DenoServer = { readonly addr: { readonly port: number }; shutdown(): Promise<void> };

/** As much of Deno as is used here, for type checkers that do not know it. */
declare const Deno: {
  serve(
    options: {
      readonly port: number;
      readonly hostname: string;
      readonly onListen: () => void;
    },
    handler: (
      request: Request,
      info: { readonly remoteAddr: { readonly hostname?: string } },
    ) => Response | Promise<Response>,
  ): DenoServer;
  /** Missing where Deno runs without `--unstable-cron`. */
  readonly cron?: (
    name: string,
    schedule: string,
    options: { readonly signal: AbortSignal },
    handler: () => Promise<unknown>,
  ) => Promise<void>;
};

const EVERY_MINUTE = "* * * * *";

/**
 * Waits until it is done, but no longer than this: Deno waits forever for a request that its client
 * never completes, and then closes no connection.
 */
const within = async (limit_ms: Milliseconds, done: Promise<unknown>): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limit_ms);
  });
  await Promise.race([done, late]).finally(() => clearTimeout(timer));
};

/**
 * Starts a server. Due work is done automatically, and where there is `Deno.cron` also every
 * minute, which wakes a server that was put to sleep. `/admin` has a separate listener where
 * `adminPort` says so. Rejects when a port or the database is not available.
 */
export const startServer = async (
  settings: Settings,
  options?: ServerOptions,
): Promise<RunningServer> => {
  const { host: hostname, port, adminPort, adminHost } = settings;
  const { ledger, fetch, adminFetch, endFeeds } = await open(settings, options);
  const lines = linesOf(settings);
  const ending = new AbortController();
  const servers: DenoServer[] = [];
  const serve = (
    at: { readonly port: number; readonly hostname: string },
    answer: Fetch,
    variable: string,
  ) => {
    try {
      const server = Deno.serve({ ...at, onListen: () => {} }, (request, { remoteAddr }) => {
        noteClient(request, remoteAddr.hostname);
        return answer(request);
      });
      servers.push(server);
      return urlOf(at.hostname, server.addr.port);
    } catch (error) {
      throw unfitHost(error, variable, at.hostname);
    }
  };
  const shutDown = async (): Promise<void> => {
    ending.abort();
    endFeeds();
    const ended = Promise.all(servers.map((server) => server.shutdown()));
    await within(stopLimitOf(settings), ended);
    await ledger.close();
  };
  try {
    // Before it listens: Deno throws where there is a cron of this name already.
    Deno.cron?.("ledgerline", EVERY_MINUTE, ending, () => doDueWork(ledger, lines))
      .catch((error) => lines.report("the cron", error));
    const adminUrl = adminFetch === null
      ? null
      : serve({ port: adminPort ?? 0, hostname: adminHost }, adminFetch, "ADMIN_HOST");
    const url = serve({ port, hostname }, fetch, "HOST");
    return { url, adminUrl, ledger, stop: shutDown };
  } catch (error) {
    await shutDown();
    throw error;
  }
};
