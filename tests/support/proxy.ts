/**
 * A TCP proxy before a server, whose connections can be lost in all the ways that networks know.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * What happens to a chunk of data: it arrives, it arrives and then the line is cut, or it is cut
 * first.
 */
export type Fate = "arrives" | "arrives, then cut" | "cut";

/** The direction of a chunk of data. */
export type Way = "to the server" | "to the client";

export type Proxy = {
  /** The server's URL with the proxy's address in it. */
  readonly url: string;
  /** Decides about each chunk of data from now on. */
  decide(fate: (way: Way, data: Uint8Array) => Fate): void;
  /**
   * Connections that were made so far, and the most that there were at one time since `recount`.
   */
  made(): number;
  most(): number;
  recount(): void;
  /** Cuts all connections now. */
  cut(): void;
  /** Cuts all connections, and accepts no new one until `open`. */
  close(): void;
  open(): void;
  /** Ends it, with all connections. */
  stop(): Promise<void>;
};

/** Starts a proxy before the server at this URL, on any port or on this one. */
export const startProxy = async (target: string, ownPort = 0): Promise<Proxy> => {
  const { hostname, port } = new URL(target);
  const pairs = new Set<() => void>();
  let fate: (way: Way, data: Uint8Array) => Fate = () => "arrives";
  let isOpen = true;
  let [made, most] = [0, 0];

  const join = (client: Socket): void => {
    const server = connect(Number(port), hostname);
    const cut = (): void => {
      pairs.delete(cut);
      client.destroy();
      server.destroy();
    };
    pairs.add(cut);
    made += 1;
    most = Math.max(most, pairs.size);
    const pass = (from: Socket, to: Socket, way: Way): void => {
      from.on("error", cut);
      from.on("close", cut);
      from.on("data", (data: Uint8Array) => {
        const now = fate(way, data);
        if (now === "cut") return cut();
        to.write(data, now === "arrives" ? undefined : cut);
      });
    };
    pass(client, server, "to the server");
    pass(server, client, "to the client");
  };
  const listener = createServer((client) => {
    if (isOpen) join(client);
    else client.destroy();
  });
  listener.listen(ownPort, "127.0.0.1");
  await once(listener, "listening");
  const url = new URL(target);
  url.port = String((listener.address() as AddressInfo).port);
  const cut = (): void => {
    for (const each of pairs) each();
  };
  return {
    url: url.href,
    decide: (decided) => {
      fate = decided;
    },
    made: () => made,
    most: () => most,
    recount: () => {
      most = pairs.size;
    },
    cut,
    close: () => {
      isOpen = false;
      cut();
    },
    open: () => {
      isOpen = true;
    },
    stop: async () => {
      cut();
      listener.close();
      await once(listener, "close");
    },
  };
};
