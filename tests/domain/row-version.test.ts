/**
 * Rows that are kept are those that this code would make of the log. `golden-rows.json` has a
 * history with every event there is, and for each version of the rows the hash of all that it leads
 * to, after every event. Entries are added and never changed: a new event at the end of the
 * history, and then a line with the present version; a fold, work or claim that changed needs a
 * higher `ROW_VERSION`, and a line with that.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { openWrittenRows, rowsPut } from "../../adapters/ledger/engine/written-rows.ts";
import { digest } from "../../adapters/log/digest.ts";
import { claimsHeld } from "../../core/registry/claims.ts";
import type { EventDefinition } from "../../core/events/definition.ts";
import { eventDefinitions, toFact } from "../../core/events/vocabulary.ts";
import { ROW_VERSION } from "../../core/registry/row-version.ts";
import { State } from "../../core/log/state.ts";
import type { EventDraft } from "../../core/ports/mod.ts";
import { MINUTE_MS } from "../../core/values/calendar.ts";
import { ALICE, instant } from "../harness/specification.ts";

type Golden = {
  readonly versions: readonly {
    readonly version: number;
    /** How many events of the history lead to these rows. */
    readonly events: number;
    readonly rows: string;
  }[];
  readonly history: readonly EventDraft[];
};

const { versions, history }: Golden = JSON.parse(
  readFileSync(new URL("./golden-rows.json", import.meta.url), "utf8"),
);
const start = instant("2026-01-31T10:00:00Z");

/** The hash of all rows and claims after each of the first events, as the log would keep them. */
const hashAfter = (count: number): string => {
  const { state, fold, changes } = openWrittenRows(State.empty());
  const all = history.slice(0, count).map((draft, index) => {
    const at = start + index * MINUTE_MS;
    const place = { organization: "acme", position: index + 1, command: null, hash: "" };
    fold(toFact({ ...draft, ...place, at, actor: ALICE }), place.position);
    return JSON.stringify([rowsPut(changes()), claimsHeld(state)]);
  });
  return digest(all.join("\n"));
};

test("the history whose rows are pinned has every version of every event", () => {
  const definitions: Readonly<Record<string, EventDefinition>> = eventDefinitions;
  const wanted = Object.entries(definitions).flatMap(([type, { version }]) =>
    Array.from({ length: version }, (_, index) => `${type} ${index + 1}`)
  );
  const had = new Set(history.map(({ type, version }) => `${type} ${version}`));
  const missing = wanted.filter((name) => !had.has(name));
  assert.deepEqual(
    missing,
    [],
    'add {"type", "version", "data"} of these at the end of the history in golden-rows.json, ' +
      "about what the history still has; then this test names the line for their rows",
  );
});

/** What is to be done where the rows of the whole history have no line yet. */
const toAdd = (version: number): string => {
  const line = JSON.stringify({ version, events: history.length, rows: hashAfter(Infinity) });
  return `add ${line} to golden-rows.json`;
};

test("rows are what they were when their version was released, or have another version", () => {
  const newest = versions[versions.length - 1];
  assert.equal(newest?.version, ROW_VERSION, toAdd(ROW_VERSION));
  for (const { version, events, rows } of versions) {
    if (version !== ROW_VERSION) continue;
    assert.equal(hashAfter(events), rows, `raise ROW_VERSION, and ${toAdd(ROW_VERSION + 1)}`);
  }
  assert.equal(newest.events, history.length, toAdd(ROW_VERSION));
});

test("the versions whose rows are pinned only go up", () => {
  const numbers = versions.map(({ version }) => version);
  assert.deepEqual(numbers, numbers.toSorted((a, b) => a - b));
});
