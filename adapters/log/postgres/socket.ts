import type * as net from "node:net";
import type { Socket } from "node:net";

/** Where the driver is to connect: its hosts with their ports, or the path of a Unix socket. */
export type Destination = {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | undefined;
};

// Asked for and not imported: a bundle for workerd, where the driver has its own sockets, needs
// none.
const { process } = globalThis as {
  readonly process?: { readonly getBuiltinModule?: (name: "node:net") => typeof net };
};

/**
 * Begins a connection, each time to the next host. A server that closes it before it has said
 * anything (a proxy with nothing behind it) makes it fail, and not merely end: the driver opens a
 * connection that ended again immediately, forever, and its callers are never answered.
 */
export const openSockets = (): (destination: Destination) => Socket => {
  const builtin = process?.getBuiltinModule?.("node:net");
  if (builtin === undefined) {
    throw new Error("a PostgreSQL needs a runtime with node:net, or workerd");
  }
  const { connect } = builtin;
  let attempts = 0;
  return ({ host, port, path }) => {
    const place = attempts++ % host.length;
    const to = { host: host[place] ?? "localhost", port: port[place] ?? 5432 };
    const socket = connect(path ? { path } : { ...to, noDelay: true });
    const fail = (): void => {
      const error = new Error(`closed by ${path || `${to.host}:${to.port}`} immediately`);
      socket.destroy(Object.assign(error, { code: "ECONNRESET" }));
    };
    socket.once("end", fail);
    socket.once("data", () => socket.off("end", fail));
    // From here the driver takes the name that a certificate must have, and what its errors name.
    return Object.assign(socket, to);
  };
};
