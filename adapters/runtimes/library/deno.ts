/** The ledger behind a server of Deno's. */
import { assertArguments } from "../../validation/argument.ts";
import type { OnLost } from "../server/log.ts";
import type { RunningServer } from "../server/running-server.ts";
import type { Settings } from "../server/settings.ts";
import { optionsOf, type ServerOptions, type ServerParts } from "../server/server-options.ts";
import {
  assertCarrier,
  ServerOptionsSchema,
  ServerPartsSchema,
  SettingsSchema,
} from "./settings.ts";

/**
 * Starts the whole server on Deno, with these settings (see `readSettings`). `options` has what
 * settings cannot say: plans, payments, a notifier and a carrier of your own, and what is called
 * when the database was lost, which may also stand alone. Rejects when the port or the database is
 * not available, or with an `InvalidArgument` that names the setting or the option that does not
 * fit.
 *
 * @example
 * ```ts
 * import { readSettings, startServer } from "ledgerline/deno";
 *
 * const settings = readSettings({ PORT: "8080", DATA_DIR: "memory" });
 * if (!settings.ok) throw new Error(settings.error);
 * const server = await startServer(settings.value);
 * ```
 */
export const startServer = async (
  settings: Settings,
  options?: ServerOptions | OnLost,
): Promise<RunningServer> => {
  assertArguments({ settings: SettingsSchema, options: ServerOptionsSchema }, [settings, options]);
  const parts = optionsOf(options);
  assertCarrier(settings, parts);
  const server = await import("../deno/server.ts");
  return await server.startServer(settings, parts);
};

/**
 * Runs the server as a program: takes its settings from the environment, and stops gracefully at
 * SIGTERM or SIGINT. `parts` has what settings cannot say. Resolves when it listens, or rejects
 * with an `InvalidArgument` that names the part that does not fit.
 *
 * @example
 * ```ts
 * import { run } from "ledgerline/deno";
 *
 * await run();
 * ```
 */
export const run = async (parts: ServerParts = {}): Promise<void> => {
  assertArguments({ parts: ServerPartsSchema }, [parts]);
  const { runProgram } = await import("../server/program.ts");
  const start = (settings: Settings, onLost: OnLost) => startServer(settings, { ...parts, onLost });
  await runProgram(start, { parts });
};
