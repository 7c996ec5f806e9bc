/**
 * A Unix socket in the data folder shows whether its holder is alive: while the listening process
 * exists, even stopped, the kernel accepts connections, also from other containers of the machine;
 * once it is dead they are refused, immediately. No time-out and no clock is involved.
 *
 * A socket's path may have some 100 bytes, so that it is reached by way of the folder's descriptor
 * where there is /proc. There are none in folders on Windows, nor in some file systems.
 */
import { Buffer } from "node:buffer";
import { chmodSync, closeSync, existsSync, lstatSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { unixSockets } from "./unix-sockets.ts";

/** What a path of a socket may have of bytes at most, on the system that allows least. */
const MAX_PATH_BYTES = 100;

/** A kernel that has not answered by then never will. */
const ANSWER_MS = 5_000;

/** Where the holder with this token listens. */
export const socketPath = (folder: string, token: string): string => join(folder, `alive.${token}`);

/** Runs `work` with a path to the socket that is short enough; null when there is none. */
const withPath = async <Value>(
  folder: string,
  token: string,
  work: (path: string | null) => Promise<Value>,
): Promise<Value> => {
  const direct = socketPath(folder, token);
  if (Buffer.byteLength(direct) <= MAX_PATH_BYTES) return await work(direct);
  if (!existsSync("/proc/self/fd")) return await work(null);
  const descriptor = openSync(folder, "r");
  try {
    return await work(`/proc/self/fd/${descriptor}/alive.${token}`);
  } finally {
    closeSync(descriptor);
  }
};

/**
 * `alive`: the process that listened is alive. `dead`: no process listens on the socket as far as
 * this machine's kernel knows. `missing`: there is no such socket. `denied`: it may not be asked.
 */
export type Knocked = "alive" | "dead" | "missing" | "denied";

const KNOCKED: Readonly<Record<string, Knocked>> = {
  ECONNREFUSED: "dead",
  ENOENT: "missing",
  // The backlog of connections is full: stopped, but alive.
  EAGAIN: "alive",
};

/** Asks whether the holder with this token is alive. */
export const knock = (folder: string, token: string): Promise<Knocked> =>
  withPath(folder, token, async (path) => {
    const found = lstatSync(socketPath(folder, token), { throwIfNoEntry: false });
    // Something else in its place would be refused as a dead socket is.
    if (path === null || found?.isSocket() !== true) return "missing";
    const code = await unixSockets().knock(path, ANSWER_MS);
    return code === null ? "alive" : KNOCKED[code] ?? "denied";
  });

/** A socket that shows that this process is alive. */
export type Alive = {
  /** Its inode, which distinguishes it from another in its place. */
  readonly ino: number;
  /** Stops listening, and removes the socket. */
  end(): void;
};

/** Listens in the folder; null where no socket is available, or where it does not answer. */
export const showAlive = async (folder: string, token: string): Promise<Alive | null> => {
  const path = socketPath(folder, token);
  const listener = await withPath(
    folder,
    token,
    async (short) => short === null ? null : await unixSockets().listen(short),
  ).catch(() => null);
  if (listener === null) return null;
  const end = (): void => {
    listener.end();
    rmSync(path, { force: true });
  };
  if (await knock(folder, token) !== "alive") {
    end();
    return null;
  }
  chmodSync(path, 0o600);
  return { ino: lstatSync(path).ino, end };
};
