/** Which automations go in order, or wait while the clock is doubted; when a step is done. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as Effect from "effect/Effect";
import {
  carefully,
  itemKey,
  progressOf,
  type Step,
} from "../../adapters/ledger/automations/step.ts";
import { endsByTime, inOrder } from "../../adapters/ledger/automations/table.ts";
import type { Done } from "../../adapters/ledger/engine/command.ts";
import { Ports } from "../../adapters/ledger/engine/services.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { State } from "../../core/log/state.ts";
import type { EventLog, RecordedEvent, WorkItem } from "../../core/ports/mod.ts";
import { AUTOMATIONS } from "../../core/values/identity.ts";
import { messageOf } from "../../core/values/error-message.ts";
import { openTestApp } from "../support/app.ts";

const itemOf = (automation: string): WorkItem => ({
  organization: "acme",
  kind: "number",
  key: "pn_1",
  automation,
  due: 0,
});

/** The lists of a log, with one item of an automation more. */
const listing =
  (log: EventLog, automation: string): EventLog["due"] => async (at, limit, after) => [
    ...after === undefined ? [itemOf(automation)] : [],
    ...await log.due(at, limit, after),
  ];

describe("of the automations", () => {
  test("renewals and trials alone go in the order in which they fall due", () => {
    const ordered = AUTOMATIONS.filter((name) => inOrder(itemOf(name)));
    assert.deepEqual(ordered.toSorted(), ["renewals", "trials"]);
  });

  test("what ends or charges by time alone waits while the clock is doubted", () => {
    const waiting = AUTOMATIONS.filter((name) => endsByTime(itemOf(name)));
    assert.deepEqual(waiting.toSorted(), ["reconciling", "renewals", "trials"]);
  });

  test("one that finds nothing to do under a key is done with it, where none can come", async () => {
    const done: string[] = [];
    for (const name of AUTOMATIONS) {
      const log = openMemoryLog();
      const app = openTestApp({ log: { ...log, due: listing(log, name) }, runsAutomations: false });
      if (await app.ledger.work.run() > 0) done.push(name);
      assert.deepEqual(await log.events("acme", 0, 10), []);
      await app.close();
    }
    // A trial is refused its end, a notice waits for reviewers, a reconciliation for its carrier.
    assert.deepEqual(
      done.toSorted(),
      AUTOMATIONS.filter((name) => !["trials", "reviewers", "reconciling"].includes(name))
        .toSorted(),
    );
  });

  test("one that this version does not know is reported, and left to those that do", async () => {
    const log = openMemoryLog();
    const reports: string[] = [];
    const app = openTestApp({
      log: { ...log, due: listing(log, "dances") },
      runsAutomations: false,
      report: (what, error) => reports.push(`${what}: ${messageOf(error)}`),
    });
    assert.equal(await app.ledger.work.run(), 0);
    assert.deepEqual(reports, ["looking for work: There is no automation dances"]);
    await app.close();
  });
});

describe("a step", () => {
  test("is done where its command added something, and open where it added nothing", () => {
    const done: Done = { events: [], state: State.empty(), repeated: false };
    assert.equal(progressOf(done), "open");
    assert.equal(progressOf({ ...done, events: [{} as RecordedEvent] }), "done");
  });

  test("stays open where it fails, and where it throws, which alone is reported", async () => {
    const reports: unknown[] = [];
    const services = {
      report: (what: string, error: unknown) => reports.push([what, error]),
    } as unknown as Ports["Service"];
    const run = (step: Step) =>
      Effect.runPromise(Effect.provideService(carefully("a dance", step), Ports, services));
    assert.equal(await run(Effect.succeed("done")), "done");
    assert.equal(await run(Effect.fail({ _tag: "PaymentUnknown" })), "open");
    assert.deepEqual(reports, []);
    const storm = new Error("a storm");
    assert.equal(await run(Effect.die(storm)), "open");
    assert.deepEqual(reports, [["a dance", storm]]);
  });

  test("is of an item that is named by the row that it is about, and by its organization", () => {
    const named = ["acme", "other"].flatMap((organization) =>
      ["number", "route"].flatMap((kind) =>
        ["a", "b"].map((key) => itemKey({ organization, kind, key }))
      )
    );
    assert.equal(new Set(named).size, 8);
    assert.equal(itemKey(itemOf("trials")), itemKey(itemOf("renewals")));
  });
});
