import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import type { ReportedDrift } from "../../core/events/reconciliation.ts";
import { RECONCILIATIONS, reconciliations } from "../../core/reconciliation/state.ts";
import { DAY_MS, HOUR_MS } from "../../core/values/calendar.ts";
import { openDomain } from "../harness/domain.ts";
import { ACME, at, given, instant } from "../harness/specification.ts";
import { E164_1, PN } from "../harness/story/mod.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";

const NOON = "2026-01-31T12:00:00Z";

const ghost: ReportedDrift = {
  kind: "ghost",
  e164: E164_1,
  organization: "acme",
  holding: PN,
  carrierId: "c_1",
  message: "acme holds +14155550101, which the carrier no longer keeps.",
  remedy: "releaseHere",
  outcome: "done",
  why: null,
};
const seen = { ours: 1, theirs: 0, agreed: 0, inFlight: 0, foreign: 0 };
const startedAt = instant(NOON);
const record = {
  type: "RecordReconciliation",
  reconciliation: "rc_1",
  carrier: "sandbox",
  startedAt,
  seen,
  drifts: [ghost],
  further: { orphan: 0, ghost: 0, stuck: 0, mismatch: 0 },
  broken: null,
} as const;
const scheduled = {
  type: "ReconciliationScheduled",
  data: { carrier: "sandbox", due: startedAt + DAY_MS },
} as const;

type Broken = { readonly kind: "unknown"; readonly message: string } | null;

const reconciled = (broken: Broken): DomainEvent => ({
  type: "InventoryReconciled",
  data: {
    reconciliation: "rc_1",
    carrier: "sandbox",
    startedAt,
    seen,
    drifted: { orphan: 0, ghost: 1, stuck: 0, mismatch: 0 },
    drifts: [ghost],
    broken,
  },
});

describe("reconciliation", () => {
  test("is due a day after the carrier was put on the list, which is done once", () => {
    const schedule = { type: "ScheduleReconciliation", carrier: "sandbox" } as const;
    const { state } = given().when(schedule, { at: NOON }).then([scheduled]);
    const row = state.get(reconciliations, "sandbox");
    assert.ok(row);
    const due = { automation: "reconciling", due: startedAt + DAY_MS };
    assert.deepEqual(reconciliations.work?.(row), due);
    given(at(NOON, scheduled)).when(schedule, { at: NOON }).then([]);
  });

  test("is due again a day after it was recorded, and an hour after it broke off", () => {
    const dueAfter = (broken: Broken) => {
      const command = { ...record, broken };
      const expected = [reconciled(broken)];
      return given(at(NOON, scheduled)).when(command, { at: NOON }).then(expected)
        .state.get(reconciliations, "sandbox")?.due;
    };
    assert.equal(dueAfter(null), startedAt + DAY_MS);
    assert.equal(dueAfter({ kind: "unknown", message: "No answer." }), startedAt + HOUR_MS);
  });

  test("counts every drift and lists five hundred", () => {
    const domain = openDomain();
    const drifts = Array.from({ length: 501 }, () => ghost);
    const command = { ...record, drifts, further: { orphan: 3, ghost: 2, stuck: 1, mismatch: 0 } };
    const actor = { kind: "operator" } as const;
    const decision = domain.decide(RECONCILIATIONS, command, { at: startedAt, actor });
    const [event] = decision.ok ? decision.value : [];
    assert.ok(event?.type === "InventoryReconciled");
    assert.deepEqual(event.data.drifted, { orphan: 3, ghost: 503, stuck: 1, mismatch: 0 });
    assert.equal(event.data.drifts.length, 500);
  });

  test("log takes no organization's id", () => {
    const domain = openDomain();
    const command = { type: "OpenOrganization", name: "Acme", plan: "Growth" } as const;
    const saying = { at: startedAt, actor: { kind: "operator" } } as const;
    const decision = domain.decide(RECONCILIATIONS, command, saying);
    assert.equal(decision.ok ? "opened" : decision.error.code, "ORGANIZATION_RESERVED");
  });
});

test("release of an orphan is recorded each time it is started", () => {
  const orphan = { carrier: "sandbox", e164: E164_1, carrierId: "c_1" } as const;
  const saying = { at: instant(NOON), actor: OPERATOR };
  const domain = openDomain(DEFAULT_PLANS);
  for (let time = 0; time < 2; time++) {
    assert.deepEqual(domain.give(ACME, { type: "StartOrphanRelease", ...orphan }, saying), {
      ok: true,
      value: [{ type: "OrphanReleaseStarted", data: orphan }],
    });
  }
});
