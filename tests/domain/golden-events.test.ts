/**
 * Every version of every event that was ever released stays readable. `golden-events.json` has
 * events by type, as they were stored: entries are added, for each new version, and never changed.
 * A type that is missing there does not compile.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY_HEAD } from "../../core/log/chain.ts";
import type { EventDefinition } from "../../core/events/definition.ts";
import { eventDefinitions, type EventType, toDraft, toFact } from "../../core/events/vocabulary.ts";
import type { EventDraft } from "../../core/ports/mod.ts";
import { ALICE, instant } from "../harness/specification.ts";
import golden from "./golden-events.json" with { type: "json" };

/** A stored event; `readAs` is its data in the newest version, where that differs. */
type Golden = Omit<EventDraft, "type"> & { readonly readAs?: unknown };

const BY_TYPE: Readonly<Record<EventType, readonly Golden[]>> = golden;
const GOLDEN = Object.entries(BY_TYPE)
  .flatMap(([type, stored]) => stored.map((each) => ({ type, ...each })));
const definitions: Readonly<Record<string, EventDefinition>> = eventDefinitions;
const at = instant("2026-01-31T10:00:00Z");

const read = ({ type, version, data }: EventDraft) =>
  toFact({
    type,
    version,
    data,
    organization: "acme",
    position: 1,
    at,
    actor: ALICE,
    command: null,
    hash: EMPTY_HEAD.hash,
  });

for (const { type, version, data, readAs = data } of GOLDEN) {
  test(`${type} of version ${version} reads the same when it comes from an old log`, () => {
    const fact = read({ type, version, data });
    assert.deepEqual(fact, { type, data: readAs, at, actor: ALICE });
    const newest = definitions[type]?.version;
    assert.deepEqual(toDraft(fact), { type, version: newest, data: readAs });
  });
}

test("golden events have every version of every event there is", () => {
  const wanted = Object.entries(definitions).flatMap(([type, { version }]) =>
    Array.from({ length: version }, (_, index) => `${type} ${index + 1}`)
  );
  const had = new Set(GOLDEN.map(({ type, version }) => `${type} ${version}`));
  assert.deepEqual(wanted.filter((name) => !had.has(name)), []);
});

test("every event has a step up from each version when there are several", () => {
  for (const [type, { version, upcast = {} }] of Object.entries(definitions)) {
    const older = Array.from({ length: version - 1 }, (_, index) => String(index + 1));
    assert.deepEqual(Object.keys(upcast), older, type);
  }
});

test("reading throws a sentence when the event is unknown", () => {
  assert.throws(
    () => read({ type: "NumberPainted", version: 1, data: {} }),
    { message: "This code does not know version 1 of event NumberPainted" },
  );
  assert.throws(() => read({ type: "constructor", version: 1, data: {} }), /does not know version/);
});
