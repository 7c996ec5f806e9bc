/** A purchase that is looked up by the key of its order, as when its carrier sends a message. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { failed } from "../../core/values/result.ts";
import { openSandboxLedger } from "../support/sandbox-ledger.ts";

test("an order is looked up by its key at its carrier, and a key that nobody ordered by is not", async () => {
  const keys: string[] = [];
  let isFound = false;
  const { app, ledger, caller } = await openSandboxLedger(
    (sandbox) => ({
      order: async (request) => {
        keys.push(request.key);
        await sandbox.order(request);
        return failed({ kind: "unknown", message: "a storm" });
      },
      findOrder: (key) =>
        isFound
          ? sandbox.findOrder(key)
          : Promise.resolve(failed({ kind: "unreachable", message: "a storm" })),
    }),
    { waitMs: 30 },
  );
  const bought = await ledger.purchase(caller, { e164: "+14155550101" });
  assert.ok(bought.ok);
  const { status, holding: { id } } = bought.value.number;
  assert.equal(status, "purchasing");
  isFound = true;
  assert.equal(await ledger.work.look("nobody"), false);
  assert.equal((await ledger.numbers.get(caller, id))?.status, "purchasing");
  assert.equal(await ledger.work.look(keys[0] ?? assert.fail()), true);
  assert.equal((await ledger.numbers.get(caller, id))?.status, "active");
  await app.close();
});

test("a caller that waits goes on asking after a look-up that failed", async () => {
  let looks = 0;
  const { app, ledger, caller } = await openSandboxLedger((sandbox) => ({
    order: async (request) => {
      await sandbox.order(request);
      return failed({ kind: "unknown", message: "a storm" });
    },
    findOrder: (key) =>
      ++looks > 2
        ? sandbox.findOrder(key)
        : Promise.resolve(failed({ kind: "unreachable", message: "a storm" })),
  }));
  const bought = await ledger.purchase(caller, { e164: "+14155550101" });
  assert.deepEqual([bought.ok && bought.value.number.status, looks], ["active", 3]);
  await app.close();
});
