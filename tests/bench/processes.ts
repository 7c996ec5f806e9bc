/** The processes that take part: the built server, the bare server and the load generator. */
import { type ChildProcess, execFile, fork, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ROOT } from "../tidy/command.ts";
import { withFolder } from "./engine.ts";
import type { LoadOrder, LoadResult } from "./load.ts";
import type { TaskOrder, TaskResult } from "./organizations.ts";

const ADMIN_TOKEN = "admin-secret-of-the-benchmark";

const READY = /listening on (\S+)/;

/** A server process that is ready for requests. */
export type ServerProcess = {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process to the line that says it is ready, in milliseconds. */
  readonly ready_ms: number;
  /** Ends it and waits for its exit. */
  readonly stop: () => Promise<void>;
};

/** Builds `dist/` and the image of a new database, as an installation does. */
export const build = async (): Promise<void> => {
  await promisify(execFile)("npm", ["run", "-s", "prepare"], { cwd: ROOT });
};

/** A plan with limits that nothing reaches, under the name that `openOrganization` takes. */
const PLANS = JSON.stringify({
  Scale: {
    maxNumbers: 1_000_000,
    billing: "subscription",
    verification: "none",
    limits: {
      imports: 0,
      purchasesPerDay: 1_000_000,
      purchasesPer30Days: 1_000_000,
      highestSetup: "100.00",
      highestMonthly: "100.00",
      requestsPerMinute: 1_000_000_000,
      searchesPerMinute: 1_000_000_000,
    },
  },
});

/** Settings of a server, by their names, in place of those that a benchmark gives it. */
export type Settings = Readonly<Record<string, string>>;

/** Starts `node dist/server.js` on a data folder, synced as by default. */
export const startServer = (folder: string, settings: Settings = {}): Promise<ServerProcess> =>
  new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, ["dist/server.js"], {
      cwd: ROOT,
      env: {
        ...process.env,
        PORT: "0",
        DATA_DIR: folder,
        ADMIN_TOKEN,
        HOST: "127.0.0.1",
        // Load is measured here; the cost of counting has its own row.
        RATE_LIMITS: "off",
        PLANS,
        ...settings,
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    const stop = async (): Promise<void> => {
      child.kill("SIGTERM");
      await exited;
    };
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      printed += part;
      // By address, so that no name is looked up for each connection.
      const url = READY.exec(printed)?.[1]?.replace("localhost", "127.0.0.1");
      if (url === undefined) return;
      resolve({ url, pid: child.pid ?? 0, ready_ms: performance.now() - start, stop });
    });
  });

/** Makes a call of the operator's API, which must succeed, and returns the JSON of its answer. */
const callAdmin = async (
  { url }: ServerProcess,
  method: string,
  path: string,
  body: unknown,
): Promise<unknown> => {
  const response = await fetch(`${url}/admin${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
};

/** Opens an organization on the plan without limits, and returns a token of it. */
export const openOrganization = async (server: ServerProcess, id: string): Promise<string> => {
  await callAdmin(server, "PUT", `/organizations/${id}`, { name: id, plan: "Scale" });
  const user = { email: "alice@example.com", name: "Alice Johnson" };
  const issued = await callAdmin(server, "POST", `/organizations/${id}/tokens`, user);
  return (issued as { readonly token: string }).token;
};

/** Starts one of the modules here in a separate process. */
const forked = (module: string, args: readonly string[]): ChildProcess =>
  fork(fileURLToPath(new URL(module, import.meta.url)), args);

const endOf = async (child: ChildProcess): Promise<void> => {
  const exited = once(child, "exit");
  child.disconnect();
  await exited;
};

/** Performs an order, and rejects when any answer was unsuccessful. */
export type Load = (order: LoadOrder) => Promise<LoadResult>;

/** The two servers, each with its own database, and the load generator. */
export type Field = { readonly server: ServerProcess; readonly bare: string; readonly load: Load };

const loader = (child: ChildProcess): Load => async (order) => {
  const answered = once(child, "message");
  child.send(order);
  const [result]: LoadResult[] = await answered;
  if (result === undefined || result.failure !== null) {
    throw new Error(result?.failure ?? "the load generator said nothing");
  }
  return result;
};

/** Runs `work` with a built server of these settings on its own data folder. */
export const withServer = <Value>(
  settings: Settings,
  work: (server: ServerProcess) => Promise<Value>,
): Promise<Value> =>
  withFolder(async (folder) => {
    const server = await startServer(folder, settings);
    try {
      return await work(server);
    } finally {
      await server.stop();
    }
  });

/** Runs `work` with the load generator. */
export const withLoad = async <Value>(work: (load: Load) => Promise<Value>): Promise<Value> => {
  const generator = forked("load.ts", []);
  try {
    return await work(loader(generator));
  } finally {
    await endOf(generator);
  }
};

/**
 * Runs `work` with the built server, the bare server and the load generator: each server on its own
 * embedded database, or the one with these settings, the other on the PostgreSQL at this URL.
 */
export const withServers = <Value>(
  work: (field: Field) => Promise<Value>,
  { settings = {}, bareUrl }: {
    readonly settings?: Settings;
    readonly bareUrl?: string;
  } = {},
): Promise<Value> =>
  withLoad((load) =>
    withFolder(async (bareFolder) => {
      const bare = forked("bare.ts", [bareUrl ?? bareFolder]);
      try {
        const [url]: string[] = await once(bare, "message");
        return await withServer(settings, (server) => work({ server, bare: url ?? "", load }));
      } finally {
        await endOf(bare);
      }
    })
  );

/** Does a task with many organizations in a process of its own, which has ended then. */
export const performTask = async (order: TaskOrder): Promise<TaskResult> => {
  const child = forked("organizations.ts", []);
  let result: TaskResult | null = null;
  child.on("message", (message) => {
    result = message as TaskResult;
  });
  // What was sent is there before the disconnection.
  const ended = Promise.all([once(child, "exit"), once(child, "disconnect")]);
  child.send(order);
  const [[code]] = await ended;
  if (result === null) throw new Error(`the task ended with ${code}`);
  return result;
};
