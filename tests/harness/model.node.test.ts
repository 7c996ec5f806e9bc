/** A model run over real sockets, as against a remote server. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { serve } from "@hono/node-server";
import fc from "fast-check";
import { NO_LIMITS } from "../../core/values/plan.ts";
import { openTestApp } from "../support/app.ts";
import { numberCommands, runCommands } from "./model/commands.ts";
import { httpClient } from "./model/http.ts";
import { runs } from "../support/runs.ts";

const MAX_NUMBERS = 10;
/** Run after run buys, on one day: more than the plan Growth allows within it. */
const PLANS = {
  Busy: {
    name: "Busy",
    maxNumbers: MAX_NUMBERS,
    billing: "subscription",
    verification: "none",
    limits: NO_LIMITS,
  },
} as const;

test("a model run agrees with a server that it knows only by its URL, history after history", async () => {
  const app = openTestApp({ plans: PLANS });
  const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const token = await app.organization("acme", "Busy");
  const options = { baseUrl: `http://127.0.0.1:${port}`, token };
  try {
    await fc.assert(
      fc.asyncProperty(
        numberCommands(),
        fc.constantFrom("talkturo", "talkover", "speko", "ledger"),
        async (commands, dialect) => {
          // Each continues from the state that the one before left.
          const client = httpClient({ ...options, dialect, teamId: "acme" });
          await runCommands(client, commands, { maxNumbers: MAX_NUMBERS });
        },
      ),
      { numRuns: runs(15), endOnFailure: true },
    );
  } finally {
    server.close();
    await app.close();
  }
});
