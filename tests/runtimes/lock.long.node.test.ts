/** Two servers on one data folder: the second is refused, and the first never notices. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import {
  newFolder,
  removeServers,
  startProcess,
  startServer,
  type TestServer,
} from "../support/server.ts";
import { assertNoneLost, readFolder } from "./folder.ts";

const buy = async ({ request }: TestServer, token: string, e164: string): Promise<void> => {
  const { status } = await request("POST", "/v1/phone-numbers", { token, body: { e164 } });
  assert.equal(status, 200);
};

describe("a second server on the same folder", { timeout: 600_000 }, () => {
  after(removeServers);

  test("ends with status 1 and names the first, which goes on, when it starts", async () => {
    const folder = newFolder();
    const first = await startServer({ folder });
    const token = await first.organization("acme");
    await buy(first, token, "+14155550001");
    for (let time = 0; time < 2; time++) {
      const second = startProcess(folder);
      assert.deepEqual(await second.ended, { code: 1, signal: null });
      const { out, err } = second.printed();
      assert.equal(out, "");
      assert.match(err, new RegExp(`^ledgerline: .*in use by process ${first.pid} on host .*\\n$`));
    }
    await buy(first, token, "+14155550002");
    await first.kill("SIGTERM");
    const contents = await readFolder(folder);
    assertNoneLost(contents);
    assert.deepEqual([...contents.sold.keys()].toSorted(), ["+14155550001", "+14155550002"]);
  });

  test("starts and has everything when the first was killed", async () => {
    const folder = newFolder();
    const first = await startServer({ folder });
    const token = await first.organization("acme");
    await buy(first, token, "+14155550003");
    await first.kill("SIGKILL");
    const second = await startServer({ folder });
    const { json } = await second.request("GET", "/v1/phone-numbers", { token });
    assert.deepEqual(json.map((number: { e164: string }) => number.e164), ["+14155550003"]);
    await buy(second, token, "+14155550004");
    await second.kill("SIGTERM");
    assertNoneLost(await readFolder(folder));
  });
});
