/** Whether the disk takes again what it refused. */
import { Buffer } from "node:buffer";
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";

/** What there must be room for: a segment of PostgreSQL's write-ahead log, and something beside. */
const ROOM_BYTES = 17 * 1_048_576;
const CHUNK = Buffer.alloc(1_048_576);

const isFree = (folder: string): boolean => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= ROOM_BYTES;
};

/**
 * Whether so much can be written in the folder: asked of the file system first, so that a full disk
 * is not filled to the brim again and again, and then tried, since a quota shows only there.
 */
export const hasRoom = (folder: string): boolean => {
  const path = join(folder, "probe");
  try {
    if (!isFree(folder)) return false;
    rmSync(path, { force: true });
    const file = openSync(path, "wx", 0o600);
    try {
      for (let at = 0; at < ROOM_BYTES; at += CHUNK.length) {
        // As on the sockets of a slow network, not all of it may be taken.
        if (writeSync(file, CHUNK) < CHUNK.length) return false;
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
      rmSync(path, { force: true });
    }
    return true;
  } catch {
    return false;
  }
};
