/** A closed organization is on the list of `closing` for as long as it has numbers or tokens. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import { rowsOf } from "../../core/registry/replay.ts";
import { CLOSED_PLAN } from "../../core/values/plan.ts";
import { at, given, instant, stateAfter } from "../harness/specification.ts";
import {
  imported,
  opened,
  planChanged,
  purchased,
  purchaseFailed,
  released,
  releaseStarted,
  requested,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const LATER = "2026-02-01T12:00:00Z";

const workAfter = (...events: readonly DomainEvent[]) => {
  const open = at(NOON, opened("Growth"));
  const rows = rowsOf(stateAfter(open, at(LATER, ...events)));
  return rows.find(({ kind }) => kind === "organization")?.work ?? null;
};

const closed = planChanged(CLOSED_PLAN);
const closing = { automation: "closing", due: instant(LATER) };
const issued = {
  type: "TokenIssued",
  data: { token: "tk_1", hash: "0", email: "alice@example.com", name: "Alice", sandbox: false },
} as const;
const sandbox = { place: "sandbox" } as const;

test("an organization that is open, or has nothing, waits for no closing", () => {
  assert.equal(workAfter(requested(), issued), null);
  assert.equal(workAfter(closed), null);
  assert.equal(workAfter(closed, planChanged("Growth"), requested()), null);
});

test("no token is issued for a closed organization, until it is opened again", () => {
  const issue = { type: "IssueToken", ...issued.data } as const;
  const open = at(NOON, opened("Growth"));
  given(open, at(LATER, closed)).when(issue, { at: LATER }).then("ORGANIZATION_CLOSED");
  given(open, at(LATER, closed, planChanged("Growth"))).when(issue, { at: LATER }).then([issued]);
  // The same again, whose first answer was lost: it was issued before.
  given(open, at(LATER, issued, closed)).when(issue, { at: LATER }).then([]);
});

test("an organization that is opened with the plan of closed ones is one from then on", () => {
  const rows = rowsOf(stateAfter(at(LATER, opened(CLOSED_PLAN), issued)));
  assert.deepEqual(rows.find(({ kind }) => kind === "organization")?.work, closing);
});

test("a closed organization waits for its closing until a purchase has ended", () => {
  assert.deepEqual(workAfter(requested(), closed), closing);
  assert.equal(workAfter(requested(), closed, purchaseFailed()), null);
  assert.deepEqual(workAfter(requested(), closed, purchased(LATER)), closing);
});

test("a closed organization waits for its closing until each number is given back", () => {
  const bought = [requested(), purchased(LATER), closed];
  assert.deepEqual(workAfter(...bought), closing);
  assert.equal(workAfter(...bought, releaseStarted("byUser")), null);
  assert.deepEqual(workAfter(imported(), closed), closing);
  const gone = released({ source: "imported", why: "byUser" });
  assert.equal(workAfter(imported(), closed, gone), null);
  assert.deepEqual(workAfter(requested(sandbox), closed), closing);
  assert.deepEqual(workAfter(imported(sandbox), closed), closing);
});

test("a closed organization waits for its closing until each token is revoked", () => {
  assert.deepEqual(workAfter(issued, closed), closing);
  assert.deepEqual(workAfter(closed, issued), closing);
  assert.equal(workAfter(issued, closed, { type: "TokenRevoked", data: { token: "tk_1" } }), null);
});
