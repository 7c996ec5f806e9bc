/**
 * Every version of every event that was ever released stays readable. The history in
 * `golden-rows.json` has each of them (`row-version.test.ts` says which is missing there), and
 * `golden-events.json` has further ones by type: other forms, and what an old version is read as.
 * Both are as they were stored: entries are added and never changed.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY_HEAD } from "../../core/log/chain.ts";
import type { EventDefinition } from "../../core/events/definition.ts";
import { eventDefinitions, toDraft, toFact } from "../../core/events/vocabulary.ts";
import type { EventDraft } from "../../core/ports/mod.ts";
import { ALICE, instant } from "../harness/specification.ts";
import golden from "./golden-events.json" with { type: "json" };
import rows from "./golden-rows.json" with { type: "json" };

/** A stored event; `readAs` is its data in the newest version, where that differs. */
type Stored = EventDraft & { readonly readAs?: unknown };

const BY_TYPE: Readonly<Record<string, readonly Omit<Stored, "type">[]>> = golden;
const FURTHER: readonly Stored[] = Object.entries(BY_TYPE)
  .flatMap(([type, stored]) => stored.map((each) => ({ type, ...each })));

const nameOf = ({ type, version }: EventDraft): string => `${type} ${version}`;
const readAsOther = new Set(FURTHER.filter(({ readAs }) => readAs !== undefined).map(nameOf));
const HISTORY: readonly EventDraft[] = rows.history;
const GOLDEN: readonly Stored[] = [
  ...FURTHER,
  ...HISTORY.filter((stored) => !readAsOther.has(nameOf(stored))),
];
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
