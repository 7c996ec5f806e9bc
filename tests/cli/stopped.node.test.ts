/** Ctrl-C ends a command immediately, whatever it waits for. */
import assert from "node:assert/strict";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { until } from "../support/eventually.ts";
import { newFolder, removeServers } from "../support/server.ts";
import { listening } from "./listening.ts";
import { run } from "./session.ts";

/** What came of a command that is stopped once it waits. */
const stoppedAt = async (
  line: string,
  environment: Readonly<Record<string, string>>,
  waits: () => boolean,
) => {
  const stopping = new AbortController();
  const running = run(line.split(" "), environment, { stopped: stopping.signal });
  await until(waits);
  stopping.abort();
  return await running;
};

describe("a command that is stopped", { timeout: 600_000 }, () => {
  const sockets: Socket[] = [];
  /** Takes connections, and says nothing. */
  const database = createServer((socket) => void sockets.push(socket.on("error", () => {})));
  let url = "";
  before(async () => {
    await new Promise<void>((resolve) => void database.listen(0, "127.0.0.1", resolve));
    const { port } = database.address() as AddressInfo;
    url = `postgres://me@127.0.0.1:${port}/ledgerline`;
  });
  after(async () => {
    database.close();
    for (const socket of sockets) socket.destroy();
    await removeServers();
  });

  test("ends while its database hangs", async () => {
    for (const line of ["organization list", "doctor", "list --organization acme"]) {
      const { length } = sockets;
      const waits = () => sockets.length > length;
      const { status, err } = await stoppedAt(line, { DATABASE_URL: url }, waits);
      assert.deepEqual([status, err.split("\n").at(-1)], [130, "stopped"], line);
    }
  });

  test("ends while doctor waits for an address, with what it has found until then", async () => {
    const folder = newFolder();
    await (await openPgliteLog({ folder })).close();
    let isAsked = false;
    const hanging = await listening(() => void (isAsked = true));
    const environment = { DATA_DIR: folder, REVIEWERS_WEBHOOK_URL: hanging.url };
    const { status, out } = await stoppedAt("doctor", environment, () => isAsked);
    hanging.close();
    assert.equal(status, 130);
    assert.match(out.join("\n"), /^ok +database /m);
    assert.doesNotMatch(out.join("\n"), /^\w+ +reviewers /m);
  });
});
