import assert from "node:assert/strict";
import type { Notifier } from "../../../core/ports/mod.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { runnerOf, type Test, type TestFunctions } from "../runner.ts";
import { assertHoldsNoSecret, inTime } from "./transport.ts";

/** How the receiving end may behave. */
export const RECEIVER_BEHAVIOURS = {
  accepts: "it takes the notice",
  refuses: "it says no",
  asksForLess: "it says no because there were too many (429); one that cannot just refuses",
  redirects: "it sends the sender elsewhere (302); one that cannot just refuses",
  isSilent: "it takes the notice and never answers",
  losesAnswer: "it takes the notice, and the connection breaks before its answer",
  isUnreachable: "there is no receiver at its address",
} as const;

/** How the receiving end behaves. */
export type Receiver = keyof typeof RECEIVER_BEHAVIOURS;

/** A notice as the receiver got it, wherever it went. */
export type Delivery = {
  /** By what it distinguishes a repeat from a new notice (`Idempotency-Key`, `Message-ID`). */
  readonly key: string | null;
  /** All that it says. */
  readonly text: string;
  /** Whether the receiver could verify who sent it; true where notices are not signed at all. */
  readonly isGenuine: boolean;
};

/** A notifier to be tested, and its receiver. */
export type NotifierSubject = {
  readonly notifier: Notifier;
  /** All that the receiver got, in order; left out only where the options say why. */
  readonly received?: (() => readonly Delivery[] | Promise<readonly Delivery[]>) | undefined;
  /** Texts that neither a notice nor a message may hold, such as a key or the address. */
  readonly secrets?: readonly string[] | undefined;
  /** A call must have ended after this long: 20 s where it is left out. */
  readonly patienceMs?: Milliseconds | undefined;
  readonly close: () => Promise<void>;
};

/** Further options of the suite of notifiers. */
export type NotifierOptions = {
  /**
   * Why the suite cannot see what a receiver gets, as a sentence. It then replaces the tests of
   * deliveries with one test that has the reason in its title.
   */
  readonly withoutReceived?: string | undefined;
};

type Open = (receiver: Receiver) => Promise<NotifierSubject>;

/** A submission as the ledger announces it. */
export const submission = {
  id: "vs_01jd0000000000000000000000",
  organization: "org_1",
  legalName: "Müller & <Söhne> GmbH",
  submittedAt: Date.UTC(2026, 0, 31, 10, 0, 0),
};

const SHORTEST_REASON = 10;

const FAILING = (Object.keys(RECEIVER_BEHAVIOURS) as Receiver[]).filter((name) =>
  name !== "accepts"
);

/** Those that get a notice, of which each must be sent once. */
const REACHED = (Object.keys(RECEIVER_BEHAVIOURS) as Receiver[]).filter((name) =>
  name !== "isUnreachable"
);

const announcing = (test: Test, open: Open): void => {
  const announceTo = async (receiver: Receiver, ids: readonly string[]) => {
    const { notifier, close, secrets, patienceMs } = await open(receiver);
    try {
      const announce = (id: string) =>
        inTime(() => notifier.announce({ ...submission, id }), patienceMs);
      return { answers: await Promise.all(ids.map(announce)), secrets };
    } finally {
      await close();
    }
  };

  test("announce gives one job id per submission when the receiver accepts", async () => {
    const { answers } = await announceTo("accepts", ["vs_1", "vs_1", "vs_2"]);
    const [first, again, other] = answers;
    assert.ok(first?.ok && again?.ok && other?.ok, "a notice is not queued");
    assert.notEqual(first.value.jobId, "");
    assert.equal(first.value.jobId, again.value.jobId);
    assert.notEqual(first.value.jobId, other.value.jobId);
  });

  for (const receiver of FAILING) {
    test(`announce fails with a sentence when the receiver ${receiver}`, async () => {
      const { answers: [answer], secrets } = await announceTo(receiver, ["vs_1"]);
      assert.ok(answer && !answer.ok, "it says that the notice is queued");
      assertHoldsNoSecret(answer.error.message, secrets);
      assert.doesNotMatch(answer.error.message, /:\/\/|secret/);
    });
  }
};

const delivering = (test: Test, open: Open): void => {
  const deliveriesTo = async (receiver: Receiver, ids: readonly string[]) => {
    const { notifier, close, received, secrets = [], patienceMs } = await open(receiver);
    assert.ok(
      received !== undefined,
      "the subject does not tell what its receiver got: give it `received`, or tell the suite in " +
        "`withoutReceived` why that cannot be seen",
    );
    try {
      for (const id of ids) {
        await inTime(() => notifier.announce({ ...submission, id }), patienceMs);
      }
      return { deliveries: await received(), secrets };
    } finally {
      await close();
    }
  };

  for (const receiver of REACHED) {
    test(`announce sends one notice, and none again, when the receiver ${receiver}`, async () => {
      const { deliveries } = await deliveriesTo(receiver, ["vs_1"]);
      assert.equal(deliveries.length, 1);
    });
  }

  test("a notice names the submission and its organization, and holds no secret", async () => {
    const { deliveries: [only], secrets } = await deliveriesTo("accepts", [submission.id]);
    const text = only?.text ?? "";
    for (const name of [submission.id, submission.organization]) {
      assert.ok(text.includes(name), `it does not name ${name}`);
    }
    for (const secret of secrets) assert.ok(!text.includes(secret), "it holds a secret");
  });

  test("a notice that comes again has the key that it had, and another one has another", async () => {
    const { deliveries } = await deliveriesTo("accepts", ["vs_1", "vs_1", "vs_2"]);
    const [first, again, other] = deliveries.map(({ key }) => key);
    assert.ok(typeof first === "string" && first !== "", "it has no key");
    assert.deepEqual([again, other === first], [first, false]);
  });

  test("a notice can be verified by its receiver, each time that it comes", async () => {
    const { deliveries } = await deliveriesTo("accepts", ["vs_1", "vs_1"]);
    assert.deepEqual(deliveries.map(({ isGenuine }) => isGenuine), [true, true]);
  });
};

/**
 * Declares the tests that every adapter of the `Notifier` port passes, with the functions of your
 * test runner. `open` gives a notifier whose receiver behaves as asked, with a time-out short
 * enough for a test.
 *
 * @example
 * ```ts
 * import * as runner from "node:test";
 * import { type Notifier } from "ledgerline";
 * import { notifierContract } from "ledgerline/testing";
 *
 * const notifier: Notifier = {
 *   announce: ({ id }) => Promise.resolve({ ok: true, value: { jobId: id } }),
 * };
 * const close = () => Promise.resolve();
 * notifierContract(runner, "quiet", () => Promise.resolve({ notifier, close }), {
 *   withoutReceived: "nobody is notified",
 * });
 * ```
 */
export const notifierContract = (
  functions: TestFunctions,
  name: string,
  open: Open,
  { withoutReceived }: NotifierOptions = {},
): void => {
  const { describe, test } = runnerOf(functions);
  describe(`notifier: ${name}`, () => {
    announcing(test, open);
    if (withoutReceived === undefined) return delivering(test, open);
    test(`deliveries are not looked at: ${withoutReceived}`, async () => {
      assert.ok(withoutReceived.trim().length >= SHORTEST_REASON, "the reason must be a sentence");
      const { received, close } = await open("accepts");
      await close();
      assert.equal(received, undefined, "the subject shows what its receiver got");
    });
  });
};
