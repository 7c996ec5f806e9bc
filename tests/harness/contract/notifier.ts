import assert from "node:assert/strict";
import type { Notifier } from "../../../core/ports.ts";
import { runnerOf, type TestFunctions } from "../runner.ts";

/** How the receiving end behaves. */
export type Receiver = "accepts" | "refuses" | "isSilent" | "isGone";

/** A submission as the ledger announces it. */
export const submission = {
  id: "vs_01jd0000000000000000000000",
  organization: "org_1",
  legalName: "Müller & <Söhne> GmbH",
  submittedAt: Date.UTC(2026, 0, 31, 10, 0, 0),
};

/**
 * Declares the tests that every adapter of the `Notifier` port passes, with the functions of your
 * test runner. `open` gives a notifier whose receiver behaves as asked, with a time-out short enough
 * for a test.
 */
export const notifierContract = (
  functions: TestFunctions,
  name: string,
  open: (receiver: Receiver) => Promise<{ notifier: Notifier; close: () => Promise<void> }>,
): void => {
  const { describe, test } = runnerOf(functions);
  const announceTo = async (receiver: Receiver, ids: readonly string[]) => {
    const { notifier, close } = await open(receiver);
    try {
      return await Promise.all(ids.map((id) => notifier.announce({ ...submission, id })));
    } finally {
      await close();
    }
  };

  describe(`notifier: ${name}`, () => {
    test("announce gives one job id per submission when the receiver accepts", async () => {
      const [first, again, other] = await announceTo("accepts", ["vs_1", "vs_1", "vs_2"]);
      assert.ok(first?.ok && again?.ok && other?.ok);
      assert.equal(first.value.jobId, again.value.jobId);
      assert.notEqual(first.value.jobId, other.value.jobId);
    });

    for (const receiver of ["refuses", "isSilent", "isGone"] as const) {
      test(`announce fails with a sentence when the receiver ${receiver}`, async () => {
        const [answer] = await announceTo(receiver, ["vs_1"]);
        assert.ok(answer && !answer.ok);
        assert.match(answer.error.message, /^.{10,}$/);
        assert.doesNotMatch(answer.error.message, /:\/\/|secret/);
      });
    }
  });
};
