/** Opening the database in a folder, behind the folder's lock. */
import { messageOf } from "../../../core/values/error-message.ts";
import { closeSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { type Optional, withDefaults } from "../../validation/optional.ts";
import { migrate } from "../sql/schema.ts";
import { connect } from "./connection.ts";
import type { Disk, OpenDatabase } from "./disk.ts";
import { openFiles, syncPath } from "./files.ts";
import { databaseIn } from "./folder.ts";
import { type Guard, guardFolder } from "./guard.ts";
import type { FolderLock } from "./held-lock.ts";
import { readImage, unpackImage } from "./image.ts";
import { lockFolder, type LockOptions } from "./lock.ts";
import { hasSpace } from "./free-space.ts";
import { type Opened, openSteady } from "./disk-recovery.ts";
import { keepUp } from "./maintenance.ts";

export type FolderOptions = LockOptions & {
  readonly folder: string;
  readonly image: string | null;
  readonly durability?: "synced" | "relaxed" | undefined;
  /** Start parameters. */
  readonly settings: readonly string[];
  readonly disk: Optional<Disk>;
  readonly onSync?: (() => void) | undefined;
  readonly onUnavailable?: ((why: string) => void) | undefined;
  readonly onAvailable?: (() => void) | undefined;
};

/** The PostgreSQL version of PGlite; another version has another file format. */
export const MAJOR_VERSION = "18";

const UNKNOWN = "of an unknown version";

const versionOf = (path: string): string => {
  try {
    return /^\d+/.exec(readFileSync(join(path, "PG_VERSION"), "utf8"))?.[0] ?? UNKNOWN;
  } catch {
    return UNKNOWN;
  }
};

const assertVersion = (folder: string, path: string): void => {
  const version = versionOf(path);
  if (version === MAJOR_VERSION) return;
  throw new Error(
    `the data folder ${folder} was made by PostgreSQL ${version}, and this Ledgerline ` +
      `has PostgreSQL ${MAJOR_VERSION}: open it with the version of Ledgerline that made it, and ` +
      "see adapters/runtimes/README.md, The data folder",
  );
};

/** Releases the files of a database that must not write any more. */
const abandon = (pglite: PGlite): void => {
  const { FS } = (pglite as unknown as {
    readonly Module: { readonly FS: { readonly streams: readonly ({ nfd?: number } | null)[] } };
  }).Module;
  const streams = FS.streams.filter((stream) => stream !== null && stream !== undefined);
  const files = new Set(streams.flatMap(({ nfd }) => nfd ?? []));
  // A descriptor that is closed twice may be another file's by then.
  for (const stream of streams) if (stream.nfd !== undefined) stream.nfd = -1;
  for (const file of files) {
    try {
      closeSync(file);
    } catch {
      // It was closed already.
    }
  }
};

/**
 * Removes PostgreSQL's own lock file, which says nothing where the folder's lock says who has it.
 * One that a crash or a full disk left empty would keep PostgreSQL from starting for ever.
 */
const removePid = (path: string): void => rmSync(join(path, "postmaster.pid"), { force: true });

const openDatabase = async (
  path: string,
  { folder, durability = "synced", settings }: FolderOptions,
  guard: Guard,
  disk: Disk,
): Promise<Opened> => {
  let pglite: PGlite | null = null;
  try {
    removePid(path);
    pglite = await openFiles(path, durability, settings, disk);
    const connection = connect(pglite, guard);
    const database = keepUp(connection);
    await migrate(database);
    const opened = pglite;
    return {
      database,
      isBroken: () => connection.broken() !== null,
      close: () => opened.close(),
      abandon: () => {
        connection.leave();
        abandon(opened);
      },
    };
  } catch (error) {
    if (pglite !== null) {
      await pglite.close();
      throw error;
    }
    const refused = guard.refused()?.message ?? messageOf(error);
    throw new Error(`the database in the data folder ${folder} does not open: ${refused}`, {
      cause: error,
    });
  }
};

/** Whether nothing is forbidden. */
const isWilling = ({ before = () => {} }: Optional<Disk>): boolean => {
  try {
    before("write");
    before("sync");
    return true;
  } catch {
    return false;
  }
};

const unpack = async (
  path: string,
  { folder, image, durability = "synced" }: FolderOptions,
): Promise<void> => {
  const isSynced = durability === "synced";
  unpackImage(await readImage(image), path, isSynced);
  if (isSynced) syncPath(dirname(resolve(folder)));
};

const openLocked = async (lock: FolderLock, options: FolderOptions): Promise<OpenDatabase> => {
  const { folder, onSync, onUnavailable = () => {}, onAvailable = () => {} } = options;
  const { path, isThere } = databaseIn(folder);
  if (isThere) assertVersion(folder, path);
  else await unpack(path, options);
  const open = (): Promise<Opened> => {
    const { guard, disk } = guardFolder(
      lock,
      withDefaults<Disk>({
        before: () => {},
        failed: () => {},
        synced: () => onSync?.(),
      }, options.disk),
    );
    return openDatabase(path, options, guard, disk);
  };
  const steady = await openSteady({
    open,
    hasSpace: () => lock.lost() === null && isWilling(options.disk) && hasSpace(folder),
    onUnavailable,
    onAvailable,
  });
  const assertHeld = (): void => {
    const lost = lock.lost();
    if (lost !== null) throw lost;
  };
  const close = async (): Promise<void> => {
    try {
      // A lost folder belongs to another process, which has the database open.
      if (lock.lost() === null) await steady.close();
    } finally {
      lock.release();
    }
  };
  return { database: steady, health: steady.health, assertHeld, close };
};

/** Opens the database in a folder, creating it if there is none. */
export const openFolder = async (options: FolderOptions): Promise<OpenDatabase> => {
  const lock = await lockFolder(options.folder, options);
  try {
    return await openLocked(lock, options);
  } catch (error) {
    lock.release();
    throw error;
  }
};
