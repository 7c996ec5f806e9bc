import assert from "node:assert/strict";
import { test } from "node:test";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import { numbers } from "../../core/number/state.ts";
import { self } from "../../core/organization/refusals.ts";
import { DAY_MS, monthsAfter } from "../../core/values/calendar.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { at, elsewhere, given, instant } from "../harness/specification.ts";
import {
  E164_1,
  imported,
  offerOf,
  opened,
  PN,
  requested,
  suspended,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const adopt = {
  type: "AdoptNumber",
  holding: PN,
  carrier: "sandbox",
  number: { e164: E164_1, carrierId: "c_1", connectionId: "14" },
  terms: offerOf(),
} as const;
const { type, country, monthly } = offerOf();
const adopted: DomainEvent = {
  type: "NumberAdopted",
  data: {
    holding: PN,
    e164: E164_1,
    carrier: "sandbox",
    carrierId: "c_1",
    connection: "14",
    type,
    country,
    monthly,
    features: ["voice", "sms"],
    from: instant(NOON),
    to: monthsAfter(instant(NOON), 1),
    noticeAt: monthsAfter(instant(NOON), 1) - 3 * DAY_MS,
  },
};

test("adopted number is the organization's by the month, and takes a place in its plan", () => {
  const { state } = given(at(NOON, opened())).when(adopt, { at: NOON }).then([adopted]);
  const number = state.get(numbers, PN);
  assert.ok(number?.source === "managed" && number.stage.status === "active");
  assert.equal(number.stage.carrierId, "c_1");
  assert.equal(number.connection, "14");
  const { held, everBought } = self(state) ?? {};
  assert.deepEqual([held, everBought], [1, 1]);
});

test("adopted number is nobody's purchase, since the operator adopts it", () => {
  const { state } = given(at(NOON, opened())).when(adopt, { at: NOON, actor: OPERATOR })
    .then([adopted]);
  assert.equal(state.get(numbers, PN)?.createdBy, null);
});

test("adopted number is charged from its second month on", () => {
  const renewal = { type: "RenewNumber", holding: PN, period: 2 } as const;
  given(at(NOON, opened("Prepaid"), adopted, {
    type: "CreditsAdded",
    data: { amount: monthly },
  })).when(renewal, { at: "2026-02-28T12:00:00Z" }).then([{
    type: "Renewed",
    data: {
      holding: PN,
      period: 2,
      from: instant("2026-02-28T12:00:00Z"),
      to: instant("2026-03-31T12:00:00Z"),
      noticeAt: instant("2026-03-28T12:00:00Z"),
      amount: monthly,
      chargeKey: `${PN}:2`,
      paidFrom: "credits",
    },
  }]);
});

test("adoption is refused when the number is held, the plan full, or the organization unknown", () => {
  given(at(NOON, opened(), requested({ holding: "pn_0" })))
    .when(adopt, { at: NOON })
    .then("PURCHASE_IN_PROGRESS");
  given(at(NOON, opened()), elsewhere("globex", at(NOON, opened(), requested({ holding: "pn_0" }))))
    .when(adopt, { at: NOON })
    .then("NUMBER_ALREADY_OWNED");
  const one = requested({ holding: "pn_0", e164: "+14155550102" });
  given(at(NOON, opened("Free"), one)).when(adopt, { at: NOON }).then("PLAN_LIMIT_REACHED");
  given().when(adopt, { at: NOON }).then("ORGANIZATION_UNKNOWN");
});

test("adoption waits while the number is imported by anyone, in any spelling and world", () => {
  for (const e164 of [E164_1, "+114155550101"] as const) {
    for (const world of ["sandbox", "live"] as const) {
      const import_ = at(NOON, opened(), imported({ holding: "pn_x", e164, world }));
      given(elsewhere("globex", import_), at(NOON, opened()))
        .when(adopt, { at: NOON })
        .then("NUMBER_IMPORTED");
    }
  }
  // Beside a live carrier, the live world is another one.
  const live = imported({ holding: "pn_x", e164: "+114155550101", world: "live" });
  given(elsewhere("globex", at(NOON, opened(), live)), at(NOON, opened()))
    .when(adopt, { at: NOON, own: "live" })
    .then([{ ...adopted, data: { ...adopted.data, place: "sandbox" } }]);
});

test("adopted number rests when the organization's verification is revoked", () => {
  const revoked: DomainEvent = {
    type: "VerificationRevoked",
    data: { verification: "vs_1", reason: "Closed." },
  };
  given(at(NOON, opened("Prepaid"), revoked))
    .when(adopt, { at: NOON })
    .then([adopted, suspended("compliance")]);
});
