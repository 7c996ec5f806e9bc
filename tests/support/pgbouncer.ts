/** A PgBouncer in transaction mode, which runs every transaction on another session. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { until } from "./eventually.ts";
import { freePort } from "./port.ts";
import { openFolder } from "./postgres-programs.ts";

/** A pooler before a server. */
export type Pooler = {
  /** The pooler's URL of a database, of the server's URL of it. */
  of(url: string): string;
  stop(): Promise<void>;
};

/** Fewer than the clients, so that sessions move from one to another. */
const SESSIONS = 4;

const configuration = (target: string, port: number): string => {
  const { hostname, port: server, username, password } = new URL(target);
  const [user, secret] = [username, password].map(decodeURIComponent);
  return `[databases]
* = host=${hostname} port=${server || 5432} user=${user} password=${secret}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${SESSIONS}
server_round_robin = 1
max_client_conn = 500
`;
};

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });

/** Starts the program before the server at this URL. */
export const startPgbouncer = async (program: string, target: string): Promise<Pooler> => {
  const folder = openFolder("ledgerline-pgbouncer-");
  // Like PostgreSQL it does not run as root, and has to read its configuration.
  const file = join(folder, "pgbouncer.ini");
  const port = await freePort();
  writeFileSync(file, configuration(target, port));
  const user = process.getuid?.() === 0 ? ["--user=postgres"] : [];
  const child = spawn(program, [...user, file], { cwd: "/", stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(child, "close");
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => said += part);
  await until(async () => {
    if (await isListening(port)) return true;
    if (child.exitCode !== null) throw new Error(`PgBouncer did not start: ${said}`);
    return false;
  });
  return {
    of: (url) => {
      const pooled = new URL(url);
      [pooled.hostname, pooled.port] = ["127.0.0.1", String(port)];
      return pooled.href;
    },
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
