/** The terminal, or what is in its place: where commands print, ask, and are stopped. */
import process from "node:process";
import { createInterface } from "node:readline/promises";
import type { Screen } from "./calls/context.ts";
import { shown, shownLines } from "./escape.ts";
import { interrupted } from "./failures.ts";
import { hasColors, isUnread, printSlowly } from "./output.ts";

/** Asks at the terminal; null where there is none on one of its sides. */
const confirm = (stopped: AbortSignal) => async (question: string): Promise<boolean | null> => {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // It takes Ctrl-C from the terminal, and would keep it.
  lines.on("SIGINT", () => process.emit("SIGINT"));
  const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    const asked = lines.question(`${shown(question)} [y/N] `, { signal: stopped });
    return ["y", "yes"].includes((await Promise.race([asked, ended])).trim().toLowerCase());
  } catch (error) {
    if (stopped.aborted) throw interrupted();
    throw error;
  } finally {
    lines.close();
  }
};

/** A screen, and what stops a command. */
export type Session = {
  readonly screen: Screen;
  /** Aborted by Ctrl-C, a closed terminal, and when who reads the output has gone away. */
  readonly stopped: AbortSignal;
  /** Whether the output is still read. */
  readonly isRead: () => boolean;
};

/** The session of this process; a second Ctrl-C ends it without delay. */
export const openSession = (): Session => {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, stop);
  // A terminal that was closed takes no more lines: what they say beside the answer is lost then.
  process.stderr.on("error", () => {});
  let isRead = true;
  process.stdout.on("error", (error) => {
    // Of any other, the line says so itself that could not be written.
    if (!isUnread(error)) return;
    isRead = false;
    stop();
  });
  const isColored = hasColors();
  const screen: Screen = {
    line: printSlowly,
    note: (text) => {
      process.stderr.write(`${shownLines(text)}\n`);
    },
    bold: (text) => isColored ? `\x1b[1m${text}\x1b[0m` : text,
    confirm: confirm(stopping.signal),
  };
  return { screen, stopped: stopping.signal, isRead: () => isRead };
};
