import { closeSync, fdatasyncSync, fsyncSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import { FolderLost } from "./folder-lost.ts";
import type { Disk } from "./disk.ts";

type Init = NodeFS["init"];
type EmscriptenOptions = Parameters<Init>[1];

type Call = (...given: readonly unknown[]) => unknown;

/** PGlite's file system layer, which its own types do not describe. */
type NodeFiles = {
  readonly stream_ops: Record<string, Call>;
  readonly node_ops: Record<string, Call>;
  /** Runs a call, and makes of an error that has Node's `code` the one that PGlite understands. */
  tryFSOperation(call: () => unknown): unknown;
};

/** What a file system answers for something that cannot be synced, such as a folder on some. */
const NOT_SYNCABLE = ["EINVAL", "EBADF", "ENOTSUP"];

const isNotSyncable = (error: unknown): boolean =>
  error instanceof Error && "code" in error && typeof error.code === "string" &&
  NOT_SYNCABLE.includes(error.code);

const STREAM_WRITES = ["write", "setattr"];
const NODE_WRITES = ["setattr", "mknod", "rename", "unlink", "rmdir", "symlink"];

/** As PGlite's layer numbers them, which are WASI's: EDQUOT, EIO, EMFILE, ENFILE, ENOSPC, EROFS. */
const DISK_ERRNOS = [19, 29, 33, 41, 51, 69];

/** Whether the disk is at fault, rather than that a file is missing or there already. */
const isOfDisk = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "errno" in error &&
  DISK_ERRNOS.includes(Number(error.errno));

const watchWrites = (files: NodeFiles, calls: Record<string, Call>, disk: Disk): void => {
  for (const name of calls === files.stream_ops ? STREAM_WRITES : NODE_WRITES) {
    const call = calls[name];
    if (call === undefined) throw new Error(`PGlite's file system layer has no ${name}`);
    calls[name] = (...given) => {
      try {
        files.tryFSOperation(() => disk.before("write"));
        return call(...given);
      } catch (error) {
        if (isOfDisk(error)) disk.failed(error, "write");
        throw error;
      }
    };
  }
};

/**
 * PGlite on files, with the disk watched. If they are synced, a commit has really reached the disk
 * when it is acknowledged: PGlite's own layer leaves `fsync` out and reports success.
 */
class WatchedFiles extends NodeFS {
  readonly #disk: Disk;
  readonly #isSynced: boolean;

  constructor(folder: string, disk: Disk, isSynced: boolean) {
    super(folder);
    this.#disk = disk;
    this.#isSynced = isSynced;
  }

  override init(pglite: PGlite, options: EmscriptenOptions): ReturnType<Init> {
    const disk = this.#disk;
    const sync = ({ nfd }: { readonly nfd: number }): number => {
      try {
        disk.before("sync");
        fdatasyncSync(nfd);
      } catch (error) {
        if (!isNotSyncable(error)) {
          if (!(error instanceof FolderLost)) disk.failed(error, "sync");
          throw error;
        }
      }
      disk.synced();
      return 0;
    };
    const watch = (module: { readonly NODEFS: unknown }): void => {
      const files = module.NODEFS as NodeFiles;
      watchWrites(files, files.stream_ops, disk);
      watchWrites(files, files.node_ops, disk);
      if (this.#isSynced) files.stream_ops["fsync"] = sync as Call;
    };
    return super.init(pglite, { ...options, preRun: [...(options.preRun ?? []), watch] });
  }
}

/** PGlite's own start parameters, less the one that turns syncing off. */
const SYNCED_START = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"),
  "-c",
  // The other methods use calls that PGlite's C library leaves out.
  "wal_sync_method=fsync",
];

/**
 * Opens the database in `folder`, with further start parameters, synced to disk at every commit;
 * the `disk` is asked before, and notified of, what is done there. Not synced (`relaxed`),
 * acknowledged commits outlive the process but not the machine.
 */
export const openFiles = (
  folder: string,
  durability: "synced" | "relaxed",
  settings: readonly string[],
  disk: Disk,
): Promise<PGlite> => {
  const isSynced = durability === "synced";
  return PGlite.create({
    fs: new WatchedFiles(folder, disk, isSynced),
    startParams: [...isSynced ? SYNCED_START : PGlite.defaultStartParams, ...settings],
  });
};

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/**
 * Makes a folder with these rights, and those above it with the usual ones, where they are missing.
 * Node's own way tries forever where a folder exists and none can be made in it, as in /proc.
 */
export const makeFolder = (folder: string, mode = 0o777): void => {
  if (isFolder(folder)) return;
  const above = dirname(resolve(folder));
  if (above !== resolve(folder)) makeFolder(above);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Another process may have been faster.
    if (!isFolder(folder)) throw error;
  }
};

/** Syncs a file or folder that was just written to the disk. */
export const syncPath = (path: string): void => {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } catch (error) {
    if (!isNotSyncable(error)) throw error;
  } finally {
    closeSync(file);
  }
};
