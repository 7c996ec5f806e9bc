import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { test } from "node:test";
import postgres from "postgres";
import { openSockets } from "../../../adapters/log/postgres/socket.ts";

test("openSockets() gives sockets of which the driver can say where they lead", async () => {
  const taken: Socket[] = [];
  const silent = createServer((socket) => taken.push(socket));
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const url = `postgres://someone@127.0.0.1:${port}/ledgerline`;
  const sockets = { socket: openSockets() };
  const sql = postgres(url, { connect_timeout: 0.1, ...sockets });
  const message = `write CONNECT_TIMEOUT 127.0.0.1:${port}`;
  await assert.rejects(async () => await sql`select 1`, { message });
  await sql.end({ timeout: 0 });
  for (const socket of taken) socket.destroy();
  silent.close();
});
