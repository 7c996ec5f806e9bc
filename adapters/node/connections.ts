import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/**
 * Bounds the connections of a server. One too many costs the oldest connection that waits for its
 * client (a request half sent, or none) its place, so that a flood of half-sent requests costs nobody
 * else theirs: a request that came to its end is never cut. Where every connection has one, the new
 * connection is closed. To be called before the server listens.
 */
export const boundConnections = (server: Server, limit: number): void => {
  /** What each connection is busy with, in the order in which they came. */
  const open = new Map<Socket, IncomingMessage | null>();
  const isWaiting = (request: IncomingMessage | null): boolean =>
    request === null || !request.complete;
  const oldestWaiting = (): Socket | null => {
    for (const [socket, request] of open) if (isWaiting(request)) return socket;
    return null;
  };
  server.prependListener("connection", (socket: Socket) => {
    if (open.size >= limit) {
      const evicted = oldestWaiting();
      if (evicted === null) {
        socket.destroy();
        return;
      }
      open.delete(evicted);
      evicted.destroy();
    }
    open.set(socket, null);
    socket.once("close", () => open.delete(socket));
  });
  server.prependListener("request", (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    if (open.has(socket)) open.set(socket, request);
    response.once("close", () => {
      // With the next request already there when requests are pipelined.
      if (open.get(socket) === request) open.set(socket, null);
    });
  });
};
