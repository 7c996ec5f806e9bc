import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Milliseconds } from "../../../core/values/calendar.ts";

/** How many requests of one connection may be without their complete answer. */
export const MAX_PIPELINED = 100;

/** How much of a server its clients may hold, and for how long. */
export type ConnectionBounds = {
  readonly limit: number;
  /** A client that takes nothing of its answer for this time loses its place first. */
  readonly stalledMs: Milliseconds;
  /** After so much more of it the connection is cut, also where places are free. */
  readonly unreadMs: Milliseconds;
};

type Connection = {
  /** Requests whose answers are not flushed, in the order of their arrival. */
  readonly underWay: Map<ServerResponse, IncomingMessage>;
  /**
   * How much had been read when the last answer was flushed; null where no complete request was
   * received yet.
   */
  idleSince: number | null;
  /** Whether nothing of the answer was taken for `stalledMs`. */
  isStalled: boolean;
};

/**
 * In the order in which places are taken; a connection whose request is worked on keeps its own.
 */
const EVICTED = ["halfSent", "unread", "idle", "slow"] as const;

type Wait = (typeof EVICTED)[number] | "working";

/** What a connection waits for. */
const waitOf = (
  socket: Socket,
  { underWay, idleSince, isStalled }: Connection,
): Wait => {
  const [first] = underWay.values();
  // The client has more to read than the system holds for it.
  if (socket.writableLength > 0) return isStalled || underWay.size > 1 ? "unread" : "slow";
  if (first !== undefined) return first.complete ? "working" : "halfSent";
  return idleSince === socket.bytesRead ? "idle" : "halfSent";
};

/** The connection that has waited longest for what costs its client least. */
const evictable = (open: ReadonlyMap<Socket, Connection>): Socket | undefined => {
  const oldest = new Map<Wait, Socket>();
  for (const [socket, connection] of open) {
    const wait = waitOf(socket, connection);
    if (!oldest.has(wait)) oldest.set(wait, socket);
    if (wait === EVICTED[0]) break;
  }
  return EVICTED.map((wait) => oldest.get(wait)).find((socket) => socket !== undefined);
};

/**
 * Cuts the connections whose clients do not read. Work and half-sent requests have other deadlines.
 */
const boundReading = (
  server: Server,
  open: ReadonlyMap<Socket, Connection>,
  { stalledMs, unreadMs }: ConnectionBounds,
): void => {
  // Node reports a socket that neither read nor wrote a byte for this time.
  server.setTimeout(stalledMs, (socket: Socket) => {
    const connection = open.get(socket);
    if (connection === undefined) socket.destroy();
    else if (socket.writableLength > 0) {
      if (connection.isStalled) socket.destroy();
      else {
        connection.isStalled = true;
        socket.setTimeout(unreadMs);
      }
    } else if (connection.underWay.size > 0 || socket.timeout === server.timeout) {
      socket.setTimeout(stalledMs);
    } else socket.destroy(); // the keep-alive time is over
  });
};

/**
 * Bounds the connections of a server. One too many costs another its place, the first of: one whose
 * request is half sent or has not begun; one whose client does not read its answers; an idle one;
 * one whose client is slow to read a single answer; of several the one that has waited longest. So
 * a flood does not affect clients that keep a connection, and a request that is worked on is never
 * cut. Where all are worked on, the new connection is closed. A connection with more than
 * `MAX_PIPELINED` requests under way is cut, and so is one whose client takes nothing of its answer
 * for `stalledMs` and `unreadMs`. To be called before the server listens, and before other
 * listeners of `request` are added, which get no requests of a connection that was cut where they
 * ask for `socket.destroyed`.
 */
export const boundConnections = (server: Server, bounds: ConnectionBounds): void => {
  /** In the order in which they began to wait for what they wait for. */
  const open = new Map<Socket, Connection>();
  const putLast = (socket: Socket, connection: Connection): void => {
    open.delete(socket);
    open.set(socket, connection);
  };
  server.prependListener("connection", (socket: Socket) => {
    if (open.size >= bounds.limit) {
      const evicted = evictable(open);
      if (evicted === undefined) {
        socket.destroy();
        return;
      }
      open.delete(evicted);
      evicted.destroy();
    }
    open.set(socket, { underWay: new Map(), idleSince: null, isStalled: false });
    socket.once("close", () => open.delete(socket));
  });
  server.prependListener("request", (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const connection = open.get(socket);
    if (connection === undefined) return;
    const { underWay } = connection;
    underWay.set(response, request);
    if (underWay.size > MAX_PIPELINED) {
      socket.destroy();
      return;
    }
    if (underWay.size === 1) putLast(socket, connection);
    response.once("close", () => {
      underWay.delete(response);
      connection.isStalled = false;
      if (underWay.size > 0 || !open.has(socket)) return;
      connection.idleSince = request.complete ? socket.bytesRead : null;
      putLast(socket, connection);
    });
  });
  boundReading(server, open, bounds);
};
