import type { Server, ServerResponse } from "node:http";
import { once } from "node:events";
import type { Milliseconds } from "../../core/values/calendar.ts";

/** Ends a server's work in order. */
export type Drain = {
  /**
   * Takes no more connections, waits until every request under way has its answer, at most
   * `limit_ms`, and then cuts what connections are left: silent ones, and requests that were never
   * sent to their end.
   */
  end(limit_ms: Milliseconds): Promise<void>;
};

/** Follows the requests of a server from now on. To be called before it listens. */
export const drainOf = (server: Server): Drain => {
  const underWay = new Set<ServerResponse>();
  let ending = false;
  // Before the listener that answers, which may do so at once.
  server.prependListener("request", (_, response: ServerResponse) => {
    underWay.add(response);
    if (ending) response.shouldKeepAlive = false;
    response.once("close", () => underWay.delete(response));
  });
  const answered = async (): Promise<void> => {
    for (const response of underWay) if (!response.closed) await once(response, "close");
  };
  return {
    end: async (limit_ms) => {
      ending = true;
      for (const response of underWay) response.shouldKeepAlive = false;
      const closed = once(server, "close");
      server.close();
      const cut = setTimeout(() => server.closeAllConnections(), limit_ms);
      await answered();
      clearTimeout(cut);
      server.closeAllConnections();
      await closed;
    },
  };
};
