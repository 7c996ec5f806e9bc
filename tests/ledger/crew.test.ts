/** What the crew of the automations begins, and what it leaves for a later look. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as Effect from "effect/Effect";
import { type Crew, makeCrew } from "../../adapters/ledger/automations/crew.ts";
import type { Ports } from "../../adapters/ledger/engine/services.ts";
import { gate } from "../support/gate.ts";
import { pause } from "../support/pause.ts";

/** A crew whose tasks need nothing of a ledger. */
const open = (): Crew => makeCrew((work) => Effect.runFork(work as Effect.Effect<void>));

/** Tasks that go on until they are let go. */
const openWork = () => {
  const started: string[] = [];
  const done = gate();
  const taskOf = (party: string, name: string, lane = "releasing") => ({
    lane,
    party,
    name,
    work: Effect.promise(() => {
      started.push(name);
      return done.opened;
    }) as Effect.Effect<void, never, Ports>,
  });
  return { started, taskOf, letGo: done.open };
};

describe("a task", () => {
  test("is begun once while it waits or runs, and again when it is over", async () => {
    const crew = open();
    const { started, taskOf, letGo } = openWork();
    assert.deepEqual([crew.begin(taskOf("acme", "a")), crew.begin(taskOf("acme", "a"))], [
      true,
      false,
    ]);
    assert.equal(crew.isIdle(), false);
    letGo();
    await Effect.runPromise(crew.idle);
    assert.deepEqual([crew.isIdle(), started], [true, ["a"]]);
    assert.equal(crew.begin(taskOf("acme", "a")), true);
    await Effect.runPromise(crew.idle);
    assert.deepEqual(started, ["a", "a"]);
  });

  test("waits while two of its organization run, or eight of its lane", async () => {
    const crew = open();
    const { started, taskOf, letGo } = openWork();
    for (const party of ["a", "b", "c", "d", "e"]) {
      for (const place of [1, 2, 3]) crew.begin(taskOf(party, `${party}${place}`));
    }
    crew.begin(taskOf("e", "other", "routes"));
    await pause(5, "what is begun starts in it");
    assert.deepEqual(started, ["a1", "a2", "b1", "b2", "c1", "c2", "d1", "d2", "other"]);
    letGo();
    await Effect.runPromise(crew.idle);
    assert.equal(started.length, 16);
  });

  test("is left for a later look where ten thousand of its organization wait", async () => {
    const crew = open();
    const { taskOf, letGo } = openWork();
    const begun = Array.from({ length: 10_004 }, (_, place) => crew.begin(taskOf("a", `${place}`)));
    assert.equal(begun.filter(Boolean).length, 10_002);
    assert.equal(crew.begin(taskOf("b", "other")), true);
    letGo();
    await Effect.runPromise(crew.close);
    assert.equal(crew.isIdle(), true);
  });

  test("is not begun by a crew that is closed, and what waits there is dropped", async () => {
    const crew = open();
    const { started, taskOf } = openWork();
    for (const place of [1, 2, 3]) crew.begin(taskOf("a", `${place}`));
    await pause(5, "what is begun starts in it");
    await Effect.runPromise(crew.close);
    assert.equal(crew.begin(taskOf("b", "late")), false);
    assert.deepEqual([started, crew.isIdle()], [["1", "2"], true]);
  });
});
