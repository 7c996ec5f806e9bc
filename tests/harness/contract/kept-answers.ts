import assert from "node:assert/strict";
import fc from "fast-check";
import type { KeptAnswer, KeptAnswers, KeyedRequest } from "../../../core/ports/mod.ts";
import { HOUR_MS, SECOND_MS } from "../../../core/values/calendar.ts";
import { runnerOf, type TestFunctions } from "../runner.ts";
import {
  type KeptAnswersSubject,
  live,
  newRequest,
  type Opened,
  steps,
} from "./kept-answers-lives.ts";

export type { KeptAnswersSubject } from "./kept-answers-lives.ts";

type Test = ReturnType<typeof runnerOf>["test"];

const ANSWER: KeptAnswer = {
  status: 200,
  headers: null,
  body: '{"id":"pn_1","label":"\\u0000 \u{1f4de} ü"}',
};

/** The lease of a request that begins. */
const beginning = async (answers: KeptAnswers, request: KeyedRequest): Promise<string> => {
  const state = await answers.begin(request);
  assert.equal(state.state, "begun");
  return state.state === "begun" ? state.lease : "";
};

const answerNow = async (
  answers: KeptAnswers,
  request: KeyedRequest,
  answer: KeptAnswer = ANSWER,
): Promise<void> => answers.keep(request, await beginning(answers, request), answer);

/** What a store says of a request, which ends again where it could begin. */
const stateOf = async (answers: KeptAnswers, request: KeyedRequest): Promise<string> => {
  const state = await answers.begin(request);
  if (state.state === "begun") await answers.free(request, state.lease);
  return state.state;
};

const other = (request: KeyedRequest): KeyedRequest => ({ ...request, fingerprint: "another" });

const declareStates = (test: Test, opened: () => Promise<Opened>): void => {
  test("a request that is answered is answered the same everywhere, as often as it comes", async () => {
    const { answers, first } = await opened();
    for (
      const answer of [ANSWER, { ...ANSWER, status: 204, body: null }, {
        status: 201,
        headers: { location: "/numbers/pn_1" },
        body: "",
      }]
    ) {
      const request = newRequest();
      await answerNow(first, request, answer);
      for (const store of [...answers, ...answers]) {
        assert.deepEqual(await store.begin(request), { state: "answered", answer });
      }
    }
  });

  test("a request that is under way begins nowhere", async () => {
    const { answers, first } = await opened();
    const request = newRequest();
    await beginning(first, request);
    for (const store of answers) {
      assert.deepEqual(await store.begin(request), { state: "underway" });
    }
  });

  test("another request does not get a key that is under way, answered or abandoned", async () => {
    const { first, last, advance } = await opened();
    const request = newRequest();
    const lease = await beginning(first, request);
    assert.deepEqual(await last.begin(other(request)), { state: "other" });
    await advance(5 * 60 * SECOND_MS);
    assert.deepEqual(await last.begin(other(request)), { state: "other" });
    const next = await beginning(last, request);
    await first.keep(request, lease, ANSWER);
    await last.keep(request, next, { ...ANSWER, body: "[]" });
    assert.deepEqual(await first.begin(other(request)), { state: "other" });
  });
};

const declareKeys = (test: Test, opened: () => Promise<Opened>): void => {
  test("a key is its caller's", async () => {
    const { first, last } = await opened();
    const request = newRequest();
    const theirs = newRequest();
    await answerNow(first, request);
    assert.equal(await stateOf(last, theirs), "begun");
    const mixed = newRequest({ caller: `${request.caller} `, key: request.key });
    assert.equal(await stateOf(last, mixed), "begun");
    assert.equal(await stateOf(last, { ...request, key: `${request.key} ` }), "begun");
    assert.equal(await stateOf(last, { ...request, key: request.key.toUpperCase() }), "begun");
  });

  test("a key that is freed is any request's", async () => {
    const { first, last } = await opened();
    const request = newRequest();
    await first.free(request, await beginning(first, request));
    await answerNow(last, other(request));
    assert.deepEqual(await first.begin(request), { state: "other" });
  });

  test("what ended without an answer begins again, and no other request under its key", async () => {
    const { first, last } = await opened();
    const request = newRequest();
    await first.keep(request, await beginning(first, request), null);
    assert.deepEqual(await last.begin(other(request)), { state: "other" });
    await answerNow(last, request);
    assert.deepEqual(await first.begin(request), { state: "answered", answer: ANSWER });
  });

  test("of concurrent requests one begins", async () => {
    const { at, answers } = await opened();
    for (let round = 0; round < 5; round++) {
      const request = newRequest();
      const count = 12 * answers.length;
      const states = await Promise.all(
        Array.from({ length: count }, (_, place) => at(place).begin(request)),
      );
      const names = states.map(({ state }) => state).toSorted();
      assert.deepEqual(names, ["begun", ...Array.from({ length: count - 1 }, () => "underway")]);
    }
  });
};

const declareTimes = (test: Test, opened: () => Promise<Opened>): void => {
  test("what is under way without a renewal begins again after some seconds, once", async () => {
    const { first, at, answers, advance } = await opened();
    const request = newRequest();
    await beginning(first, request);
    await advance(4 * SECOND_MS);
    assert.deepEqual(await first.begin(request), { state: "underway" });
    await advance(60 * SECOND_MS);
    const count = 4 * answers.length;
    const states = await Promise.all(
      Array.from({ length: count }, (_, place) => at(place).begin(request)),
    );
    assert.equal(states.filter(({ state }) => state === "begun").length, 1);
    assert.equal(states.filter(({ state }) => state === "underway").length, count - 1);
  });

  test("what is renewed every few seconds stays under way", async () => {
    const { first, last, advance } = await opened();
    const request = newRequest();
    const lease = await beginning(first, request);
    for (let time = 0; time < 12; time++) {
      await advance(4 * SECOND_MS);
      await first.renew(request, lease);
      assert.deepEqual(await last.begin(request), { state: "underway" });
    }
    await first.keep(request, lease, ANSWER);
    assert.deepEqual(await last.begin(request), { state: "answered", answer: ANSWER });
  });

  test("a lease that was lost keeps, renews and frees nothing", async () => {
    const { first, last, advance } = await opened();
    const request = newRequest();
    const lost = await beginning(first, request);
    await advance(60 * SECOND_MS);
    const lease = await beginning(last, request);
    await first.keep(request, lost, { ...ANSWER, body: "lost" });
    await first.free(request, lost);
    await advance(4 * SECOND_MS);
    await first.renew(request, lost);
    assert.deepEqual(await first.begin(request), { state: "underway" });
    await last.keep(request, lease, ANSWER);
    await first.free(request, lost);
    await last.free(request, lease);
    await last.keep(request, lease, { ...ANSWER, body: "twice" });
    assert.deepEqual(await first.begin(request), { state: "answered", answer: ANSWER });
  });

  test("an answer is kept for 24 hours, and then no longer than two days", async () => {
    const { first, last, advance } = await opened();
    const request = newRequest();
    await answerNow(first, request);
    await advance(24 * HOUR_MS);
    assert.deepEqual(await last.begin(request), { state: "answered", answer: ANSWER });
    await advance(24 * HOUR_MS);
    await answerNow(last, other(request));
    assert.deepEqual(await first.begin(request), { state: "other" });
  });
};

const declareBounds = (test: Test, opened: () => Promise<Opened>): void => {
  test("of one caller the latest answers are kept, and no more than its bound", async () => {
    const { at, first, bounds: { rows } } = await opened();
    const { caller } = newRequest();
    const aside = newRequest();
    await answerNow(first, aside);
    const requests = Array.from({ length: 3 * rows }, (_, place) => ({
      ...newRequest({ caller }),
      key: `key-${place}`,
    }));
    for (const [place, request] of requests.entries()) await answerNow(at(place), request);
    const kept = [];
    for (const request of requests) kept.push(await stateOf(first, request) === "answered");
    const count = kept.filter(Boolean).length;
    assert.ok(count <= rows && count >= rows / 2, `${count} answers of ${rows}`);
    assert.ok(kept.slice(-count).every(Boolean), "the latest are there");
    assert.equal(await stateOf(first, aside), "answered", "others' answers are theirs");
  });

  test("of one caller no more bytes are kept than its bound", async () => {
    const { at, first, bounds: { bytes } } = await opened();
    const { caller } = newRequest();
    const answer = { ...ANSWER, body: JSON.stringify("x".repeat(bytes / 6)) };
    const requests = Array.from({ length: 15 }, (_, place) => ({
      ...newRequest({ caller }),
      key: `key-${place}`,
    }));
    for (const [place, request] of requests.entries()) {
      await answerNow(at(place), request, answer);
    }
    const kept = [];
    for (const request of requests) kept.push(await stateOf(first, request) === "answered");
    const count = kept.filter(Boolean).length;
    assert.ok(count >= 3 && count <= 6, `${count} answers of a sixth of the bytes`);
    assert.ok(kept.slice(-count).every(Boolean), "the latest are there");
  });
};

/**
 * Declares the tests that every adapter of the `KeptAnswers` port passes, with the functions of
 * your test runner. `open` is called for each test.
 *
 * @example
 * ```ts
 * import * as runner from "node:test";
 * import { openMemoryAnswers } from "ledgerline/http";
 * import { keptAnswersContract } from "ledgerline/testing";
 *
 * keptAnswersContract(runner, "memory", () => {
 *   let now = 0;
 *   const bounds = { rows: 20, bytes: 30_000 };
 *   return {
 *     answers: [openMemoryAnswers({ now: () => now, bounds })],
 *     advance: (milliseconds) => void (now += milliseconds),
 *     bounds,
 *   };
 * });
 * ```
 */
export const keptAnswersContract = (
  functions: TestFunctions,
  name: string,
  open: () => KeptAnswersSubject | Promise<KeptAnswersSubject>,
): void => {
  const { describe, test } = runnerOf(functions);
  const opened = async (): Promise<Opened> => {
    const subject = await open();
    const at = (place: number): KeptAnswers => {
      const store = subject.answers[place % subject.answers.length];
      assert.ok(store !== undefined);
      return store;
    };
    return { ...subject, at, first: at(0), last: at(subject.answers.length - 1) };
  };
  describe(`kept answers: ${name}`, () => {
    declareStates(test, opened);
    declareKeys(test, opened);
    declareTimes(test, opened);
    declareBounds(test, opened);
    test("any life of two keys is that of a model", async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (life) => live(await opened(), life)),
        { numRuns: 30 },
      );
    });
  });
};
