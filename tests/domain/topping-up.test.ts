/** Credits are added: what is paid from them, in which order, and how they move. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import { movementOf } from "../../core/organization/credits.ts";
import type { E164 } from "../../core/values/e164.ts";
import { money, NO_MONEY } from "../../core/values/money.ts";
import { ALICE, at, given } from "../harness/specification.ts";
import {
  charge,
  chargeStarted,
  credited,
  DOLLAR,
  E164_1,
  imported,
  opened,
  PN,
  purchased,
  purchaseFailed,
  reinstated,
  renewalFailed,
  renewed,
  requested,
  suspended,
  TWO_DOLLARS,
} from "../harness/story/mod.ts";

const JANUARY = "2026-01-10T12:00:00Z";
const LATER = "2026-01-12T12:00:00Z";
const LATE = "2026-02-14T12:00:00Z";

/** Begins a number that is to be paid from credits, at an ISO time, and rests unpaid. */
const resting = (holding: string, e164: E164, from: string, monthly = DOLLAR) => [
  at(
    from,
    requested({ holding, e164, orderKey: `od_${holding}`, paidFrom: "credits", monthly }),
    purchased(from, { holding, paidFrom: "credits" }),
  ),
  at(
    "2026-02-12T12:00:00Z",
    renewalFailed(2, LATE, "2026-02-17T12:00:00Z", holding),
    suspended("unpaid", holding),
  ),
];
const paid = (holding: string, from: string): readonly DomainEvent[] => {
  const event = renewed(from, 2, "credits");
  assert.ok(event.type === "Renewed");
  return [
    { type: "Renewed", data: { ...event.data, holding, chargeKey: `${holding}:2` } },
    reinstated(holding),
  ];
};
const prepaid = at(JANUARY, opened("Prepaid"));
const add = (dollars: number) =>
  ({ type: "AddCredits", amount: money(dollars * 1_000_000) }) as const;
const [A, B, C] = ["+14155550111", "+14155550112", "+14155550113"] as const;

test("credits pay the number that is longest due first, and of two the first by its id", () => {
  const all = [
    ...resting("pn_b", A, LATER),
    ...resting("pn_c", B, JANUARY),
    ...resting("pn_a", C, LATER),
  ].toSorted((one, other) => one.at - other.at);
  given(prepaid, ...all).when(add(3), { at: LATE }).then([
    credited(3),
    ...paid("pn_c", JANUARY),
    ...paid("pn_a", LATER),
    ...paid("pn_b", LATER),
  ]);
  given(prepaid, ...all).when(add(2), { at: LATE }).then([
    credited(2),
    ...paid("pn_c", JANUARY),
    ...paid("pn_a", LATER),
  ]);
});

test("credits that do not suffice for one number pay the next that costs less", () => {
  const dear = resting("pn_a", A, JANUARY, TWO_DOLLARS);
  given(prepaid, ...dear, ...resting("pn_b", B, JANUARY)).when(add(1), { at: LATE }).then([
    credited(1),
    ...paid("pn_b", JANUARY),
  ]);
});

test("credits pay only what rests for want of them, and is to be renewed", () => {
  const off = { type: "AutoRenewalChanged", data: { holding: "pn_a", on: false } } as const;
  const others = [
    at(JANUARY, imported({ holding: "pn_i", e164: "+14155550119" })),
    at(JANUARY, requested({ holding: "pn_p", e164: "+14155550118", paidFrom: "credits" })),
  ];
  given(prepaid, ...others, ...resting("pn_a", A, JANUARY), at(LATE, off))
    .when(add(5), { at: LATE })
    .then([credited(5)]);
  // Beside a live carrier a number of the sandbox is free.
  given(prepaid, ...resting("pn_a", A, JANUARY))
    .when(add(5), { at: LATE, own: "live" })
    .then([credited(5)]);
});

test("credits do not pay a period for which a charge may have been taken", () => {
  const started = chargeStarted({ period: 2 });
  given(prepaid, ...resting(PN, E164_1, JANUARY), at(LATE, started))
    .when(add(5), { at: LATE })
    .then([credited(5)]);
});

test("credits pay nothing where the plan charges otherwise", () => {
  given(at(JANUARY, opened("Growth")), ...resting(PN, E164_1, JANUARY))
    .when(add(5), { at: LATE })
    .then([credited(5)]);
});

test("a free number beside a live carrier is renewed for nothing", () => {
  const held = at(
    JANUARY,
    opened("Growth"),
    requested({ paidFrom: "nothing" }),
    purchased(JANUARY),
  );
  const event = renewed(JANUARY, 2);
  assert.ok(event.type === "Renewed");
  given(held)
    .when({ type: "RenewNumber", holding: PN, period: 2 }, { at: LATE, own: "live" })
    .then([{ type: "Renewed", data: { ...event.data, amount: NO_MONEY, paidFrom: "nothing" } }]);
});

test("each movement of credits has its reason, its sign and its number", () => {
  const moved = (event: DomainEvent) => movementOf({ ...event, at: 0, actor: ALICE });
  assert.deepEqual(moved(credited(1)), { reason: "added", amount: DOLLAR, holding: null });
  assert.deepEqual(moved(requested({ debited: TWO_DOLLARS })), {
    reason: "purchase",
    amount: money(-2_000_000),
    holding: PN,
  });
  assert.deepEqual(moved(purchaseFailed({ refunded: TWO_DOLLARS })), {
    reason: "refund",
    amount: TWO_DOLLARS,
    holding: PN,
  });
  assert.deepEqual(moved(renewed(JANUARY, 2, "credits")), {
    reason: "renewal",
    amount: money(-1_000_000),
    holding: PN,
  });
  for (const event of [renewed(JANUARY, 2), requested(), purchaseFailed(), charge("Charged")]) {
    assert.equal(moved(event), undefined);
  }
});
