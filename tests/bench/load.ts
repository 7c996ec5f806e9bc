/**
 * The load generator, a separate process: sends the given requests and reports how long they took.
 */
import { Buffer } from "node:buffer";
import { Agent, request } from "node:http";
import process from "node:process";

/** One request; it must be answered with a status below 300. */
export type LoadRequest = {
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

/**
 * `count` requests, taken from the list in turn, by this many callers over persistent connections.
 */
export type LoadOrder = {
  readonly url: string;
  readonly callers: number;
  readonly count: number;
  readonly requests: readonly LoadRequest[];
};

/** The outcome of an order; `failure` is the first unsuccessful answer. */
export type LoadResult = {
  readonly seconds: number;
  readonly latencies_ms: readonly number[];
  readonly failure: string | null;
};

const send = (url: string, agent: Agent, asked: LoadRequest): Promise<string | null> =>
  new Promise((resolve, reject) => {
    const { method, path, headers, body } = asked;
    const length = body === null ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const options = { agent, method, headers: { ...headers, ...length } };
    const sent = request(new URL(path, url), options, (response) => {
      const { statusCode = 0 } = response;
      const parts: Buffer[] = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => {
        resolve(statusCode < 300 ? null : `${statusCode} ${Buffer.concat(parts)}`);
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });

const agents = new Map<string, Agent>();

/** The connections are kept from one order to the next. */
const agentOf = (url: string): Agent => {
  const agent = agents.get(url) ?? new Agent({ keepAlive: true, scheduling: "fifo" });
  agents.set(url, agent);
  return agent;
};

const perform = async ({ url, callers, count, requests }: LoadOrder): Promise<LoadResult> => {
  const agent = agentOf(url);
  const latencies_ms: number[] = [];
  let failure: string | null = null;
  let next = 0;
  const call = async (): Promise<void> => {
    while (next < count) {
      const asked = requests[next++ % requests.length];
      if (asked === undefined) return;
      const start = performance.now();
      failure ??= await send(url, agent, asked);
      latencies_ms.push(performance.now() - start);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: callers }, call));
  return { seconds: (performance.now() - start) / 1_000, latencies_ms, failure };
};

process.on("message", async (order: LoadOrder) => {
  process.send?.(await perform(order));
});
process.on("disconnect", () => process.exit());
