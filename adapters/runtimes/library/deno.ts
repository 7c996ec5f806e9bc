/** The ledger behind a server of Deno's. */
import { assertArguments } from "../../validation/argument.ts";
import type { OnLost } from "../server/log.ts";
import type { RunningServer } from "../server/running-server.ts";
import type { Settings } from "../server/settings.ts";
import { OnLostSchema, SettingsSchema } from "./settings.ts";

/**
 * Starts the whole server on Deno, with these settings (see `readSettings`). Rejects when the port
 * or the database is not available, or with an `InvalidArgument` that names the setting that does
 * not fit.
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
  onLost?: OnLost,
): Promise<RunningServer> => {
  assertArguments({ settings: SettingsSchema, onLost: OnLostSchema }, [settings, onLost]);
  const server = await import("../deno/server.ts");
  return await server.startServer(settings, onLost);
};

/**
 * Runs the server as a program: takes its settings from the environment, and stops gracefully at
 * SIGTERM or SIGINT. Resolves when it listens.
 *
 * @example
 * ```ts
 * import { run } from "ledgerline/deno";
 *
 * await run();
 * ```
 */
export const run = async (): Promise<void> => {
  const { runProgram } = await import("../server/program.ts");
  await runProgram(startServer);
};
