/**
 * A minimal pooler in transaction mode, so that one is available wherever the tests run: each
 * client authenticates itself, and its session then belongs to all. A transaction is given to the
 * session that was idle longest, so that the next one of a client seldom meets the same.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Pooler } from "./pgbouncer.ts";

const TYPE_BYTES = 1;
const SESSION_ID = "K";
const READY = "Z";
const IDLE = "I".charCodeAt(0);
/**
 * Messages that the server answers with `READY`: a simple query, and the end of an extended one.
 */
const ENDS = ["Q", "S"];
const GOODBYE = "X";
/** In the first byte of a process id: no process has one so high. */
const NO_PROCESS = 0x40;

type Message = { readonly type: string; readonly bytes: Buffer };

/** Splits the received bytes into messages. The first of a client has no type. */
const openReader = (isTyped: boolean) => {
  let rest = Buffer.alloc(0);
  let head = isTyped ? TYPE_BYTES : 0;
  return (data: Buffer): readonly Message[] => {
    rest = Buffer.concat([rest, data]);
    const messages: Message[] = [];
    while (rest.length >= head + 4 && rest.length >= head + rest.readUInt32BE(head)) {
      const end = head + rest.readUInt32BE(head);
      messages.push({ type: rest.toString("latin1", 0, head), bytes: rest.subarray(0, end) });
      rest = rest.subarray(end);
      head = TYPE_BYTES;
    }
    return messages;
  };
};

type Session = { readonly socket: Socket; receive: (message: Message) => void };

/** Sessions with a server, and the clients that wait for one. */
const openSessions = (target: string) => {
  const { hostname, port } = new URL(target);
  const idle: Session[] = [];
  const waiting: ((session: Session) => void)[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket)).on("error", () => {});
  };
  return {
    /** Closes a socket at the end. */
    keep,
    begin: (): Session => {
      const socket = connect({ port: Number(port), host: hostname, noDelay: true });
      const session: Session = { socket, receive: () => {} };
      keep(session.socket);
      const read = openReader(true);
      session.socket.on("data", (data: Buffer) => {
        for (const message of read(data)) session.receive(message);
      });
      return session;
    },
    take: () => idle.shift(),
    wait: (take: (session: Session) => void): void => void waiting.push(take),
    giveBack: (session: Session): void => {
      const next = waiting.shift();
      if (next === undefined) idle.push(session);
      else next(session);
    },
    cut: (): void => {
      for (const socket of sockets) socket.destroy();
    },
  };
};

type Sessions = ReturnType<typeof openSessions>;

/** Gives a client a session for each of its transactions. */
const serve = (sessions: Sessions, client: Socket): void => {
  sessions.keep(client);
  const read = openReader(false);
  let session: Session | null = sessions.begin();
  let isSignedIn = false;
  let isWaiting = false;
  const unsent: Buffer[] = [];
  /** How many answers are to come, and whether more was asked since the last of them. */
  let awaited = 1;
  let isOpen = false;
  const receive = ({ type, bytes }: Message): void => {
    const last = bytes.length - 1;
    // An id that no session has, as poolers do it: the id, then a secret of four bytes.
    if (type === SESSION_ID) bytes.writeUInt8(bytes.readUInt8(last - 7) | NO_PROCESS, last - 7);
    client.write(bytes);
    if (type !== READY || (awaited -= 1) > 0 || isOpen || bytes[last] !== IDLE) return;
    isSignedIn = true;
    const free = session;
    session = null;
    if (free !== null) sessions.giveBack(free);
  };
  const take = (given: Session): void => {
    isWaiting = false;
    if (client.destroyed) return sessions.giveBack(given);
    session = given;
    session.receive = receive;
    session.socket.write(Buffer.concat(unsent.splice(0)));
  };
  session.receive = receive;
  client.on("data", (data: Buffer) => {
    for (const { type, bytes } of read(data)) {
      if (type === GOODBYE) return client.destroy();
      if (isSignedIn) isOpen = !ENDS.includes(type);
      if (ENDS.includes(type)) awaited += 1;
      unsent.push(bytes);
    }
    const given = session ?? sessions.take();
    if (given !== undefined) take(given);
    else if (!isWaiting) {
      isWaiting = true;
      sessions.wait(take);
    }
  });
  // What it began there is undone with the session.
  client.once("close", () => session?.socket.destroy());
};

/** Starts a pooler before one database of a server, which is that of this URL. */
export const startPooler = async (target: string): Promise<Pooler> => {
  const sessions = openSessions(target);
  const listener = createServer({ noDelay: true }, (client) => serve(sessions, client));
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const own = String((listener.address() as AddressInfo).port);
  return {
    of: (url) => {
      const pooled = new URL(url);
      pooled.port = own;
      return pooled.href;
    },
    stop: async () => {
      sessions.cut();
      listener.close();
      await once(listener, "close");
    },
  };
};
