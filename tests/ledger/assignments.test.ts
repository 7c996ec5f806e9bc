/** When an assignment begins, and what becomes of one that has waited for a minute. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import * as TestClock from "effect/testing/TestClock";
import {
  afterOwnAssignments,
  inAssignmentTurn,
  makeAssignments,
} from "../../adapters/ledger/engine/assignment-queue.ts";
import { openClosing } from "../../adapters/ledger/engine/close-signal.ts";
import { Ports } from "../../adapters/ledger/engine/services.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { messageOf } from "../../core/values/error-message.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { openIdleLedger } from "../support/ledger.ts";

/** Promises that settle without anything else happening have settled after this many turns. */
const TURNS = 1_000;

test("an assignment is written as soon as all promises have settled, without another turn", async () => {
  const log = openMemoryLog();
  let isWritten = false;
  const append: EventLog["append"] = (input) => {
    isWritten ||= input.events.some(({ type }) => type === "NumberAssigned");
    return log.append(input);
  };
  const ledger = openIdleLedger({ ...log, append });
  const caller = { organization: "acme", actor: OPERATOR };
  await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
  const bought = await ledger.purchase(caller, { e164: "+14155550101" });
  assert.ok(bought.ok);
  const assigned = ledger.assign(caller, "asst_1", [bought.value.number.holding.id]);
  for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
  assert.equal(isWritten, true);
  await assigned;
  await ledger.close();
});

for (const [name, queued] of Object.entries({ afterOwnAssignments, inAssignmentTurn })) {
  test(`${name} rejects one whose turn does not come within a minute`, async () => {
    const services = {
      log: { isEmbedded: true },
      assignments: makeAssignments(),
      closing: openClosing(),
    } as unknown as Ports["Service"];
    const ends: string[] = [];
    const ask = (what: string, assigning: Effect.Effect<string>) =>
      Effect.forkChild(
        queued("acme", assigning).pipe(
          Effect.catchDefect((defect) => Effect.succeed(messageOf(defect))),
          Effect.map((end) => void ends.push(`${what}: ${end}`)),
        ),
      );
    const story = Effect.gen(function* () {
      // In turns, each of these has its place for two seconds and a pause of one.
      for (let place = 0; place < 31; place++) yield* ask("hanging", Effect.never);
      const last = yield* ask("last", Effect.succeed("done"));
      for (let second = 0; second < 59; second++) yield* TestClock.adjust("1 second");
      assert.deepEqual(ends, []);
      yield* TestClock.adjust("1 second");
      yield* Fiber.join(last);
    }).pipe(Effect.provideService(Ports, services), Effect.provide(TestClock.layer()));
    await Effect.runPromise(story);
    assert.equal(ends.at(-1), "last: The assignment of numbers is too busy; nothing was changed.");
  });
}
