/** Servers that are measured, and what they show. */
import assert from "node:assert/strict";
import type { Application } from "../../adapters/runtimes/server/listening.ts";
import { open } from "../../adapters/runtimes/server/checked-log.ts";
import { readSettings } from "../../adapters/runtimes/server/settings.ts";
import { ADMIN_TOKEN } from "../support/app.ts";

/** Reads metrics and nothing else. */
export const METRICS_TOKEN = "prometheus-reads";
/** Metrics for the operator and for who has the token. */
export const BOTH = { ADMIN_TOKEN, METRICS_TOKEN, METRICS: "token" };

/** The settings of a server whose database is in memory. */
export const settingsOf = (environment: Readonly<Record<string, string>>) => {
  const read = readSettings({ DATA_DIR: "memory", ...environment });
  assert.ok(read.ok, read.ok ? "" : read.error);
  return read.value;
};

/** Opens servers without a port, and closes them all. */
export const openServers = () => {
  const opened: Application[] = [];
  return {
    openServer: async (environment: Readonly<Record<string, string>>): Promise<Application> => {
      const server = await open(settingsOf(environment));
      opened.push(server);
      return server;
    },
    closeAll: async (): Promise<void> => {
      for (const { ledger } of opened.splice(0)) await ledger.close();
    },
  };
};

/** The value of a series by its name and labels; undefined where it is not there. */
export const valueIn = (text: string, series: string): number | undefined => {
  const line = text.split("\n").find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};

/** The metrics of a server. */
export const readBy = async ({ fetch }: Application, token = METRICS_TOKEN): Promise<string> => {
  const { status, headers, text } = await read(fetch, token);
  assert.equal(status, 200);
  assert.equal(headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  return text;
};

/** The answer to a request for metrics. */
export const read = async (fetch: Application["fetch"], token: string | null) => {
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  const request = new Request("http://localhost/metrics", { headers: authorization });
  const answer = await fetch(request);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};
