/**
 * A server on Deno that cannot start leaves nothing behind, and its cron is not in Deno's way; Deno
 * is simulated, as far as it is used.
 */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { startServer } from "../../adapters/runtimes/deno/server.ts";
import { readSettings, type Settings } from "../../adapters/runtimes/server/settings.ts";

const settings = (): Settings => {
  const read = readSettings({ DATA_DIR: "memory", PORT: "0" });
  assert.ok(read.ok);
  return read.value;
};

const playDeno = (played: object): void => {
  Object.assign(globalThis, { Deno: played });
};

afterEach(() => void Reflect.deleteProperty(globalThis, "Deno"));

test("startServer() does not listen when the cron is not available", async () => {
  let listens = false;
  playDeno({
    cron: () => {
      throw new TypeError("a cron of this name is there already");
    },
    serve: () => {
      listens = true;
      return { addr: { port: 1 }, shutdown: () => Promise.resolve() };
    },
  });
  await assert.rejects(startServer(settings()), /already/);
  assert.equal(listens, false);
});

test("startServer() ends its cron when the port is not available", async () => {
  let signal: AbortSignal | undefined;
  playDeno({
    cron: (_name: string, _schedule: string, options: { readonly signal: AbortSignal }) => {
      signal = options.signal;
      return Promise.resolve();
    },
    serve: () => {
      throw new Error("the address is in use");
    },
  });
  await assert.rejects(startServer(settings()), /in use/);
  assert.equal(signal?.aborted, true);
});

test("a cron's look for work resolves when the ledger can do none", async () => {
  let look: (() => Promise<unknown>) | undefined;
  playDeno({
    cron: (_name: string, _schedule: string, _options: object, handler: typeof look) => {
      look = handler;
      return Promise.resolve();
    },
    serve: () => ({ addr: { port: 1 }, shutdown: () => Promise.resolve() }),
  });
  const { ledger, stop } = await startServer(settings());
  await stop();
  await assert.rejects(ledger.work.run());
  await look?.();
  assert.ok(look !== undefined);
});
