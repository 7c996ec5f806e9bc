/** Whether what is installed is what package-lock.json has. */
import { existsSync, readFileSync } from "node:fs";
import { ROOT } from "./command.ts";

type Packages = Readonly<
  Record<string, { readonly version?: string; readonly optional?: boolean }>
>;

/**
 * The packages that one lock has and an installation has not, or in another version, by their
 * folders. Optional ones are installed only where they fit.
 */
export const missingFrom = (installed: Packages, locked: Packages): readonly string[] =>
  Object.entries(locked)
    .filter(([folder, { version, optional }]) =>
      folder !== "" && optional !== true && installed[folder]?.version !== version
    )
    .map(([folder]) => folder.replace(/^node_modules\//, ""));

const packagesOf = (path: string): Packages =>
  existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : {};

/** A sentence where something has to be installed; else nothing. */
export const installedFault = (root: string = ROOT): string => {
  const installed = packagesOf(`${root}node_modules/.package-lock.json`);
  const [first, ...others] = missingFrom(installed, packagesOf(`${root}package-lock.json`));
  if (first === undefined) return "";
  const rest = others.length === 0 ? "" : ` and ${others.length} more`;
  return `${first}${rest} of package-lock.json is not installed: run npm install`;
};
