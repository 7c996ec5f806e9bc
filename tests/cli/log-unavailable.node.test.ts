/** The commands that work at the log itself, where that cannot be reached. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, describe, test } from "node:test";
import { bundleOf } from "../support/bundle.ts";
import { freePort } from "../support/port.ts";
import { inherited, removeServers, startServer } from "../support/server.ts";
import { shortFlags } from "../support/v8.ts";

const COMMANDS = ["heads", "check", "export acme", "installation", "rebuild", "follow acme"];

const run = (words: string, environment: Readonly<Record<string, string>>) =>
  spawnSync("node", [...shortFlags(), bundleOf("adapters/cli/main.ts"), ...words.split(" ")], {
    encoding: "utf8",
    env: { ...inherited(), ...environment },
  });

describe("each command at the log ends with 3", { timeout: 600_000 }, () => {
  after(removeServers);

  test("where its database does not answer", async () => {
    const DATABASE_URL = `postgres://nobody:secret-word@127.0.0.1:${await freePort()}/nothing`;
    for (const words of COMMANDS) {
      const { status, stdout, stderr } = run(words, { DATABASE_URL });
      assert.deepEqual([status, stdout], [3, ""], `${words}: ${stderr}`);
      assert.match(stderr, /^ledgerline: [^\n]+\n$/);
      assert.ok(!stderr.includes("secret-word"));
    }
  });

  test("where a server has its folder", async () => {
    const server = await startServer();
    for (const words of COMMANDS) {
      const { status, stdout, stderr } = run(words, { DATA_DIR: server.folder });
      assert.deepEqual([status, stdout], [3, ""], `${words}: ${stderr}`);
      assert.match(stderr, /^ledgerline: [^\n]+\n$/);
    }
    assert.equal((await server.request("GET", "/readyz")).status, 200);
  });
});
