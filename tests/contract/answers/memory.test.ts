import assert from "node:assert/strict";
import { test } from "node:test";
import * as runner from "node:test";
import { openMemoryAnswers } from "../../../adapters/answers/memory.ts";
import { HOUR_MS } from "../../../core/values/calendar.ts";
import { keptAnswersContract } from "../../harness/contract/kept-answers.ts";

const bounds = { rows: 20, bytes: 30_000 };

keptAnswersContract(runner, "memory", () => {
  let now = 0;
  const answers = [openMemoryAnswers({ now: () => now, bounds })];
  return { answers, advance: (ms) => void (now += ms), bounds };
});

const opened = (mostBytes?: number) => {
  let now = 0;
  const answers = openMemoryAnswers({ now: () => now, mostBytes });
  const ask = (caller: string, key: string) => answers.begin({ caller, key, fingerprint: "f" });
  const answer = async (caller: string, key: string, body: string): Promise<void> => {
    const state = await ask(caller, key);
    if (state.state !== "begun") return assert.fail(state.state);
    await answers.keep({ caller, key, fingerprint: "f" }, state.lease, {
      status: 200,
      headers: null,
      body,
    });
  };
  return { ask, answer, advance: (ms: number) => void (now += ms) };
};

test("where all callers together have too much, the one with the most gives way", async () => {
  const { ask, answer } = opened(20_000);
  for (let place = 0; place < 3; place++) await answer("small", `key-${place}`, "x".repeat(1_000));
  for (let place = 0; place < 30; place++) await answer("large", `key-${place}`, "x".repeat(1_000));
  for (let place = 0; place < 3; place++) {
    assert.equal((await ask("small", `key-${place}`)).state, "answered");
  }
  assert.equal((await ask("large", "key-0")).state, "begun");
  assert.equal((await ask("large", "key-29")).state, "answered");
});

test("an answer that is larger than all that is kept is not kept, and costs no other caller's", async () => {
  const { ask, answer } = opened(20_000);
  await answer("small", "key", "x");
  await answer("large", "key", "x".repeat(30_000));
  assert.equal((await ask("large", "key")).state, "begun");
  assert.equal((await ask("small", "key")).state, "answered");
});

test("expired answers are dropped, whatever the caller", async () => {
  const { ask, answer, advance } = opened(20_000);
  for (let place = 0; place < 10; place++) await answer("early", `key-${place}`, "x".repeat(900));
  advance(26 * HOUR_MS);
  for (let place = 0; place < 10; place++) await answer("late", `key-${place}`, "x".repeat(900));
  for (let place = 0; place < 10; place++) {
    assert.equal((await ask("late", `key-${place}`)).state, "answered");
  }
});
