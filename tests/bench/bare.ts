/**
 * The bare server, a separate process: Hono and one prepared statement on its own synced database,
 * embedded in the folder that is its argument, or on the PostgreSQL whose URL that is. Reports its
 * port to its parent.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { getRequestListener } from "@hono/node-server";
import { openPglite } from "../../adapters/log/pglite/mod.ts";
import { bareApp } from "./bare-app.ts";
import { openBare } from "./engine.ts";
import { openBarePostgres } from "./postgres.ts";

const [, , where = ""] = process.argv;

const openEmbedded = async () => {
  const { database, close } = await openPglite({ folder: where, durability: "synced" });
  return { bare: await openBare(database), close };
};

const isUrl = where.startsWith("postgres://");
const { bare, close } = await (isUrl ? openBarePostgres(where) : openEmbedded());
const app = await bareApp(bare);
const server = createServer(getRequestListener(app.fetch));
process.on("disconnect", async () => {
  await close();
  process.exit();
});
server.listen(0, "127.0.0.1", () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
