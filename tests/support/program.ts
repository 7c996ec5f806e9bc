import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The names of a browser, and what a test says that finds none. */
export const CHROMIUM = ["chromium", "chromium-browser", "google-chrome", "chrome"];
export const NO_CHROMIUM = "NO BROWSER FOUND: set CHROME_PATH, or put chromium on the PATH";

/**
 * A program of this machine by one of these names, or the one that the environment's variable leads
 * to; null when none is found.
 */
export const findProgram = (names: readonly string[], variable: string): string | null =>
  [
    process.env[variable] ?? "",
    ...(process.env["PATH"] ?? "").split(delimiter)
      .flatMap((folder) => names.map((name) => join(folder, name))),
  ].find(isProgram) ?? null;
