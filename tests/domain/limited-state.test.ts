/** A state that was read for one decision: what it was asked for, and nothing beyond that. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY_HEAD } from "../../core/log/chain.ts";
import { mergeNeeds } from "../../core/log/needs.ts";
import { State, type Subject } from "../../core/log/state.ts";
import { fold } from "../../core/registry/replay.ts";
import { organizations, SELF } from "../../core/organization/state.ts";
import type { Claim, Needs } from "../../core/ports/mod.ts";
import type { ClaimKey } from "../../core/values/claim-key.ts";
import { ALICE } from "../harness/specification.ts";
import { E164_1, opened } from "../harness/story/mod.ts";

const things: Subject<string> = { kind: "thing", keys: {}, evolve: (row) => row };
const others: Subject<string> = { kind: "other", keys: {}, evolve: (row) => row };
const KEY: ClaimKey = E164_1;
const FREE: ClaimKey = `import:${E164_1}`;
const claim: Claim = { key: KEY, holder: "pn_1", organization: "acme" };

const read = (needs: Needs, claims: readonly Claim[] = []): State =>
  State.of({
    head: EMPTY_HEAD,
    rows: [{ kind: "thing", key: "a", data: "A", work: null }],
    claims,
  }, needs);

test("rows are read that were asked for, one by one or by kind", () => {
  const one = read({ rows: [{ kind: "thing", key: "a" }, { kind: "thing", key: "b" }] });
  assert.equal(one.get(things, "a"), "A");
  assert.equal(one.get(things, "b"), undefined);
  assert.throws(() => one.get(things, "c"), /reads thing c without having asked for it/);
  assert.throws(() => one.all(things), /reads all of thing without having asked for it/);
  const kind = read({ kinds: ["thing"] });
  assert.deepEqual(kind.all(things), ["A"]);
  assert.equal(kind.get(things, "c"), undefined);
  assert.throws(() => kind.all(others), /reads all of other/);
  assert.deepEqual(read({ kinds: ["other"] }).all(others), []);
});

test("a claim is read that was asked for, and is null where nobody has it", () => {
  const state = read({ claims: [KEY, FREE] }, [claim]);
  assert.equal(state.claimOn(KEY), claim);
  assert.equal(state.claimOn(FREE), null);
  assert.deepEqual(state.claims, [claim]);
  assert.throws(() => read({}).claimOn(KEY), /reads the claim on \+14155550101 without having/);
  assert.deepEqual(read({}).claims, []);
  assert.deepEqual([state.asksFor(KEY), read({}).asksFor(KEY)], [true, false]);
});

test("the state of a log that is empty may be read as a whole", () => {
  const empty = State.empty();
  assert.equal(empty.claimOn(KEY), null);
  assert.deepEqual(empty.claims, []);
  assert.equal(empty.asksFor(KEY), true);
  assert.deepEqual(empty.all(things), []);
  assert.equal(empty.get(things, "a"), undefined);
  assert.equal(empty.covers({ claims: [KEY], kinds: ["thing"] }), true);
});

test("needs are covered where each kind, claim and row was asked for", () => {
  const state = read({ kinds: ["thing"], claims: [KEY], rows: [{ kind: "other", key: "a" }] });
  const covered: readonly Needs[] = [
    {},
    { kinds: ["thing"], claims: [KEY] },
    { rows: [{ kind: "thing", key: "z" }, { kind: "other", key: "a" }] },
  ];
  for (const needs of covered) assert.equal(state.covers(needs), true);
  const open: readonly Needs[] = [
    { kinds: ["thing", "other"] },
    { claims: [KEY, FREE] },
    { rows: [{ kind: "other", key: "a" }, { kind: "other", key: "b" }] },
  ];
  for (const needs of open) assert.equal(state.covers(needs), false);
});

test("needs are merged with each kind and claim once, and nothing that neither has", () => {
  const row = { kind: "thing", key: "a" };
  assert.deepEqual(mergeNeeds({}, {}), { rows: [], kinds: [], groups: [], claims: [] });
  assert.deepEqual(
    mergeNeeds(
      { rows: [row], kinds: ["thing"], claims: [KEY] },
      { rows: [{ kind: "other", key: "b" }], kinds: ["thing", "other"], claims: [KEY, FREE] },
    ),
    {
      rows: [row, { kind: "other", key: "b" }],
      kinds: ["thing", "other"],
      groups: [],
      claims: [KEY, FREE],
    },
  );
});

test("what events changed is put, and what they ended is removed; nothing else is", () => {
  const state = State.empty();
  assert.deepEqual(state.changes([organizations, things]), []);
  fold(state, { ...opened(), at: 0, actor: ALICE });
  const [change, ...rest] = state.changes([organizations]);
  assert.deepEqual([change?.change, change?.key, rest], ["put", SELF, []]);
  const ending = { ...things, keys: { OrganizationOpened: () => ["a", "b"] } };
  const gone: Subject<string, "OrganizationOpened"> = { ...ending, evolve: () => undefined };
  state.apply([gone], { ...opened(), at: 0, actor: ALICE });
  assert.deepEqual(state.changes([gone]), [
    { change: "remove", kind: "thing", key: "a" },
    { change: "remove", kind: "thing", key: "b" },
  ]);
});

test("rows below the key that an event names are removed, those that were read and the others", () => {
  const ageing: Subject<string, "OrganizationOpened"> = {
    kind: "thing",
    keys: { OrganizationOpened: ({ at }) => [`${at}`] },
    below: ({ at }) => at === 0 ? undefined : `${at - 1}`,
    evolve: (_row, { at }) => `at ${at}`,
  };
  const state = State.empty();
  const at = (...times: readonly number[]) => {
    for (const time of times) state.apply([ageing], { ...opened(), at: time, actor: ALICE });
    return state.changes([ageing]).map((change) =>
      `${change.change} ${"data" in change ? change.data : change.key}`
    );
  };
  assert.deepEqual(at(0, 1), ["removeBelow 0", "put at 0", "put at 1"]);
  assert.deepEqual(at(4, 2), ["removeBelow 3", "put at 4", "put at 2"]);
  assert.deepEqual(at(5), ["removeBelow 4", "put at 4", "put at 5"]);
  assert.deepEqual(state.after(EMPTY_HEAD, [], []).changes([ageing]), []);
  const part = read({ rows: [{ kind: "thing", key: "9" }, { kind: "thing", key: "a" }] });
  part.apply([{ ...ageing, keys: { OrganizationOpened: () => ["9"] } }], {
    ...opened(),
    at: 9,
    actor: ALICE,
  });
  assert.equal(part.get(things, "a"), "A");
  assert.deepEqual(part.changes([ageing]), [
    { change: "removeBelow", kind: "thing", key: "8" },
    { change: "put", kind: "thing", key: "9", data: "at 9", work: null },
  ]);
});

test("a state after an append has the new head, the claims as they are then, and no changes", () => {
  const TAKEN: ClaimKey = `import:+14155550199`;
  const state = read({ kinds: ["thing"], claims: [KEY, FREE] }, [claim]);
  const taken = { key: FREE, holder: "pn_2", organization: "acme" };
  const other = { key: TAKEN, holder: "pn_3", organization: "acme" };
  const after = state.after({ position: 3, hash: "c" }, [taken, other], [KEY]);
  assert.deepEqual(after.head, { position: 3, hash: "c" });
  assert.equal(after.claimOn(KEY), null);
  assert.equal(after.claimOn(FREE), taken);
  assert.throws(() => after.claimOn(TAKEN), /without having asked for it/);
  assert.deepEqual(after.all(things), ["A"]);
  assert.throws(() => after.all(others), /reads all of other/);
  // The state before is as it was.
  assert.equal(state.claimOn(KEY), claim);
  assert.equal(state.head, EMPTY_HEAD);
});

test("a state after an append has the rows that were folded into it, and changes none again", () => {
  const needs = { rows: [{ kind: organizations.kind, key: SELF }] };
  const state = State.of({ head: EMPTY_HEAD, rows: [], claims: [] }, needs);
  fold(state, { ...opened("Growth"), at: 0, actor: ALICE });
  const after = state.after({ position: 1, hash: "a" }, [], []);
  assert.equal(after.get(organizations, SELF)?.plan, "Growth");
  assert.equal(state.changes([organizations]).length, 1);
  assert.deepEqual(after.changes([organizations]), []);
  const all = State.empty().after({ position: 1, hash: "a" }, [claim], [KEY]);
  assert.equal(all.claimOn(KEY), null);
});
