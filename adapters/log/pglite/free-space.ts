/** Whether the disk accepts again what it refused. */
import { Buffer } from "node:buffer";
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";

/** The space there must be: a segment of PostgreSQL's write-ahead log, and a little more. */
const SPACE_BYTES = 17 * 1_048_576;
const PROBE = Buffer.alloc(65_536);

const isFree = (folder: string): boolean => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= SPACE_BYTES;
};

/**
 * Whether the file system reports space in the folder, and takes and syncs a little: so little that
 * it costs no time, since a quota shows only when the database writes.
 */
export const hasSpace = (folder: string): boolean => {
  const path = join(folder, "probe");
  try {
    if (!isFree(folder)) return false;
    rmSync(path, { force: true });
    const file = openSync(path, "wx", 0o600);
    try {
      const written = writeSync(file, PROBE);
      fsyncSync(file);
      return written === PROBE.length;
    } finally {
      closeSync(file);
      rmSync(path, { force: true });
    }
  } catch {
    return false;
  }
};
