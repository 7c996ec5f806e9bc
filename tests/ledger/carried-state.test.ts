/** A state that a command left is read again where rows that are asked for have changed since. */
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import * as Effect from "effect/Effect";
import { openLogProgress } from "../../adapters/ledger/engine/log-progress.ts";
import { readCarried } from "../../adapters/ledger/engine/reading.ts";
import { Ports } from "../../adapters/ledger/engine/services.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { Append, EventLog } from "../../core/ports/mod.ts";
import { State } from "../../core/log/state.ts";
import { appendTo, rowOf } from "../harness/contract/log/support.ts";

const KEYS = ["a", "b"].map((key) => ({ kind: "number", key }));

const openWorld = () => {
  const memory = openMemoryLog();
  let loads = 0;
  const log: EventLog = { ...memory, load: (...asked) => (loads += 1, memory.load(...asked)) };
  const ports = { log, progress: openLogProgress() };
  const put = (key: string): Append =>
    appendTo("acme", { expected: "any", rows: [rowOf(key, loads)] });
  /** Appends by this process, or by another. */
  const append = async (keys: readonly string[], isOwn = true) => {
    for (const key of keys) {
      const input = put(key);
      const outcome = await memory.append(input);
      assert.ok(outcome.outcome === "appended");
      if (isOwn) ports.progress.noteAppend(input, outcome.head);
    }
  };
  const run = <Value>(effect: Effect.Effect<Value, never, Ports>) =>
    Effect.runPromise(
      effect.pipe(Effect.provideService(Ports, ports as unknown as Ports["Service"])),
    );
  /** Whether the state that was carried serves for the row, without reading it again. */
  const serves = async (state: State, key: string, besides = KEYS) => {
    const before = loads;
    const row = { kind: "number", key };
    const read = readCarried("acme", { state }, [row], { rows: besides });
    const now = await run(read);
    assert.equal(now === state, loads === before);
    return now === state;
  };
  const left = async () => {
    const needs = { rows: KEYS };
    return State.of(await memory.load("acme", needs), needs);
  };
  return { append, serves, left };
};

describe("a state that was carried", () => {
  let world = openWorld();
  beforeEach(() => {
    world = openWorld();
  });

  test("serves while nothing is appended", async () => {
    await world.append(["a"]);
    assert.ok(await world.serves(await world.left(), "a"));
  });

  test("serves while others change other rows, and not once they change this", async () => {
    await world.append(["a"]);
    const state = await world.left();
    await world.append(["b", "c"]);
    assert.ok(await world.serves(state, "a"));
    assert.ok(!await world.serves(state, "b"));
    await world.append(["a"]);
    assert.ok(!await world.serves(state, "a"));
  });

  test("does not serve for rows that it does not have", async () => {
    await world.append(["a"]);
    const besides = [...KEYS, { kind: "number", key: "c" }];
    assert.ok(!await world.serves(await world.left(), "a", besides));
  });

  test("does not serve once another process has appended, whatever it changed", async () => {
    await world.append(["a"]);
    const state = await world.left();
    await world.append(["c"], false);
    await world.append(["b"]);
    assert.ok(!await world.serves(state, "a"));
    const next = await world.left();
    await world.append(["b"]);
    assert.ok(await world.serves(next, "a"));
  });

  test("does not serve once a reading has shown what another process appended", async () => {
    await world.append(["a"]);
    const state = await world.left();
    await world.append(["c"], false);
    // Nothing shows it yet.
    assert.ok(await world.serves(state, "a"));
    assert.ok(!await world.serves(state, "a", [...KEYS, { kind: "number", key: "c" }]));
    assert.ok(!await world.serves(state, "a"));
  });

  test("serves also after so many changes that some are forgotten, where it is newer", async () => {
    await world.append(["a"]);
    const old = await world.left();
    await world.append(Array.from({ length: 1_100 }, (_, index) => `x${index}`));
    const state = await world.left();
    await world.append(["b"]);
    assert.ok(await world.serves(state, "a"));
    assert.ok(!await world.serves(old, "a"));
  });

  test("does not serve once a reading has shown more than what is noted later", async () => {
    await world.append(["a"], false);
    const state = await world.left();
    const progress = openLogProgress();
    progress.noteRead("acme", { position: 2, hash: "" });
    progress.noteAppend(appendTo("acme", { expected: "any", rows: [rowOf("a", 1)] }), state.head);
    assert.equal(state.head.position, 1);
    assert.ok(!progress.isLatest("acme", state));
  });
});
