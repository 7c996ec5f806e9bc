/** The contract of senders of webhooks: whatever an endpoint does, a message has an outcome. */
import assert from "node:assert/strict";
import type { WebhookFailure } from "../../../core/ports/mod.ts";
import { runnerOf, skip, skippable, type Test, type TestFunctions } from "../runner.ts";
import { assertHoldsNoSecret, inTime } from "./transport.ts";
import {
  ENDPOINT_BEHAVIOURS,
  type EndpointBehaviour,
  type NamedAddress,
  type WebhookSenderOptions,
  type WebhookSenderSubject,
} from "./webhook-endpoints.ts";

type Open = (endpoint: EndpointBehaviour) => Promise<WebhookSenderSubject>;

const BODY = `{"type":"number.purchased","data":{"name":"Zoë"}}`;

const HEADERS = {
  "webhook-id": "ev_0123456789abcdef0123456789abcdef",
  "webhook-timestamp": "1769853600",
  "webhook-signature": "v1,c2lnbmF0dXJl",
} as const;

const messageTo = (url: string, endpoint = "wh_1") => ({
  endpoint,
  url,
  headers: HEADERS,
  body: BODY,
});

/** What is answered, with the status and the rest of the value. */
const ANSWERS: Readonly<
  Partial<Record<EndpointBehaviour, readonly [status: number, retryAfterMs: number | null]>>
> = {
  accepts: [200, null],
  refuses: [500, null],
  hasGone: [410, null],
  asksForLess: [429, 7_000],
  asksForDays: [503, 24 * 3_600_000],
  redirects: [302, null],
  confuses: [200, null],
  neverEnds: [200, null],
  drips: [200, null],
  breaksOff: [200, null],
};

const FAILURES: Readonly<Partial<Record<EndpointBehaviour, WebhookFailure["code"]>>> = {
  isSilent: "TIMED_OUT",
  dripsHeaders: "TIMED_OUT",
  losesAnswer: "UNREACHABLE",
  hasHugeHeaders: "ANSWER_INVALID",
  speaksNonsense: "ANSWER_INVALID",
  isUnreachable: "UNREACHABLE",
  isUntrusted: "TLS_FAILED",
};

const behaviours = (of: object) => Object.keys(of) as readonly EndpointBehaviour[];

/** Those that get no message at all. */
const UNREACHED: readonly EndpointBehaviour[] = ["isUnreachable", "isUntrusted"];

const sendTo = async (open: Open, behaviour: EndpointBehaviour) => {
  const { sender, url, received, patienceMs, close } = await open(behaviour);
  try {
    const outcome = await inTime(() => sender.send(messageTo(url)), patienceMs);
    return { outcome, received: received() };
  } finally {
    await close();
  }
};

const answering = (test: Test, open: Open): void => {
  test("a message is posted to the URL with its headers and its body", async () => {
    const { outcome, received: [only, ...more] } = await sendTo(open, "accepts");
    assert.ok(outcome.ok && only && more.length === 0);
    assert.equal(outcome.value.answer, "taken");
    assert.ok(Number.isSafeInteger(outcome.value.ms) && outcome.value.ms >= 0);
    const { method, path, headers, body } = only;
    assert.deepEqual({ method, path, body }, {
      method: "POST",
      path: "/hook?token=secret",
      body: BODY,
    });
    assert.match(headers["content-type"] ?? "", /^application\/json/);
    assert.match(headers["user-agent"] ?? "", /^ledgerline/);
    for (const [name, value] of Object.entries(HEADERS)) assert.equal(headers[name], value);
  });

  for (const behaviour of behaviours(ANSWERS)) {
    const [status, retryAfterMs] = ANSWERS[behaviour] ?? [0, null];
    test(`the outcome is ${status} where ${ENDPOINT_BEHAVIOURS[behaviour]}`, async () => {
      const { outcome, received } = await sendTo(open, behaviour);
      assert.ok(outcome.ok, JSON.stringify(outcome));
      assert.deepEqual([outcome.value.status, outcome.value.retryAfterMs], [status, retryAfterMs]);
      assert.equal(received.length, 1);
    });
  }

  test("the first 500 bytes of an answer are kept, and all of a shorter one that came", async () => {
    const { outcome: endless } = await sendTo(open, "neverEnds");
    assert.equal(endless.ok && endless.value.answer, "x".repeat(500));
    const { outcome: broken } = await sendTo(open, "breaksOff");
    assert.equal(broken.ok && broken.value.answer, "tak");
  });

  test("what controls a terminal or is not UTF-8 is replaced in an answer", async () => {
    const { outcome } = await sendTo(open, "confuses");
    assert.equal(outcome.ok && outcome.value.answer, "A\u{fffd}[31m\u{fffd} \u{fffd}B");
  });
};

const failing = (test: Test, open: Open, blurs: readonly WebhookFailure["code"][]): void => {
  for (const behaviour of behaviours(FAILURES)) {
    const code = FAILURES[behaviour] ?? "UNREACHABLE";
    test(`the outcome is ${code} where ${ENDPOINT_BEHAVIOURS[behaviour]}`, async () => {
      const { outcome, received } = await sendTo(open, behaviour);
      assert.ok(!outcome.ok, JSON.stringify(outcome));
      const { error } = outcome;
      const blurred = blurs.includes(code) && error.code === "UNREACHABLE";
      assert.equal(blurred ? code : error.code, code);
      assertHoldsNoSecret(error.message, ["hook", "token", "secret", "127.0.0.1", "example"]);
      assert.ok(Number.isSafeInteger(error.ms) && error.ms >= 0);
      assert.equal(received.length, UNREACHED.includes(behaviour) ? 0 : 1);
    });
  }

  test("an endpoint whose places are taken is busy, and another one is not", async () => {
    const { sender, url, placesEach, patienceMs, close } = await open("isSilent");
    try {
      const [waiting, more, other] = await inTime(() => {
        const sent = Array.from({ length: placesEach }, () => sender.send(messageTo(url)));
        const beyond = sender.send(messageTo(url));
        const elsewhere = sender.send(messageTo(url, "wh_2"));
        return Promise.all([Promise.all(sent), beyond, elsewhere]);
      }, patienceMs);
      const codeOf = (outcome: typeof more) => outcome.ok ? "answered" : outcome.error.code;
      assert.deepEqual(waiting.map(codeOf), waiting.map(() => "TIMED_OUT"));
      assert.deepEqual([codeOf(more), codeOf(other)], ["BUSY", "TIMED_OUT"]);
    } finally {
      await close();
    }
  });

  for (const behaviour of ["accepts", "losesAnswer", "isUnreachable", "breaksOff"] as const) {
    test(`no place is lost to messages where ${ENDPOINT_BEHAVIOURS[behaviour]}`, async () => {
      const { sender, url, placesEach, patienceMs, close } = await open(behaviour);
      try {
        for (let sent = 0; sent < 2 * placesEach; sent++) {
          const outcome = await inTime(() => sender.send(messageTo(url)), patienceMs);
          assert.ok(outcome.ok || outcome.error.code === "UNREACHABLE", JSON.stringify(outcome));
        }
      } finally {
        await close();
      }
    });
  }
};

type OpenNamed = NonNullable<WebhookSenderOptions["openNamed"]>;

const named = (test: Test, open: OpenNamed): void => {
  /** Sends as often as there are lists; gives what came of each, and what came where. */
  const sendNamed = async (...lookUps: readonly (readonly NamedAddress[])[]) => {
    const subject = await open(lookUps);
    try {
      const outcomes: (number | string)[] = [];
      for (const _ of lookUps) {
        const outcome = await inTime(() => subject.sender.send(messageTo(subject.url)));
        outcomes.push(outcome.ok ? outcome.value.status : outcome.error.code);
      }
      const [atAllowed, atRefused] = [subject.atAllowed(), subject.atRefused()];
      return { outcomes, atAllowed, atRefused, lookUps: subject.lookUps() };
    } finally {
      await subject.close();
    }
  };

  test("a name that leads only to addresses that are refused is not connected to", async () => {
    assert.deepEqual(await sendNamed(["refused"], ["refused", "refused"]), {
      outcomes: ["ADDRESS_REFUSED", "ADDRESS_REFUSED"],
      atAllowed: 0,
      atRefused: 0,
      lookUps: 2,
    });
  });

  test("of a name's addresses only those that are allowed are connected to", async () => {
    assert.deepEqual(await sendNamed(["refused", "allowed"], ["allowed", "refused"]), {
      outcomes: [200, 200],
      atAllowed: 2,
      atRefused: 0,
      lookUps: 2,
    });
  });

  test("a name that leads elsewhere at each look-up gains nothing, nor by a kept connection", async () => {
    assert.deepEqual(await sendNamed(["allowed"], ["refused"], ["allowed"], ["refused"]), {
      outcomes: [200, "ADDRESS_REFUSED", 200, "ADDRESS_REFUSED"],
      atAllowed: 2,
      atRefused: 0,
      lookUps: 4,
    });
  });

  test("an address is not looked up a second time between the check and the connection", async () => {
    const subject = await open([["allowed"], ["refused"]]);
    try {
      const outcome = await inTime(() => subject.sender.send(messageTo(subject.url)));
      assert.equal(outcome.ok && outcome.value.status, 200);
      assert.deepEqual([subject.lookUps(), subject.atRefused()], [1, 0]);
    } finally {
      await subject.close();
    }
  });

  test("where nothing is at a name's first address, the next one is tried", async () => {
    const { outcomes, atAllowed } = await sendNamed(["dead", "allowed"], ["dead"], [
      "dead",
      "refused",
    ]);
    assert.deepEqual([outcomes, atAllowed], [[200, "UNREACHABLE", "UNREACHABLE"], 1]);
  });

  test("a name without addresses is unreachable", async () => {
    assert.deepEqual((await sendNamed([])).outcomes, ["UNREACHABLE"]);
  });
};

/**
 * Declares the tests that every adapter of the `WebhookSender` port passes, with the functions of
 * your test runner. `open` gives a sender and an endpoint that behaves as asked, with time limits
 * short enough for a test where that does not answer.
 *
 * @example
 * ```ts
 * import * as runner from "node:test";
 * import { webhookSenderContract, type WebhookSenderSubject } from "ledgerline/testing";
 *
 * declare const openSubject: () => Promise<WebhookSenderSubject>;
 *
 * webhookSenderContract(runner, "ours", openSubject, {
 *   withoutNames: "the platform connects, and does not say where to",
 * });
 * ```
 */
export const webhookSenderContract = (
  functions: TestFunctions,
  name: string,
  open: Open,
  { blurs = [], openNamed, withoutNames }: WebhookSenderOptions = {},
): void => {
  const { describe, test: declared } = runnerOf(functions);
  const test = skippable(declared);
  describe(`webhook sender: ${name}`, () => {
    answering(test, open);
    failing(test, open, blurs);
    if (openNamed !== undefined) return named(test, openNamed);
    test("names that lead to addresses which are refused", () =>
      skip(withoutNames ?? assert.fail("give the suite `openNamed`, or say why it cannot be")));
  });
};
