/** Which installation an order is of, and what becomes of those that its log lost. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openIds } from "../../adapters/clock/ids.ts";
import type { CarrierNumber } from "../../core/ports/mod.ts";
import { type Circumstances, classify } from "../../core/reconciliation/compare.ts";
import type { OrphanPolicy } from "../../core/events/drift.ts";
import { isCopied, isKeyOf, madeAt, orderKeyOf } from "../../core/reconciliation/installation.ts";
import { MINUTE_MS } from "../../core/values/calendar.ts";
import { isId } from "../../core/values/identity.ts";
import { given, instant } from "../harness/specification.ts";
import { E164_1 } from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const NOW = instant("2026-02-10T12:00:00Z");

const kept: CarrierNumber = {
  e164: E164_1,
  carrierId: "c_1",
  status: "active",
  orderKey: "od_1",
  connectionId: null,
};

const circumstances = (orphans: OrphanPolicy): Circumstances => ({
  now: NOW,
  settlingMs: MINUTE_MS,
  orphans,
  origins: new Map(),
});

test("an installation is named once, unless it is said to be a copy", () => {
  const named = (installation: string) =>
    ({ type: "InstallationNamed", data: { installation } }) as const;
  const name = (installation: string, isCopy: boolean) =>
    ({ type: "NameInstallation", installation, isCopy }) as const;
  given()
    .when(name("in_a", false)).then([named("in_a")])
    .when(name("in_b", false)).then([])
    .when(name("in_c", true)).then([named("in_c")]);
});

describe("number of an order of ours that the log lost", () => {
  const key = orderKeyOf("in_a", "od_7");
  const lost = { ...kept, orderKey: key };
  const verdictOf = (orphans: OrphanPolicy, more: Partial<Circumstances> = {}) => {
    const known = { ...circumstances(orphans), lost: new Set([key]), ...more };
    const verdict = classify({ before: null, after: null, theirs: lost }, known);
    return verdict.class === "drift" ? verdict.drift : assert.fail(verdict.class);
  };

  test("is an orphan that says so, and goes the way that orphans go", () => {
    const { kind, remedy, message, organization } = verdictOf({ kind: "report" });
    assert.deepEqual([kind, remedy, organization], ["orphan", "report", null]);
    assert.match(message, /order of this installation that its log does not know/);
    assert.equal(verdictOf({ kind: "release" }).remedy, "releaseThere");
    assert.equal(verdictOf({ kind: "adopt", into: "acme" }).remedy, "adopt");
  });

  test("is left alone when another server orders from a copy of the log", () => {
    for (const orphans of [{ kind: "release" }, { kind: "adopt", into: "acme" }] as const) {
      const { remedy, message } = verdictOf(orphans, { isCopied: true });
      assert.equal(remedy, "report");
      assert.match(message, /another server orders from a copy of this log/);
    }
  });

  test("is nothing of ours where its key is another installation's", () => {
    const known = { ...circumstances({ kind: "release" }), lost: new Set<string>() };
    const theirs = { ...lost, orderKey: orderKeyOf("in_b", "od_7") };
    assert.deepEqual(classify({ before: null, after: null, theirs }, known), { class: "foreign" });
  });
});

describe("order key", () => {
  const [ours, others] = ["in_01k9a0000000000000000000a1", "in_01k9a0000000000000000000a2"];

  test("names its installation, whatever made the ids", () => {
    for (const id of ["od_01kbq0zzzz0000000000000000", "7", "od_", "x_y", "0193-uuid"]) {
      const key = orderKeyOf(ours, id);
      assert.equal(isKeyOf(ours, key), true);
      assert.equal(isKeyOf(others, key), false);
      assert.equal(isId(key), true);
    }
    assert.equal(isKeyOf(ours, "od_01kbq0zzzz0000000000000000"), false);
  });

  test("has the time of its creation where its id does", () => {
    const made = instant(NOON);
    const id = openIds({ now: () => made }).next("od");
    assert.equal(madeAt(orderKeyOf(ours, id)), made);
    assert.equal(madeAt(id), made);
    for (const other of ["od_7", orderKeyOf(ours, "7"), "od_ours"]) {
      assert.equal(madeAt(other), null);
    }
  });

  test("of a copy at work is one that was made after the ledger was opened", () => {
    const keyAt = (at: number) => orderKeyOf(ours, openIds({ now: () => at }).next("od"));
    assert.equal(
      isCopied([keyAt(NOW - 1), keyAt(NOW), keyAt(NOW + MINUTE_MS), "od_7"], NOW),
      false,
    );
    assert.equal(isCopied([keyAt(NOW - 1), keyAt(NOW + MINUTE_MS + 1)], NOW), true);
  });
});
