import assert from "node:assert/strict";
import { test } from "node:test";
import type { AssignNumbers, ChangeRouting } from "../../core/number/decisions/routing.ts";
import { numbers } from "../../core/number/state.ts";
import { at, elsewhere, given } from "../harness/specification.ts";
import {
  assigned,
  bringIn,
  E164_1,
  imported,
  opened,
  PN,
  purchased,
  purchaseFailed,
  released,
  releaseStarted,
  requested,
  sipInstalled,
  unassigned,
} from "../harness/story/mod.ts";
import type { SmsCampaign } from "../../core/events/number.ts";
import type { Command } from "../../core/registry/commands.ts";

const NOON = "2026-01-31T12:00:00Z";
const held = at(NOON, opened(), requested(), purchased(NOON));
const second = { holding: "pn_2", e164: "+14155550102" } as const;
const pair = at(
  NOON,
  opened(),
  requested(),
  purchased(NOON),
  requested(second),
  purchased(NOON, { holding: "pn_2" }),
);

const route = (change: Omit<ChangeRouting, "type" | "holding">): ChangeRouting => ({
  type: "ChangeRouting",
  holding: PN,
  ...change,
});
const assign = (assistant: string, ...holdings: readonly string[]) =>
  ({ type: "AssignNumbers", assistant, holdings }) as const;
const changed = (
  direction: "inbound" | "outbound" | "both",
  label: string | null,
  template: Record<string, unknown> | null,
  holding = PN,
) => ({ type: "RoutingChanged", data: { holding, direction, label, template } }) as const;

test("routing keeps what is left out when a part of it changes", () => {
  given(held, at(NOON, changed("both", "Sales", { a: 1 })))
    .when(route({ direction: "inbound" }), { at: NOON })
    .then([changed("inbound", "Sales", { a: 1 })]);
});

test("routing is cleared when label, template and assistant are null", () => {
  given(held, at(NOON, changed("both", "Sales", { a: 1 }), assigned("agent")))
    .when(route({ label: null, template: null, assistant: null }), { at: NOON })
    .then([changed("both", null, null), unassigned("agent")]);
});

test("routing changes nothing when it is as wanted", () => {
  given(held, at(NOON, changed("both", "Sales", { a: [1, { b: null }] }), assigned("agent")))
    .when(route({ label: "Sales", template: { a: [1, { b: null }] }, assistant: "agent" }), {
      at: NOON,
    })
    .then([]);
});

test("template keeps every key when it has odd ones", () => {
  const template = JSON.parse('{"constructor":1,"prototype":2,"":3,"a":{"__proto__":4}}');
  const { state } = given(held)
    .when(route({ template }), { at: NOON })
    .then([changed("both", null, template)]);
  assert.deepEqual(state.get(numbers, PN)?.routing.template, template);
});

test("number moves when it is routed to another assistant", () => {
  given(held, at(NOON, assigned("agent")))
    .when(route({ assistant: "other" }), { at: NOON })
    .then([unassigned("agent"), assigned("other")]);
});

test("routing is refused when the number is unknown", () => {
  given(at(NOON, opened())).when(route({ label: "x" }), { at: NOON }).then("NUMBER_UNKNOWN");
});

test("routing is refused when the number is being released, or was not got", () => {
  given(held, at(NOON, releaseStarted("byUser")))
    .when(route({ label: "x" }), { at: NOON })
    .then("NUMBER_BEING_RELEASED");
  given(at(NOON, opened(), requested(), purchaseFailed()))
    .when(route({ label: "x" }), { at: NOON })
    .then("NUMBER_NOT_IN_SERVICE");
});

test("routing is allowed when the number is still being bought", () => {
  given(at(NOON, opened(), requested()))
    .when(route({ label: "x" }), { at: NOON })
    .then([changed("both", "x", null)]);
});

test("assistant's whole set is replaced when numbers are assigned", () => {
  given(pair, at(NOON, assigned("agent")))
    .when(assign("agent", "pn_2"), { at: NOON })
    .then([unassigned("agent"), assigned("agent", "pn_2")]);
});

test("number of another assistant is moved when it is named", () => {
  given(pair, at(NOON, assigned("other")))
    .when(assign("agent", PN), { at: NOON })
    .then([unassigned("other"), assigned("agent")]);
});

test("assistant loses all its numbers when the set is empty", () => {
  given(pair, at(NOON, assigned("agent"), assigned("agent", "pn_2")))
    .when(assign("agent"), { at: NOON })
    .then([unassigned("agent"), unassigned("agent", "pn_2")]);
});

test("assigning changes nothing when the set is as wanted, though a number is named twice", () => {
  given(pair, at(NOON, assigned("agent"))).when(assign("agent", PN, PN), { at: NOON }).then([]);
});

test("nothing is assigned when one of the numbers is unknown or leaves", () => {
  given(pair, at(NOON, assigned("agent", "pn_2")))
    .when(assign("agent", PN, "pn_9"), { at: NOON })
    .then("NUMBER_UNKNOWN");
  given(pair, at(NOON, releaseStarted("byUser", "pn_2")))
    .when(assign("agent", PN, "pn_2"), { at: NOON })
    .then("NUMBER_BEING_RELEASED");
});

const calling = (assistant: string, wish: Omit<AssignNumbers, "type" | "assistant">) =>
  ({ type: "AssignNumbers", assistant, ...wish }) as const;

test("direction is set on the assistant's numbers with its set, and the lost ones keep theirs", () => {
  given(pair, at(NOON, assigned("agent")))
    .when(calling("agent", { holdings: ["pn_2"], direction: "inbound" }), { at: NOON })
    .then([
      unassigned("agent"),
      assigned("agent", "pn_2"),
      changed("inbound", null, null, "pn_2"),
    ]);
});

test("direction alone leaves the set, and changes nothing when all have it", () => {
  const noted = changed("both", "desk", { campaign: 7 });
  const both = given(pair, at(NOON, assigned("agent"), assigned("other", "pn_2"), noted));
  both.when(calling("agent", { direction: "outbound" }), { at: NOON })
    .then([changed("outbound", "desk", { campaign: 7 })]);
  both.when(calling("agent", { direction: "both" }), { at: NOON }).then([]);
  both.when(calling("nobody", { direction: "inbound" }), { at: NOON }).then([]);
});

test("direction of the set is not changed when one of the numbers is unknown", () => {
  given(pair, at(NOON, assigned("agent")))
    .when(calling("agent", { holdings: [PN, "pn_9"], direction: "inbound" }), { at: NOON })
    .then("NUMBER_UNKNOWN");
});

test("direction ignores a failed purchase, which the assistant still has", () => {
  given(
    pair,
    at(NOON, assigned("agent")),
    requested({ holding: "pn_3", e164: "+14155550103" }),
    assigned("agent", "pn_3"),
    purchaseFailed({ holding: "pn_3", e164: "+14155550103" }),
  )
    .when(calling("agent", { direction: "inbound" }), { at: NOON })
    .then([changed("inbound", null, null)]);
});

test("SMS campaign is noted, and nothing when it is noted already", () => {
  const campaign = { profile: "p", campaign: "c", status: "ASSIGNED" } as const;
  const noted = { type: "SmsCampaignAssigned", data: { holding: PN, ...campaign } } as const;
  const command = { type: "AssignSmsCampaign", holding: PN, campaign } as const;
  given(held).when(command, { at: NOON }).then([noted]);
  given(held, at(NOON, noted)).when(command, { at: "2026-02-01T00:00:00Z" }).then([]);
});

test("SMS campaign is refused when the number is unknown, or is being released", () => {
  const campaign = { profile: null, campaign: "c", status: "PENDING_ASSIGNMENT" } as const;
  const command = { type: "AssignSmsCampaign", holding: PN, campaign } as const;
  given(at(NOON, opened())).when(command, { at: NOON }).then("NUMBER_UNKNOWN");
  given(held, at(NOON, releaseStarted("byUser")))
    .when(command, { at: NOON })
    .then("NUMBER_BEING_RELEASED");
});

test("import takes a number in over an installation", () => {
  given(at(NOON, opened(), sipInstalled())).when(bringIn(), { at: NOON }).then([imported()]);
});

test("import takes a number in over a legacy trunk, and assigns it when it is asked to", () => {
  given(at(NOON, opened(), sipInstalled("t")))
    .when(bringIn({ via: { sipTrunk: "t" }, sipProviderName: "Twilio", assistant: "agent" }), {
      at: NOON,
    })
    .then([
      imported({ sipConnection: null, sipTrunk: "t", sipProviderName: "Twilio" }),
      assigned("agent"),
    ]);
});

test("import is refused when anyone holds the number", () => {
  given(held, at(NOON, sipInstalled())).when(bringIn({ holding: "pn_2" }), { at: NOON }).then(
    "NUMBER_ALREADY_YOURS",
  );
  given(
    at(NOON, opened(), sipInstalled()),
    elsewhere("umbrella", at(NOON, opened(), imported({ holding: "x" }))),
  )
    .when(bringIn({ e164: E164_1 }), { at: NOON })
    .then("NUMBER_ALREADY_OWNED");
  given(at(NOON, opened(), sipInstalled(), requested()))
    .when(bringIn({ holding: "pn_2" }), { at: NOON })
    .then("PURCHASE_IN_PROGRESS");
});

test("import is refused over a connection that is not installed", () => {
  given(at(NOON, opened())).when(bringIn(), { at: NOON }).then("SIP_CONNECTION_UNKNOWN");
  for (const via of [{ sipConnection: "sip_2" }, { sipTrunk: "sip_1" }, { sipTrunk: "" }]) {
    given(at(NOON, opened(), sipInstalled())).when(bringIn({ via }), { at: NOON })
      .then("SIP_CONNECTION_UNKNOWN");
  }
});

test("import is refused beyond the plan's limit, until one is released", () => {
  const two = at(
    NOON,
    opened("Free"),
    sipInstalled(),
    imported({ holding: "pn_a", e164: "+14155550191" }),
    imported({ holding: "pn_b", e164: "+14155550192" }),
  );
  given(two).when(bringIn(), { at: NOON }).then("IMPORT_LIMIT_REACHED");
  const left = released({ holding: "pn_a", e164: "+14155550191", source: "imported" });
  given(two, at(NOON, left)).when(bringIn(), { at: NOON }).then([imported()]);
});

test("import is refused when the organization is unknown", () => {
  given().when(bringIn(), { at: NOON }).then("ORGANIZATION_UNKNOWN");
});

test("SMS campaign is assigned again when one of its members changed", () => {
  const campaign = { profile: "p_1", campaign: "c_1", status: "ASSIGNED" } as const;
  const command = (over: Partial<SmsCampaign> = {}): Command => ({
    type: "AssignSmsCampaign",
    holding: PN,
    campaign: { ...campaign, ...over },
  });
  const held = at(NOON, opened(), requested(), purchased(NOON), {
    type: "SmsCampaignAssigned",
    data: { holding: PN, ...campaign },
  });
  given(held).when(command()).then([]);
  const others: readonly Partial<SmsCampaign>[] = [{ profile: "p_2" }, { campaign: "c_2" }, {
    status: "PENDING_UNASSIGNMENT",
  }];
  for (const over of others) {
    given(held).when(command(over)).then([{
      type: "SmsCampaignAssigned",
      data: { holding: PN, ...campaign, ...over },
    }]);
  }
});
