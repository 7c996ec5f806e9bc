import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { once } from "node:events";
import type { Milliseconds } from "../../../core/values/calendar.ts";

/** Ends a server's work gracefully. */
export type Drain = {
  /**
   * Takes no more connections, waits until every request under way has its answer, at most
   * `limit_ms`, and then cuts what connections are left: silent ones, and requests that were never
   * sent to their end.
   */
  end(limit_ms: Milliseconds): Promise<void>;
};

/** Follows the requests of a server from now on. To be called before it listens. */
export const drainOf = (server: Server): Drain => {
  /** By connection: of pipelined requests only the first is notified when the connection closes. */
  const underWay = new Map<Socket, Set<ServerResponse>>();
  let ending = false;
  let emptied = (): void => {};
  const ended = (socket: Socket): void => {
    underWay.delete(socket);
    if (underWay.size === 0) emptied();
  };
  // Before the listener that answers, which may do so immediately.
  server.prependListener("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    if (socket.destroyed) return;
    if (ending) response.shouldKeepAlive = false;
    let responses = underWay.get(socket);
    if (responses === undefined) {
      responses = new Set();
      underWay.set(socket, responses);
    }
    const ofSocket = responses.add(response);
    response.once("close", () => {
      ofSocket.delete(response);
      if (ofSocket.size === 0 && underWay.get(socket) === ofSocket) ended(socket);
    });
  });
  server.prependListener("connection", (socket: Socket) => {
    socket.once("close", () => ended(socket));
  });
  const answered = (): Promise<void> =>
    new Promise((resolve) => {
      emptied = resolve;
      if (underWay.size === 0) resolve();
    });
  return {
    end: async (limit_ms) => {
      ending = true;
      for (const responses of underWay.values()) {
        for (const response of responses) response.shouldKeepAlive = false;
      }
      const closed = once(server, "close");
      server.close();
      const cut = setTimeout(() => server.closeAllConnections(), limit_ms);
      await answered();
      clearTimeout(cut);
      server.closeAllConnections();
      await closed;
    },
  };
};
