/** A server with an organization, and what a program is given to act for it. */
import { type ServerOptions, startServer, type TestServer } from "../support/server.ts";

/** The server, the variables by which a program finds it, and what adds to its feed. */
export type AtServer = {
  readonly server: TestServer;
  readonly environment: Readonly<Record<"LEDGERLINE_URL" | "LEDGERLINE_TOKEN", string>>;
  /** Adds credits, which are an event each. */
  readonly credit: (amount: string) => Promise<unknown>;
};

/** Starts one in a process of its own; `removeServers` ends it. */
export const atServer = async (options?: ServerOptions): Promise<AtServer> => {
  const server = await startServer(options);
  const environment = {
    LEDGERLINE_URL: server.url,
    LEDGERLINE_TOKEN: await server.organization("acme"),
  };
  const credit = (amount: string) =>
    server.admin("POST", "/admin/organizations/acme/credits", { amount });
  return { server, environment, credit };
};
