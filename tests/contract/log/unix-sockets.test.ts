/**
 * Unix sockets as this runtime has them: a listening process is found, and distinguished from
 * others.
 */
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import process from "node:process";
import { after, describe, test } from "node:test";
import { openDenoSockets, unixSockets } from "../../../adapters/log/pglite/unix-sockets.ts";
import { openFolders } from "../../support/folders.ts";

const { newPath, remove } = openFolders("unix");
const LIMIT_MS = 5_000;

const onUnix = (): void => {
  const { knock, listen } = unixSockets();

  test("a listening process is reached again and again, and no more once it has ended", async () => {
    const path = newPath();
    const listener = await listen(path);
    assert.ok(listener !== null, "a socket can be had");
    for (let time = 0; time < 3; time += 1) assert.equal(await knock(path, LIMIT_MS), null);
    const many = await Promise.all(Array.from({ length: 50 }, () => knock(path, LIMIT_MS)));
    assert.deepEqual(new Set(many), new Set([null]));
    listener.end();
    const code = await knock(path, LIMIT_MS);
    assert.equal(code, existsSync(path) ? "ECONNREFUSED" : "ENOENT");
  });

  test("no process listens where there is nothing, or a file", async () => {
    const path = newPath();
    assert.equal(await knock(path, LIMIT_MS), "ENOENT");
    writeFileSync(path, "");
    assert.equal(await knock(path, LIMIT_MS), "ECONNREFUSED");
  });

  test("no socket is available at a name that is taken, is too long, or is in no folder", async () => {
    const path = newPath();
    writeFileSync(path, "");
    assert.equal(await listen(path), null);
    assert.equal(await listen(`${newPath()}/${"a".repeat(200)}`), null);
    assert.equal(await listen(`${newPath()}/none/socket`), null);
  });
};

describe(
  "Unix sockets",
  { skip: process.platform === "win32" && "there are none on Windows" },
  () => {
    after(remove);
    onUnix();

    test("on Deno, a connection that cannot be taken is not the last", async () => {
      const connections: (() => void)[] = [];
      let [accepted, isClosed] = [0, false];
      const { listen } = openDenoSockets({
        connect: () => assert.fail("nobody connects"),
        listen: () => ({
          accept: async () => {
            accepted += 1;
            if (accepted === 1) throw new Error("too many open files");
            if (accepted > 2) return await new Promise(() => {});
            return { close: () => connections.splice(0).forEach((end) => end()) };
          },
          close: () => isClosed = true,
          unref: () => {},
        }),
      });
      const closed = new Promise<void>((resolve) => connections.push(resolve));
      const keep = setInterval(() => {}, 1_000);
      const listener = await listen("/some");
      await closed;
      clearInterval(keep);
      listener?.end();
      assert.ok(isClosed);
    });

    test("on Deno, a process that never answers counts as reached, and is let go of when it does", async () => {
      let answer: (connection: { close(): void }) => void = () => {};
      let closed = 0;
      const { knock } = openDenoSockets({
        connect: () => new Promise((resolve) => answer = resolve),
        listen: () => assert.fail("nobody listens"),
      });
      assert.equal(await knock("/never", 1), null);
      answer({ close: () => closed += 1 });
      await Promise.resolve();
      assert.equal(closed, 1);
    });
  },
);
