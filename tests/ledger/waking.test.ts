/** When automatic work looks at its lists before its time: after an append of what is due. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { money } from "../../core/values/money.ts";
import { openTestApp } from "../support/app.ts";
import { until } from "../support/eventually.ts";
import { pause } from "../support/pause.ts";

test("automatic work looks again soon after an append of what is due, and after no other", async () => {
  const log = openMemoryLog();
  let looks = 0;
  const due: EventLog["due"] = (...asked) => {
    looks += 1;
    return log.due(...asked);
  };
  const app = openTestApp({
    log: { ...log, due },
    runsAutomations: true,
    reconcilesDaily: false,
    recoveryMs: 60_000,
  });
  await app.organization("acme");
  await pause(300, "a look that a notification led to comes in it");
  const first = looks;
  assert.ok((await app.ledger.operator.addCredits("acme", { amount: money(1) })).ok);
  await pause(300, "a look that a notification led to comes in it");
  assert.equal(looks, first, "nothing is due");
  const caller = { organization: "acme", actor: OPERATOR };
  assert.ok((await app.ledger.purchase(caller, { e164: "+14155550101" })).ok);
  await until(() => looks > first);
  await app.close();
});
