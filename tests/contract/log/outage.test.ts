/**
 * When a database counts as away, which callers fail immediately, and which try; on a fake clock.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { KnownAway, openOutage } from "../../../adapters/log/postgres/outage.ts";
import { isLost } from "../../../adapters/log/sql/database.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";

const SECOND = 1_000;

const openAt = () => {
  let now = 1_000_000;
  const outage = openOutage(() => now);
  const pass = (ms: number): void => {
    now += ms;
  };
  /** A statement that has no answer after so long. */
  const fail = (after: number): boolean => {
    const begun = now;
    now += after;
    return outage.failed(begun, "away");
  };
  return { outage, pass, fail, now: () => now };
};

/** Fails immediately, again and again, for as long as a failover may take. */
const failLong = ({ pass, fail }: ReturnType<typeof openAt>): void => {
  for (let turn = 0; turn < 6; turn++) {
    fail(0);
    pass(SECOND);
  }
};

test("an outage is not known while it may be a failover, so that statements are tried again", () => {
  const { outage, pass, fail } = openAt();
  for (let turn = 0; turn < 5; turn++) {
    assert.equal(fail(0), false);
    assert.equal(outage.refusal(), null);
    pass(SECOND - 1);
  }
  assert.ok(!outage.isKnown());
});

test("an outage is known once nothing was answered for so long, and fails calls immediately from then on", () => {
  const at = openAt();
  failLong(at);
  assert.ok(at.outage.isKnown());
  const refusal = at.outage.refusal();
  assert.ok(refusal instanceof KnownAway && refusal instanceof Unavailable);
  assert.equal(refusal.message, "away");
  assert.ok(!isLost(refusal), "it would be tried again");
});

test("an outage is known immediately by a statement that waited for longer, whose caller tries a little more", () => {
  const { outage, fail, pass } = openAt();
  assert.equal(fail(10 * SECOND), true);
  const refusal = outage.refusal();
  assert.ok(refusal !== null && isLost(refusal));
  pass(5 * SECOND);
  assert.ok(outage.refusal() instanceof KnownAway);
});

test("an outage is not known by one statement that hangs while others are answered", () => {
  const { outage, pass, now } = openAt();
  const begun = now();
  pass(59 * SECOND);
  outage.answered();
  pass(SECOND);
  assert.equal(outage.failed(begun, "silent"), false);
  assert.equal(outage.refusal(), null);
});

test("an outage is over with the first answer, and the next one takes as long to be known", () => {
  const at = openAt();
  failLong(at);
  at.outage.answered();
  assert.equal(at.outage.refusal(), null);
  assert.ok(!at.outage.isKnown());
  assert.equal(at.outage.enterTrial(), null);
  at.fail(0);
  at.pass(SECOND);
  at.fail(0);
  assert.equal(at.outage.refusal(), null);
});

test("an outage is tried by one caller at a time, after a rest, and again when that one has disappeared", () => {
  const at = openAt();
  assert.equal(at.outage.enterTrial(), null);
  failLong(at);
  const leave = at.outage.enterTrial();
  assert.ok(leave !== null);
  assert.equal(at.outage.enterTrial(), null);
  at.fail(0);
  leave();
  assert.equal(at.outage.enterTrial(), null, "it was tried just now");
  at.pass(SECOND);
  assert.ok(at.outage.enterTrial() !== null);
  // The caller that tries disappears silently, as an event of a worker may.
  assert.equal(at.outage.enterTrial(), null);
  at.pass(30 * SECOND);
  assert.ok(at.outage.enterTrial() !== null);
});

test("an outage that was not tried for long is found out by one caller, and not by all", () => {
  const at = openAt();
  failLong(at);
  at.pass(30 * SECOND);
  assert.equal(at.outage.refusal(), null);
  assert.ok(at.outage.refusal() instanceof KnownAway);
});

test("an outage is not known forever where the clock is set back", () => {
  const at = openAt();
  failLong(at);
  at.pass(-3_600 * SECOND);
  assert.equal(at.outage.refusal(), null);
});

test("an outage knows for how long writes are refused, from the first one on until one is taken", () => {
  const { outage, pass } = openAt();
  assert.equal(outage.standby(), 0);
  pass(3 * SECOND);
  outage.answered();
  assert.equal(outage.standby(), 3 * SECOND);
  outage.wrote();
  pass(SECOND);
  assert.equal(outage.standby(), 0);
});
