/** The connections that are kept for the next message. */
import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";

/** How long a connection is kept without a message. */
const IDLE_MS: Milliseconds = 4 * SECOND_MS;

/** How many are kept that have no message, to one address and to all. */
const MAX_IDLE = 8;
const MAX_ALL_IDLE = 128;

const OPTIONS = { keepAlive: true, maxFreeSockets: MAX_IDLE, timeout: IDLE_MS } as const;

/** Agents whose connections are each to one address, under which they are kept. */
export type Agents = {
  readonly http: http.Agent;
  readonly https: https.Agent;
  readonly close: () => void;
};

/** No connection yet. */
export const openAgents = (): Agents => {
  const idleIn = ({ freeSockets }: http.Agent): number =>
    Object.values(freeSockets).reduce((sum, sockets) => sum + (sockets?.length ?? 0), 0);
  const agents: { readonly http: http.Agent; readonly https: https.Agent } = {
    http: new http.Agent(OPTIONS),
    https: new https.Agent(OPTIONS),
  };
  const isFull = (): boolean => idleIn(agents.http) + idleIn(agents.https) >= MAX_ALL_IDLE;
  for (const agent of [agents.http, agents.https]) {
    const keeps = agent.keepSocketAlive.bind(agent);
    agent.keepSocketAlive = (socket: Duplex) => !isFull() && keeps(socket);
  }
  const close = (): void => {
    agents.http.destroy();
    agents.https.destroy();
  };
  return { ...agents, close };
};
