import assert from "node:assert/strict";
import { test } from "node:test";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import type { Direction } from "../../core/events/number.ts";
import { type NumberView, type Readiness, viewsOf } from "../../core/number/view.ts";
import { ALICE, at, instant, stateAfter } from "../harness/specification.ts";
import {
  assigned,
  imported,
  lent,
  opened,
  planChanged,
  PN,
  purchased,
  purchaseFailed,
  releaseStarted,
  renewalFailed,
  requested,
  suspended,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";

const viewAfter = (...events: readonly DomainEvent[]): NumberView => {
  const [view] = viewsOf(stateAfter(at(NOON, opened(), ...events)), Date.parse(NOON));
  assert.ok(view !== undefined);
  return view;
};

const changed = (
  direction: Direction,
  template: Record<string, unknown> | null = null,
): DomainEvent => ({
  type: "RoutingChanged",
  data: { holding: PN, direction, label: null, template },
});
const connection = (ready: boolean, installation = "sip_1"): DomainEvent => ({
  type: "SipConnectionInstalled",
  data: { installation, providerName: "Twilio", trunk: "trunk_1", ready },
});
const legacy = imported({ sipConnection: null, sipTrunk: "trunk_1" });
const held = [requested(), purchased(NOON)];

type Row = {
  readonly when: string;
  readonly events: readonly DomainEvent[];
  readonly status: Readiness["status"];
  /** Whether it can take calls, and whether it can make them. */
  readonly ready: readonly [inbound: boolean, outbound: boolean];
  readonly issues: readonly Readiness["issues"][number][];
};

const row = (
  when: string,
  events: readonly DomainEvent[],
  status: Row["status"],
  ready: Row["ready"],
  ...issues: Row["issues"]
): Row => ({ when, events, status, ready, issues });

const NEITHER = [false, false] as const;
const OUT = [false, true] as const;
const IN = [true, false] as const;
const BOTH = [true, true] as const;

/** The table of the contract (Speko): the status of a number, and what follows from it. */
const TABLE: readonly Row[] = [
  row("being bought", [requested()], "action_required", NEITHER, "PURCHASE_PENDING"),
  row(
    "not got",
    [requested(), purchaseFailed()],
    "action_required",
    NEITHER,
    "PURCHASE_FAILED",
  ),
  row("active and routed", [...held, assigned("agent")], "ready", BOTH),
  row("active with a template alone", [...held, changed("both", {})], "ready", BOTH),
  row("active and not routed", held, "action_required", OUT, "INBOUND_ROUTE_MISSING"),
  row("outbound only and not routed", [...held, changed("outbound")], "ready", OUT),
  row(
    "inbound only and not routed",
    [...held, changed("inbound")],
    "action_required",
    NEITHER,
    "INBOUND_ROUTE_MISSING",
  ),
  row("inbound only and routed", [...held, changed("inbound"), assigned("agent")], "ready", IN),
  row(
    "a running trial",
    [requested({ paidFrom: "trial" }), lent(NOON), assigned("agent")],
    "ready",
    BOTH,
  ),
  row(
    "unpaid",
    [...held, assigned("agent"), renewalFailed(2, NOON, NOON), suspended("unpaid")],
    "suspended",
    NEITHER,
    "BILLING_SUSPENDED",
  ),
  row(
    "resting for its verification",
    [...held, assigned("agent"), suspended("compliance")],
    "suspended",
    NEITHER,
    "COMPLIANCE_SUSPENDED",
  ),
  row(
    "a trial that is over",
    [
      requested({ paidFrom: "trial" }),
      lent(NOON),
      changed("outbound"),
      releaseStarted("trialOver"),
    ],
    "suspended",
    NEITHER,
    "TRIAL_EXPIRED",
  ),
  row(
    "released because it was not paid",
    [...held, changed("outbound"), releaseStarted("notPaid")],
    "suspended",
    NEITHER,
    "BILLING_SUSPENDED",
  ),
  row(
    "being released by its user",
    [...held, changed("outbound"), releaseStarted("byUser")],
    "suspended",
    NEITHER,
  ),
  row(
    "imported over a ready installation",
    [connection(true), imported(), assigned("agent")],
    "ready",
    BOTH,
  ),
  row(
    "imported over an installation that is not ready",
    [connection(false), imported(), assigned("agent")],
    "action_required",
    NEITHER,
    "SIP_CONNECTION_NOT_READY",
  ),
  row(
    "imported over an unknown installation",
    [imported()],
    "action_required",
    NEITHER,
    "SIP_CONNECTION_NOT_READY",
    "INBOUND_ROUTE_MISSING",
  ),
  row(
    "imported over a legacy trunk",
    [legacy, assigned("agent")],
    "action_required",
    OUT,
    "FORWARDING_REQUIRED",
  ),
  row("imported over a legacy trunk, outbound only", [legacy, changed("outbound")], "ready", OUT),
  row(
    "imported over a legacy trunk that belongs to a ready installation",
    [connection(true, "sip_2"), legacy, assigned("agent")],
    "ready",
    BOTH,
  ),
  row(
    "imported over a legacy trunk whose installation is not ready",
    [connection(false, "sip_2"), legacy, assigned("agent")],
    "action_required",
    NEITHER,
    "SIP_CONNECTION_NOT_READY",
    "FORWARDING_REQUIRED",
  ),
];

for (const { when, events, status, ready: [inbound, outbound], issues } of TABLE) {
  test(`readiness is ${status}${issues.length > 0 ? ` (${issues.join(", ")})` : ""} when ${when}`, () => {
    const { readiness } = viewAfter(...events);
    assert.deepEqual(
      {
        status: readiness.status,
        inbound: readiness.inboundReady,
        outbound: readiness.outboundReady,
        issues: readiness.issues,
      },
      { status, inbound, outbound, issues },
    );
  });
}

test("table shows every issue there is", () => {
  const shown = new Set(TABLE.flatMap(({ issues }) => issues));
  assert.deepEqual([...shown].toSorted(), [
    "BILLING_SUSPENDED",
    "COMPLIANCE_SUSPENDED",
    "FORWARDING_REQUIRED",
    "INBOUND_ROUTE_MISSING",
    "PURCHASE_FAILED",
    "PURCHASE_PENDING",
    "SIP_CONNECTION_NOT_READY",
    "TRIAL_EXPIRED",
  ]);
});

test("agent is ready when the number has one, and not by a template", () => {
  assert.equal(viewAfter(...held, assigned("agent")).readiness.agentReady, true);
  assert.equal(viewAfter(...held, changed("both", {})).readiness.agentReady, false);
});

test("view has the month's end and the last charge when the number is by the month", () => {
  const view = viewAfter(...held);
  assert.equal(view.renewsAt, instant("2026-02-28T12:00:00Z"));
  assert.equal(view.lastChargedAt, instant(NOON));
  assert.equal(view.autoRenewal, true);
  assert.equal(view.isTrial, false);
  assert.equal(view.trialEndsAt, null);
});

test("view has the trial's end and no renewal when the number is lent", () => {
  const view = viewAfter(requested({ paidFrom: "trial" }), lent(NOON));
  assert.equal(view.isTrial, true);
  assert.equal(view.trialEndsAt, instant("2026-02-05T12:00:00Z"));
  assert.equal(view.renewsAt, null);
  assert.equal(viewAfter(requested({ paidFrom: "trial" })).isTrial, true);
});

test("view is of a paid number when the trial was converted", () => {
  const view = viewAfter(
    requested({ paidFrom: "trial" }),
    lent(NOON),
    planChanged("Growth"),
    { type: "TrialConverted", data: { holding: PN } },
  );
  assert.equal(view.isTrial, false);
  assert.equal(view.renewsAt, instant(NOON));
});

test("view has the time of the next month's charge, and null where none will be", () => {
  const end = instant("2026-02-28T12:00:00Z");
  const off: DomainEvent = { type: "AutoRenewalChanged", data: { holding: PN, on: false } };
  const retry = "2026-03-01T12:00:00Z";
  const unpaid = [suspended("unpaid"), renewalFailed(2, retry, "2026-03-07T12:00:00Z")];
  const timesAfter = (...events: readonly DomainEvent[]) => {
    const { renewsAt, chargesAt } = viewAfter(...held, ...events);
    return [renewsAt, chargesAt];
  };
  assert.deepEqual(timesAfter(), [end, end]);
  // It rests, and costs its month anyway.
  assert.deepEqual(timesAfter(suspended("compliance")), [end, end]);
  assert.deepEqual(timesAfter(...unpaid), [end, instant(retry)]);
  for (const events of [[], [suspended("compliance")], unpaid]) {
    assert.deepEqual(timesAfter(...events, off), [end, null]);
    assert.deepEqual(timesAfter(...events, releaseStarted("byUser")), [null, null]);
  }
  assert.equal(viewAfter(requested()).chargesAt, null);
  assert.equal(viewAfter(requested({ paidFrom: "trial" }), lent(NOON)).chargesAt, null);
  assert.equal(viewAfter(imported()).chargesAt, null);
  assert.equal(viewAfter(imported()).renewsAt, null);
});

test("view has the time since when the number rests", () => {
  assert.equal(viewAfter(...held, suspended("compliance")).suspendedAt, instant(NOON));
  assert.equal(viewAfter(...held).suspendedAt, null);
});

test("view names the assistant when the operator has given its name", () => {
  assert.equal(viewAfter(...held, assigned("agent")).assistantName, null);
  const named: DomainEvent = { type: "AssistantNamed", data: { assistant: "agent", name: "Ann" } };
  assert.equal(viewAfter(...held, assigned("agent"), named).assistantName, "Ann");
});

test("view names the SIP provider of the import, or else of its connection", () => {
  assert.equal(viewAfter(imported()).sipProviderName, null);
  assert.equal(viewAfter(connection(true), imported()).sipProviderName, "Twilio");
  const own = imported({ sipProviderName: "Vonage" });
  assert.equal(viewAfter(connection(true), own).sipProviderName, "Vonage");
});

test("view names the buyer of the number", () => {
  assert.ok(ALICE.kind === "user");
  const createdBy = { email: ALICE.email, name: ALICE.name };
  assert.deepEqual(viewAfter(...held).holding.createdBy, createdBy);
});

test("views are in the order in which the numbers came", () => {
  const later = requested({ holding: "pn_0", e164: "+14155550102" });
  const twin = requested({ holding: "pn_2", e164: "+14155550103" });
  const state = stateAfter(
    at(NOON, opened(), twin, requested()),
    at("2026-02-01T00:00:00Z", later),
  );
  assert.deepEqual(viewsOf(state, Date.parse(NOON)).map(({ holding }) => holding.id), [
    PN,
    "pn_2",
    "pn_0",
  ]);
});
