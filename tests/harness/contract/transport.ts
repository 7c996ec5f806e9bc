/** What can go wrong between an adapter and the service behind it, as the suites ask for it. */
import assert from "node:assert/strict";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import type { Test } from "../runner.ts";

/** Every fault that a suite asks for, and what the transport does then. */
export const TRANSPORT_FAULTS = {
  noConnection: "no connection comes about, and nothing is sent",
  lostBefore: "the connection breaks before the request is carried out",
  status429: "the answer is 429, and the request is not carried out",
  lostAfter: "the request is carried out, and the connection breaks before the answer",
  slow: "the request is carried out, and no answer comes for longer than the adapter waits",
  garbage: "the request is carried out, and the answer to it, with status 200, cannot be read",
  status500: "the request is carried out, and the answer is 500",
} as const;

/** Something that goes wrong between an adapter and the service behind it. */
export type TransportFault = keyof typeof TRANSPORT_FAULTS;

/** The faults in which the request is not carried out. */
export const NOT_TAKEN = ["noConnection", "lostBefore", "status429"] as const;

/** The faults in which it is carried out, which the adapter cannot know. */
export const TAKEN = ["lostAfter", "slow", "garbage", "status500"] as const;

/** All faults. */
export const ALL_FAULTS: readonly TransportFault[] = [...NOT_TAKEN, ...TAKEN];

/**
 * How a suite makes the transport under an adapter fail. A transport without HTTP's status codes
 * has other words for `status429` (ask less often) and `status500` (the server failed).
 */
export type TransportFaults<Call extends string> = {
  /**
   * From now on every request by which the adapter makes one of these calls meets the fault,
   * however often it is repeated, until `end`. For a call that changes something that is the
   * request with the change; what the adapter reads before it is left alone.
   */
  readonly begin: (fault: TransportFault, calls: readonly Call[]) => void | Promise<void>;
  /** From now on nothing fails. */
  readonly end: () => void | Promise<void>;
  /**
   * The time limit of a call, whatever the transport does: 20 s where it is left out, which is how
   * long the ledger waits. Give the adapter short time limits, or virtual time, so that the tests
   * of slow answers are quick.
   */
  readonly patienceMs?: Milliseconds | undefined;
  /** Texts that no message may hold, such as a key of the service. */
  readonly secrets?: readonly string[] | undefined;
};

/** The options of a suite about faults, known before it opens its subject. */
export type FaultOptions = {
  /**
   * Why no transport can fail under this adapter, as a sentence: it works in this process, say. The
   * suite then replaces the tests of transport faults with one test that has the reason in its
   * title.
   */
  readonly withoutFaults?: string | undefined;
};

const PATIENCE_MS: Milliseconds = 20 * SECOND_MS;

const SHORTEST_REASON = 10;

/** The value, or a failed test once the time is over. */
export const inTime = async <Value>(
  work: () => Promise<Value>,
  patienceMs: Milliseconds = PATIENCE_MS,
): Promise<Value> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new assert.AssertionError({
      message: `the call did not end within ${patienceMs} ms`,
    });
    timer = setTimeout(() => reject(error), patienceMs);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
};

/** What a call answers while the transport fails; it must answer, and in time. */
export const whileFailing = async <Call extends string, Answer>(
  faults: TransportFaults<Call>,
  fault: TransportFault,
  calls: readonly Call[],
  ask: () => Promise<Answer>,
): Promise<Answer> => {
  await faults.begin(fault, calls);
  try {
    return await inTime(ask, faults.patienceMs);
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return assert.fail(`the call rejected when ${TRANSPORT_FAULTS[fault]}: ${String(error)}`);
  } finally {
    await faults.end();
  }
};

/** The message is a sentence for a log line, and holds no secret. */
export const assertHoldsNoSecret = (message: string, secrets: readonly string[] = []): void => {
  assert.match(message, /^.{10,}$/, "a message is a sentence on one line");
  for (const secret of secrets) {
    assert.ok(!message.includes(secret), "a message holds a secret");
  }
};

/** How to make the subject's transport fail; fails the test where it does not say. */
export const faultsOf = <Call extends string>(
  { faults }: { readonly faults?: TransportFaults<Call> | undefined },
): TransportFaults<Call> =>
  faults ?? assert.fail(
    "the subject cannot make its transport fail: give it `faults`, or tell the suite in " +
      "`withoutFaults` why there is no transport",
  );

type Faulty = { readonly faults?: unknown };

/**
 * Declares the tests of transport faults, or, where the adapter has no transport, the one that says
 * so.
 */
export const declareFaults = (
  test: Test,
  subject: () => Faulty | Promise<Faulty>,
  { withoutFaults }: FaultOptions,
  declare: () => void,
): void => {
  if (withoutFaults === undefined) return declare();
  test(`transport faults are not tried: ${withoutFaults}`, async () => {
    assert.ok(withoutFaults.trim().length >= SHORTEST_REASON, "the reason must be a sentence");
    const { faults } = await subject();
    assert.equal(faults, undefined, "the subject can make its transport fail");
  });
};
