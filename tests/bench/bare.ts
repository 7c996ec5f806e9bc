/**
 * The bare server, a process of its own: Hono and one prepared statement on a synced database of
 * its own in the folder that is its argument. Tells its parent where it listens.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { getRequestListener } from "@hono/node-server";
import { openPglite } from "../../adapters/log/pglite/mod.ts";
import { bareApp } from "./bare-app.ts";
import { openBare } from "./engine.ts";

const { database, close } = await openPglite({
  folder: process.argv[2] ?? "",
  durability: "synced",
});
const app = await bareApp(await openBare(database));
const server = createServer(getRequestListener(app.fetch));
process.on("disconnect", async () => {
  await close();
  process.exit();
});
server.listen(0, "127.0.0.1", () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
