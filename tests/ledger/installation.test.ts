/** The id of an installation, which is in its log, and the new one that a copy is given. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { openIdleLedger } from "../support/ledger.ts";

test("an installation is named once, and a copy of its log anew", async () => {
  const log: EventLog = { ...openMemoryLog(), close: () => Promise.resolve() };
  const [first, second] = [openIdleLedger(log), openIdleLedger(log)];
  const id = await first.operator.installation();
  assert.match(id, /^in_/);
  assert.equal(await first.operator.installation(), id);
  assert.equal(await second.operator.installation(), id);
  const renewed = await first.operator.renewInstallation();
  assert.match(renewed, /^in_/);
  assert.notEqual(renewed, id);
  assert.equal(await first.operator.installation(), renewed);
  const third = openIdleLedger(log);
  assert.equal(await third.operator.installation(), renewed);
  for (const ledger of [first, second, third]) await ledger.close();
});

test("an installation whose name is lost with the end of its log gives no id", async () => {
  const [log, empty] = [openMemoryLog(), openMemoryLog()];
  let isLost = false;
  const ledger = openIdleLedger({
    ...log,
    append: async (input) => {
      const outcome = await log.append(input);
      isLost = true;
      return outcome;
    },
    load: (...asked) => (isLost ? empty : log).load(...asked),
  });
  await assert.rejects(ledger.operator.installation(), /^Error: The installation has no id$/);
  await ledger.close();
});
