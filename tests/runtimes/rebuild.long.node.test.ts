/** The command line's rebuild of a data folder, also after one that was killed. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { startRebuilder } from "../contract/log/processes.ts";
import { assertReplayed } from "../support/replayed.ts";
import { removeServers, startServer } from "../support/server.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const rebuild = (folder: string) =>
  spawnSync("npm", ["run", "-s", "ledgerline", "--", "rebuild"], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, DATA_DIR: folder },
  });

/** A folder that a server bought numbers in. */
const usedFolder = async (): Promise<string> => {
  const server = await startServer();
  const token = await server.organization("acme", "Scale");
  await server.organization("initech", "Growth");
  for (const phoneNumber of ["+14155550101", "+14155550102"]) {
    const body = { phoneNumber, teamId: "acme" };
    const { status } = await server.request("POST", "/api/phone-numbers/purchase", { token, body });
    assert.equal(status, 200);
  }
  assert.deepEqual(await server.kill("SIGTERM"), { code: 0, signal: null });
  return server.folder;
};

const spoil = async (folder: string): Promise<void> => {
  const { database, close } = await openPgliteLog({ folder });
  await database.query("update ledgerline.state set data = '{}'", []);
  await database.query("delete from ledgerline.claim", []);
  await close();
};

const assertSound = async (folder: string): Promise<void> => {
  const log = await openPgliteLog({ folder });
  try {
    await assertReplayed(log);
    const left = "select from pg_namespace where nspname = 'ledgerline_next'";
    assert.equal((await log.database.query(left, [])).length, 0);
  } finally {
    await log.close();
  }
};

describe("ledgerline rebuild", { timeout: 600_000 }, () => {
  after(removeServers);

  test("repairs all rows and claims of a folder, also after one that was killed", async () => {
    const folder = await usedFolder();
    await spoil(folder);
    for (const where of ["put", "swap"] as const) {
      await (await startRebuilder(folder, where)).kill();
    }
    const { status, stdout, stderr } = rebuild(folder);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^\d+ events of 3 organizations\n$/);
    assert.equal(stderr, "");
    await assertSound(folder);
  });
});
