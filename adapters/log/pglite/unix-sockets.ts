/**
 * Unix sockets that only show that their process exists, and carry no data. On Deno by its own
 * calls: by those of Node, Deno 2.9 closes every such socket's descriptor twice, and the second
 * time it may be that of a file or socket which another thread of the process has opened by then.
 */
import { connect, createServer } from "node:net";
import { setTimeout as startTimer } from "node:timers";
import type { Milliseconds } from "../../../core/values/calendar.ts";

/** A socket that is listened on. */
export type Listener = {
  /** Stops listening. */
  end(): void;
};

/** How this runtime has Unix sockets. */
export type UnixSockets = {
  /**
   * Connects to the socket and closes the connection. Resolves with null when it was connected, or
   * was not refused within `limit_ms`; else with the code of the error, "" where there is none.
   */
  knock(path: string, limit_ms: Milliseconds): Promise<string | null>;
  /**
   * Listens on a new socket, without keeping the process alive; null where no socket is available.
   */
  listen(path: string): Promise<Listener | null>;
};

type Closing = { close(): void };

type DenoListener = Closing & { accept(): Promise<Closing>; unref(): void };

/** As much of Deno as is used here. */
export type DenoSockets = {
  connect(options: { readonly transport: "unix"; readonly path: string }): Promise<Closing>;
  listen(options: { readonly transport: "unix"; readonly path: string }): DenoListener;
};

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

const NODE: UnixSockets = {
  knock: (path, limit_ms) =>
    new Promise((resolve) => {
      const socket = connect({ path });
      const end = (code: string | null): void => {
        clearTimeout(late);
        socket.destroy();
        resolve(code);
      };
      const late = setTimeout(() => end(null), limit_ms);
      socket.once("connect", () => end(null));
      socket.on("error", (error) => end(codeOf(error)));
    }),
  listen: (path) =>
    new Promise((resolve) => {
      const server = createServer((connection) => connection.on("error", () => {}).destroy());
      server.on("error", () => resolve(null));
      server.listen({ path, exclusive: true }, () => {
        server.unref();
        resolve({ end: () => void server.close() });
      });
    }),
};

/**
 * After a connection could not be taken, as with too many files open, the next is tried so late.
 */
const PAUSE_MS: Milliseconds = 100;

/** Closes every incoming connection, until listening ends. */
const turnAway = async (listener: DenoListener, isOver: () => boolean): Promise<void> => {
  while (!isOver()) {
    try {
      (await listener.accept()).close();
    } catch {
      if (!isOver()) await new Promise((resolve) => startTimer(resolve, PAUSE_MS).unref());
    }
  }
};

/** Unix sockets by Deno's own calls. */
export const openDenoSockets = (deno: DenoSockets): UnixSockets => ({
  knock: async (path, limit_ms) => {
    const connected = deno.connect({ transport: "unix", path }).then(
      (connection) => {
        connection.close();
        return null;
      },
      codeOf,
    );
    let late: ReturnType<typeof setTimeout> | undefined;
    const silent = new Promise<null>((resolve) => {
      late = setTimeout(() => resolve(null), limit_ms);
    });
    try {
      return await Promise.race([connected, silent]);
    } finally {
      clearTimeout(late);
    }
  },
  listen: async (path) => {
    try {
      const listener = deno.listen({ transport: "unix", path });
      listener.unref();
      let isOver = false;
      void turnAway(listener, () => isOver);
      return {
        end: () => {
          isOver = true;
          listener.close();
        },
      };
    } catch {
      return null;
    }
  },
});

/** Unix sockets of the runtime that this is. */
export const unixSockets = (): UnixSockets => {
  const { Deno: deno } = globalThis as { readonly Deno?: DenoSockets };
  return deno === undefined ? NODE : openDenoSockets(deno);
};
