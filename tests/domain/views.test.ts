/** The view of a number, member by member, in each of its stages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { numbers } from "../../core/number/state.ts";
import { type NumberView, releasedView, viewOf } from "../../core/number/view.ts";
import { DAY_MS, monthsAfter } from "../../core/values/calendar.ts";
import { at, instant, stateAfter } from "../harness/specification.ts";
import {
  assigned,
  imported,
  lent,
  opened,
  orderWaits,
  PN,
  purchased,
  purchaseFailed,
  releaseStarted,
  renewalFailed,
  requested,
  sipInstalled,
  suspended,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const NAMES = new Map([["agent", "Ada"]]);
type Events = Parameters<typeof at>[1][];

const holdingAfter = (...events: Events) =>
  stateAfter(at(NOON, opened(), ...events)).get(numbers, PN) ?? assert.fail("there is a number");
const view = (...events: Events): NumberView =>
  viewOf(holdingAfter(...events), NAMES, [], instant(NOON));

const NOTHING = {
  assistantName: null,
  sipProviderName: null,
  carrierId: null,
  trialEndsAt: null,
  isTrial: false,
  renewsAt: null,
  chargesAt: null,
  autoRenewal: false,
  lastChargedAt: null,
  suspendedAt: null,
  waitsFor: null,
};
const END = monthsAfter(instant(NOON), 1);
const MONTHLY = {
  ...NOTHING,
  carrierId: `carrier_${PN}`,
  renewsAt: END,
  chargesAt: END,
  autoRenewal: true,
  lastChargedAt: instant(NOON),
};

const shown = ({ holding: _holding, readiness: _readiness, ...rest }: NumberView) => rest;

test("a purchase is shown with what it waits for, and as a trial where it will be one", () => {
  assert.deepEqual(shown(view(requested())), { ...NOTHING, status: "purchasing" });
  assert.deepEqual(shown(view(requested(), orderWaits("review"))), {
    ...NOTHING,
    status: "purchasing",
    waitsFor: "review",
  });
  assert.equal(view(requested({ paidFrom: "trial" })).isTrial, true);
  assert.deepEqual(shown(view(requested(), purchaseFailed())), { ...NOTHING, status: "failed" });
});

test("a number that is kept is shown with its carrier's id and its term", () => {
  assert.deepEqual(shown(view(requested(), purchased(NOON))), { ...MONTHLY, status: "active" });
  assert.deepEqual(shown(view(requested({ paidFrom: "trial" }), lent(NOON))), {
    ...NOTHING,
    status: "active",
    carrierId: `carrier_${PN}`,
    isTrial: true,
    trialEndsAt: instant(NOON) + 5 * DAY_MS,
  });
});

test("a number that rests is shown since when, and when its charge is tried again", () => {
  const retryAt = "2026-02-01T12:00:00Z";
  const failing = renewalFailed(2, retryAt, "2026-02-05T12:00:00Z");
  assert.deepEqual(shown(view(requested(), purchased(NOON), failing)), {
    ...MONTHLY,
    status: "suspended",
    chargesAt: instant(retryAt),
    suspendedAt: instant(NOON),
  });
  assert.deepEqual(shown(view(requested(), purchased(NOON), suspended("compliance"))), {
    ...MONTHLY,
    status: "suspended",
    suspendedAt: instant(NOON),
  });
});

test("a number that is not renewed has an end, and no charge", () => {
  const off = { type: "AutoRenewalChanged", data: { holding: PN, on: false } } as const;
  assert.deepEqual(shown(view(requested(), purchased(NOON), off)), {
    ...MONTHLY,
    status: "active",
    chargesAt: null,
    autoRenewal: false,
  });
});

test("a number that is being released is not renewed any more", () => {
  assert.deepEqual(shown(view(requested(), purchased(NOON), releaseStarted("byUser"))), {
    ...MONTHLY,
    status: "releasing",
    renewsAt: null,
    chargesAt: null,
    suspendedAt: instant(NOON),
  });
});

test("an assistant is shown by its name, where it has one", () => {
  assert.equal(view(requested(), purchased(NOON), assigned("agent")).assistantName, "Ada");
  assert.equal(view(requested(), purchased(NOON), assigned("other")).assistantName, null);
});

test("an import is shown with its provider: its own, or that of the connection", () => {
  const { installation, providerName, trunk, ready } = sipInstalled().data as {
    readonly installation: string;
    readonly providerName: string;
    readonly trunk: string;
    readonly ready: boolean;
  };
  const connections = [{ installation, providerName, trunk, ready }];
  const own = holdingAfter(imported({ sipProviderName: "Carrier X" }));
  const other = holdingAfter(imported());
  const provider = (holding: typeof own, known: typeof connections) =>
    viewOf(holding, NAMES, known, 0).sipProviderName;
  assert.equal(provider(own, connections), "Carrier X");
  assert.equal(provider(other, connections), providerName);
  assert.equal(provider(other, []), null);
  assert.deepEqual(shown(viewOf(other, NAMES, [], 0)), { ...NOTHING, status: "active" });
});

test("a number that was released serves nothing and is charged no more, and is the same else", () => {
  const last = view(requested(), purchased(NOON), assigned("agent"));
  const { holding, readiness } = last;
  assert.equal(readiness.agentReady, true);
  const after = instant(NOON) + 1_000;
  assert.deepEqual(releasedView(last, after), {
    ...last,
    holding: { ...holding, assistant: null, releaseRequest: null, updatedAt: after },
    status: "released",
    assistantName: null,
    trialEndsAt: null,
    renewsAt: null,
    chargesAt: null,
    autoRenewal: false,
    suspendedAt: after,
    readiness: {
      ...readiness,
      status: "suspended",
      inboundReady: false,
      outboundReady: false,
      agentReady: false,
      forwardingRequired: false,
    },
  });
  const resting = view(requested(), purchased(NOON), suspended("compliance"));
  assert.equal(releasedView(resting, after).suspendedAt, instant(NOON));
});
