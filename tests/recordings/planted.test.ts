import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { checkCalls } from "./calls.ts";
import { check } from "./checker.ts";
import { callWhere, editBook, field, isOf, isThere } from "./edit.ts";
import type { Recording } from "./recording.ts";
import { recordInMemory } from "./memory.ts";
import { PLANTED } from "./planted.ts";

describe("a recording", () => {
  let recording: Recording | undefined;
  const theRecording = (): Recording => recording ?? assert.fail("nothing was recorded");

  before(async () => {
    recording = await recordInMemory({ seed: 20_261_121, calls: 1_000 });
  });

  test("breaks no rule where nothing is wrong", () => {
    assert.deepEqual(check(theRecording()), []);
    assert.ok(theRecording().calls.some(({ answer }) => answer === "unknown"));
  });

  test("is the same after it was written down", () => {
    assert.deepEqual(check(JSON.parse(JSON.stringify(theRecording()))), []);
  });

  describe("where the ledger ended a purchase instead of releasing the number", () => {
    const ending = (types: readonly string[]): Recording => {
      const recording = theRecording();
      const { organization, effect } = callWhere(
        recording,
        (call) => isOf("Released")(call) && isThere(recording, call),
      );
      const actor = { kind: "ledger", automation: "orders" } as const;
      const data = { holding: effect?.value };
      return editBook(
        recording,
        organization,
        (entries) =>
          entries.flatMap((entry) =>
            entry.event.type === "Released" && field(entry.event, "holding") === effect?.value
              ? types.map((type) => ({ ...entry, event: { ...entry.event, type, actor, data } }))
              : [entry]
          ),
      );
    };

    test("a caller had cancelled it: the release is done", () => {
      assert.deepEqual(checkCalls(ending(["CancellationRequested", "PurchaseDismissed"])), []);
    });

    test("no caller had: the release is lost", () => {
      const broken = checkCalls(ending(["PurchaseDismissed"]));
      assert.ok(broken.some(({ rule }) => rule === "done once"), JSON.stringify(broken));
    });
  });

  for (const [name, { breaks, plant }] of Object.entries(PLANTED)) {
    test(`breaks the rule "${breaks}" where ${name}`, () => {
      const broken = check(plant(theRecording()));
      assert.ok(broken.some(({ rule }) => rule === breaks), JSON.stringify(broken.slice(0, 5)));
    });
  }
});
