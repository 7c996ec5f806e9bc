/** A number is changed in all that its owner decides by one command: all of it, or nothing. */
import { test } from "node:test";
import type { ChangeNumber } from "../../core/number/decisions/changes.ts";
import { at, given } from "../harness/specification.ts";
import {
  assigned,
  imported,
  lent,
  opened,
  PN,
  purchased,
  releaseStarted,
  requested,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const rented = at(NOON, opened(), requested(), purchased(NOON));
const campaign = { profile: "p", campaign: "c", status: "ASSIGNED" } as const;
const noted = { type: "SmsCampaignAssigned", data: { holding: PN, ...campaign } } as const;
const routed = {
  type: "RoutingChanged",
  data: { holding: PN, direction: "inbound", label: "Sales", template: { a: 1 } },
} as const;

const autoRenewalChanged = (on: boolean) =>
  ({ type: "AutoRenewalChanged", data: { holding: PN, on } }) as const;

const change = (wish: Omit<ChangeNumber, "type" | "holding">): ChangeNumber => ({
  type: "ChangeNumber",
  holding: PN,
  ...wish,
});

test("number is routed, assigned, registered and left to its end by one command", () => {
  given(rented)
    .when(
      change({
        direction: "inbound",
        label: "Sales",
        template: { a: 1 },
        assistant: "agent",
        smsCampaign: campaign,
        autoRenewal: false,
      }),
      { at: NOON },
    )
    .then([routed, assigned("agent"), noted, autoRenewalChanged(false)]);
});

test("number keeps what is left out, and nothing changes when all is as wanted", () => {
  given(rented, at(NOON, routed)).when(change({ label: null }), { at: NOON })
    .then([{ ...routed, data: { ...routed.data, label: null } }]);
  given(rented, at(NOON, routed, noted))
    .when(change({ label: "Sales", smsCampaign: campaign, autoRenewal: true }), { at: NOON })
    .then([]);
  given(rented).when(change({}), { at: NOON }).then([]);
});

test("number changes in nothing when one part is refused", () => {
  for (
    const past of [
      at(NOON, opened(), imported()),
      at(NOON, opened("Free"), requested({ paidFrom: "trial" }), lent(NOON)),
      at(NOON, opened(), requested()),
    ]
  ) {
    given(past).when(change({ label: "Sales", autoRenewal: false }), { at: NOON })
      .then("NUMBER_NOT_RENTED");
  }
  given(rented).when(change({ label: "Sales", assistant: "a\u200b" }), { at: NOON })
    .then("ID_UNFIT");
});

test("number is not changed when it is unknown, or is being released", () => {
  given(at(NOON, opened())).when(change({}), { at: NOON }).then("NUMBER_UNKNOWN");
  for (const wish of [{}, { smsCampaign: campaign }, { autoRenewal: false }]) {
    given(rented, at(NOON, releaseStarted("byUser"))).when(change(wish), { at: NOON })
      .then("NUMBER_BEING_RELEASED");
  }
});
