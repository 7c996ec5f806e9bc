/** Runs the programs of the gates. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

/** The project's root folder. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The outcome of a program: what it printed, without colours, and whether it succeeded. */
export type Outcome = { readonly ok: boolean; readonly output: string };

/** A program by its name in node_modules/.bin: install scripts need not have run. */
const locate = (program: string): string =>
  program === "node" ? process.execPath : `${ROOT}node_modules/.bin/${program}`;

/**
 * Runs a program in the project's root until it ends or `limit_ms` are over, when it is stopped and
 * counts as failed. `echo` also prints its output as it comes.
 */
export const run = (
  program: string,
  args: readonly string[],
  { echo, limit_ms }: { readonly echo: boolean; readonly limit_ms: number },
): Promise<Outcome> =>
  new Promise((resolve) => {
    const child = spawn(locate(program), args, {
      cwd: ROOT,
      // Deno would check online whether it is up to date.
      env: { ...process.env, DENO_NO_UPDATE_CHECK: "1", DENO_NO_PROMPT: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: limit_ms,
    });
    const parts: string[] = [];
    const keep = (target: NodeJS.WriteStream) => (part: string): void => {
      parts.push(part);
      if (echo) target.write(part);
    };
    child.stdout.setEncoding("utf8").on("data", keep(process.stdout));
    child.stderr.setEncoding("utf8").on("data", keep(process.stderr));
    const end = (ok: boolean, note: string): void =>
      resolve({ ok, output: stripVTControlCharacters(parts.join("") + note) });
    child.on("error", (error) => end(false, `${program} could not be started: ${error.message}\n`));
    child.on("close", (code, signal) =>
      end(code === 0, signal === null ? "" : `${program} was stopped by ${signal}\n`));
  });
