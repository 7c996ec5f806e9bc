/** What the step of a release leaves alone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Effect from "effect/Effect";
import { openTestClock } from "../../adapters/clock/test.ts";
import { releaseStep } from "../../adapters/ledger/automations/releases.ts";
import { openLogProgress } from "../../adapters/ledger/engine/log-progress.ts";
import { Ports } from "../../adapters/ledger/engine/services.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { openTestApp } from "../support/app.ts";

test("a number that is not to be released is not given back, nor one that nobody has", async () => {
  const log = openMemoryLog();
  const app = openTestApp({ log, runsAutomations: false });
  const caller = await app.ledger.authenticate(await app.organization("acme")) ?? assert.fail();
  const bought = await app.ledger.purchase(caller, { e164: "+14155550101" });
  assert.ok(bought.ok);
  const { id } = bought.value.number.holding;
  const { head } = await log.load("acme", {});
  // No carrier could be asked.
  const progress = openLogProgress();
  const ports = { log, clock: openTestClock(0), carriers: new Map(), progress };
  for (const holding of [id, "pn_1"]) {
    const step = Effect.provideService(
      releaseStep("acme", holding),
      Ports,
      ports as unknown as Ports["Service"],
    );
    assert.equal(await Effect.runPromise(step), "done");
  }
  assert.deepEqual((await log.load("acme", {})).head, head);
  await app.close();
});
