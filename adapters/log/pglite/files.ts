import { closeSync, fdatasyncSync, fsyncSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";

type Init = NodeFS["init"];
type EmscriptenOptions = Parameters<Init>[1];

/** The part of PGlite's file system layer that lacks `fsync`; its own types leave it out. */
type NodeFiles = {
  readonly stream_ops: { fsync?: (stream: { readonly nfd: number }) => number };
};

/** What a file system answers for something that cannot be synced, such as a folder on some. */
const NOT_SYNCABLE = ["EINVAL", "EBADF", "ENOTSUP"];

const isNotSyncable = (error: unknown): boolean =>
  error instanceof Error && "code" in error && typeof error.code === "string" &&
  NOT_SYNCABLE.includes(error.code);

/** Is told of every sync to disk, and of one that the disk refused. */
export type SyncWatch = {
  readonly synced: () => void;
  readonly failed: (error: unknown) => void;
};

/**
 * PGlite on files that a commit has really reached when it is acknowledged. PGlite's own layer
 * leaves `fsync` out and reports success; here it is Node's `fdatasync`.
 */
class SyncedFiles extends NodeFS {
  readonly #watch: SyncWatch;

  constructor(folder: string, watch: SyncWatch) {
    super(folder);
    this.#watch = watch;
  }

  override init(pglite: PGlite, options: EmscriptenOptions): ReturnType<Init> {
    const sync = ({ nfd }: { readonly nfd: number }): number => {
      try {
        fdatasyncSync(nfd);
      } catch (error) {
        if (!isNotSyncable(error)) {
          this.#watch.failed(error);
          throw error;
        }
      }
      this.#watch.synced();
      return 0;
    };
    const provideSync = (module: { readonly NODEFS: unknown }): void => {
      (module.NODEFS as NodeFiles).stream_ops.fsync = sync;
    };
    return super.init(pglite, { ...options, preRun: [...(options.preRun ?? []), provideSync] });
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
 * `watch` is told of every sync.
 * Not synced (`relaxed`), acknowledged commits outlive the process but not the machine.
 */
export const openFiles = (
  folder: string,
  durability: "synced" | "relaxed",
  settings: readonly string[],
  watch: SyncWatch,
): Promise<PGlite> =>
  durability === "relaxed"
    ? PGlite.create({
      fs: new NodeFS(folder),
      startParams: [...PGlite.defaultStartParams, ...settings],
    })
    : PGlite.create({
      fs: new SyncedFiles(folder, watch),
      startParams: [...SYNCED_START, ...settings],
    });

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/**
 * Makes a folder and those above it, where they are missing. Node's own way tries for ever where a
 * folder is there and none can be made in it, as in /proc.
 */
export const makeFolder = (folder: string): void => {
  if (isFolder(folder)) return;
  const above = dirname(resolve(folder));
  if (above !== resolve(folder)) makeFolder(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been faster.
    if (!isFolder(folder)) throw error;
  }
};

/** Puts a file or folder that was just written on the disk for good. */
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
