/** What an organization may spend, and how often: quotas at their boundaries. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dailyTallies } from "../../core/organization/daily.ts";
import {
  exhausted,
  MAX_DRAFTS_PER_DAY,
  MAX_FAILED_SHOWN,
  MAX_RELEASE_REQUESTS_PER_DAY,
  MAX_TOKENS,
  purchaseTallies,
} from "../../core/organization/quotas.ts";
import { SELF } from "../../core/organization/state.ts";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import { money } from "../../core/values/money.ts";
import { at, given, instant } from "../harness/specification.ts";
import {
  bringIn,
  business,
  buy,
  charge,
  chargeStarted,
  drafted,
  E164_1,
  failOrder,
  offerOf,
  opened,
  PN,
  purchased,
  purchaseFailed,
  requested,
  searched,
} from "../harness/story/mod.ts";
import { planWith } from "./plan-with.ts";
import { isoTime } from "../../core/values/calendar.ts";

const NOON = "2026-01-31T12:00:00Z";
const again = searched(E164_1);

test("purchase is refused above the plan's ceiling, for setup and for the month", () => {
  const dear = (over: object) => buy({ quote: { ...offerOf(), ...over } });
  const plans = planWith({ highestSetup: money(5_000_000), highestMonthly: money(3_000_000) });
  const when = { at: NOON, plans };
  const growth = at(NOON, opened());
  given(growth).when(dear({ setup: money(5_000_001) }), when).then("PRICE_LIMIT_EXCEEDED");
  given(growth).when(dear({ monthly: money(3_000_001) }), when).then("PRICE_LIMIT_EXCEEDED");
  const quote = { ...offerOf(), setup: money(5_000_000), monthly: money(3_000_000) };
  given(growth).when(buy({ quote }), when).then([
    requested({ setup: quote.setup, monthly: quote.monthly }),
    chargeStarted({ amount: money(8_000_000) }),
  ]);
});

const failedOnes = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const of = { holding: `pn_f${index}`, e164: `+1415555${1000 + index}` } as const;
    return [requested({ ...of, orderKey: `od_f${index}` }), purchaseFailed(of)];
  }).flat();

const asked = at(NOON, requested(), chargeStarted(), charge("Charged"));
const failing = purchaseFailed({ requestedAt: instant(NOON) });
const refunding = charge("RefundStarted");
const dismissed = (index: number) =>
  ({ type: "PurchaseDismissed", data: { holding: `pn_f${index}` } }) as const;

test("the oldest failed purchase is dismissed when there are too many to show", () => {
  const full = at(NOON, opened(), ...failedOnes(MAX_FAILED_SHOWN));
  given(at(NOON, opened(), ...failedOnes(MAX_FAILED_SHOWN - 1)), asked)
    .when(failOrder(NOON), { at: NOON })
    .then([failing, refunding]);
  given(full, asked).when(failOrder(NOON), { at: NOON }).then([failing, refunding, dismissed(0)]);
  given(full, at(NOON, requested(), chargeStarted()))
    .when({ type: "RecordCharge", holding: PN, period: 1, payment: "declined" }, { at: NOON })
    .then([
      charge("ChargeDeclined"),
      purchaseFailed({
        reason: "paymentDeclined",
        message: "The payment was declined.",
        requestedAt: instant(NOON),
      }),
      dismissed(0),
    ]);
  // One whose release was asked for grants that, as any number that is sent away.
  const request = { request: "rr_1", holding: "pn_f0" };
  const wish = {
    ...request,
    e164: "+14155551000",
    world: "sandbox",
    reason: "No longer needed.",
  } as const;
  given(full, asked, at(NOON, { type: "ReleaseRequested", data: wish }))
    .when(failOrder(NOON), { at: NOON })
    .then([
      failing,
      refunding,
      { type: "ReleaseRequestApproved", data: request },
      dismissed(0),
    ]);
  const many = given(at(NOON, opened(), ...failedOnes(200)), asked).when(failOrder(NOON), {
    at: NOON,
  });
  // Where an old log has very many, the last forty are listed; the others go when their time is
  // over.
  const { state } = many.then([
    failing,
    refunding,
    ...Array.from({ length: 21 }, (_, index) => dismissed(160 + index)),
  ]);
  assert.equal(state.get(purchaseTallies, SELF)?.failed.length, MAX_FAILED_SHOWN);
});

test("purchase on a connection is refused unless the operator registered it", () => {
  const connection = "cn_1";
  const registered = { type: "ConnectionRegistered", data: { connection, label: "Main" } } as const;
  const removed = { type: "ConnectionRemoved", data: { connection } } as const;
  const wish = buy({ connection });
  given(at(NOON, opened(), again)).when(wish, { at: NOON }).then("CONNECTION_UNKNOWN");
  given(at(NOON, opened(), registered, again)).when(wish, { at: NOON })
    .then([requested({ connection }), chargeStarted()]);
  given(at(NOON, opened(), registered, removed, again)).when(wish, { at: NOON })
    .then("CONNECTION_UNKNOWN");
});

test("connection is registered once, relabelled, and removed", () => {
  const register = (label: string) =>
    ({ type: "RegisterConnection", connection: "cn_1", label }) as const;
  const remove = { type: "RemoveConnection", connection: "cn_1" } as const;
  const event = (label: string) =>
    ({ type: "ConnectionRegistered", data: { connection: "cn_1", label } }) as const;
  given().when(register("Main"), { at: NOON }).then("ORGANIZATION_UNKNOWN");
  given(at(NOON, opened())).when(register("Main"), { at: NOON }).then([event("Main")]);
  const one = at(NOON, opened(), event("Main"));
  given(one).when(register("Main"), { at: NOON }).then([]);
  given(one).when(register("Spare"), { at: NOON }).then([event("Spare")]);
  given(one).when(remove, { at: NOON })
    .then([{ type: "ConnectionRemoved", data: { connection: "cn_1" } }]);
  given(at(NOON, opened())).when(remove, { at: NOON }).then("CONNECTION_UNKNOWN");
});

test("an organization has so many tokens and no more, until one is revoked", () => {
  const issued = (index: number) =>
    ({
      type: "TokenIssued",
      data: { token: `tk_${index}`, hash: "h", email: "a@b.example", name: "A", sandbox: false },
    }) as const;
  const all = at(
    NOON,
    opened(),
    ...Array.from({ length: MAX_TOKENS }, (_, index) => issued(index)),
  );
  const issue = { ...issued(-1).data, type: "IssueToken" } as const;
  given(all).when(issue, { at: NOON }).then("TOKEN_LIMIT_REACHED");
  given(all, at(NOON, { type: "TokenRevoked", data: { token: "tk_0" } }))
    .when(issue, { at: NOON })
    .then([issued(-1)]);
});

const REASON = "We no longer need it.";
const releaseRequested = (request: string): DomainEvent => ({
  type: "ReleaseRequested",
  data: { request, holding: PN, e164: E164_1, world: "sandbox", reason: REASON },
});

const save = (name: string) =>
  ({ type: "DraftVerification", verification: "vs_1", content: business(name) }) as const;
const names = Array.from({ length: MAX_DRAFTS_PER_DAY }, (_, index) => `Acme ${index}`);
const drafts = names.map((name) => drafted(business(name)));

test("drafts are counted within 24 hours, and one that changes nothing is not", () => {
  const full = at(NOON, opened(), ...drafts);
  given(full).when(save("Acme"), { at: NOON }).then("DAILY_LIMIT_REACHED");
  given(full).when(save(names.at(-1) ?? ""), { at: NOON }).then([]);
  given(full).when(save("Acme"), { at: "2026-02-01T11:59:59Z" }).then("DAILY_LIMIT_REACHED");
  given(full).when(save("Acme"), { at: "2026-02-01T12:00:00Z" }).then([drafted(business("Acme"))]);
});

test("no 24 hours have more drafts than a day may, also where midnight lies between", () => {
  const late = at("2026-01-31T23:59:00Z", opened(), ...drafts);
  given(late).when(save("Acme"), { at: "2026-02-01T00:01:00Z" }).then("DAILY_LIMIT_REACHED");
  const half = MAX_DRAFTS_PER_DAY / 2;
  const spread = given(
    at("2026-01-31T12:00:00Z", opened(), ...drafts.slice(0, half)),
    at("2026-01-31T20:00:00Z", ...drafts.slice(half)),
  );
  spread.when(save("Acme"), { at: "2026-02-01T11:00:00Z" }).then("DAILY_LIMIT_REACHED");
  spread.when(save("Acme"), { at: "2026-02-01T12:00:00Z" })
    .then([drafted(business("Acme"))]);
});

test("release requests are counted within 24 hours, also those that were taken back", () => {
  const count = MAX_RELEASE_REQUESTS_PER_DAY;
  const asked = Array.from({ length: count }, (_, index): readonly DomainEvent[] => [
    releaseRequested(`rr_${index}`),
    { type: "ReleaseRequestCancelled", data: { request: `rr_${index}`, holding: PN } },
  ]).flat();
  const held = at("2026-01-31T10:00:00Z", opened(), requested(), purchased(NOON));
  const full = given(held, at("2026-01-31T22:00:00Z", ...asked));
  const more = { type: "RequestRelease", holding: PN, request: "rr_more", reason: REASON } as const;
  full.when(more, { at: "2026-02-01T21:59:59Z" }).then("DAILY_LIMIT_REACHED");
  const { state } = full.when(more, { at: "2026-02-01T22:00:00Z" })
    .then([releaseRequested("rr_more")]);
  const { recent = [], older = [] } = state.get(dailyTallies, "releaseRequests") ?? {};
  assert.ok(recent.length + older.length <= 96, "the row is of bounded size");
});

test("import needs a plan that allows one", () => {
  const sip = {
    type: "SipConnectionInstalled",
    data: { installation: "sip_1", providerName: "Twilio", trunk: "t", ready: true },
  } as const;
  given(at(NOON, opened(), sip)).when(bringIn({ holding: PN }), {
    at: NOON,
    plans: planWith({ imports: 0 }),
  }).then("IMPORT_LIMIT_REACHED");
});

test("refusal for a quota says to the second when it is free again, or that it never is", () => {
  const { error } = exhausted("CODE", "It is over", instant(NOON) + 1, instant(NOON));
  assert.equal(error.message, "It is over; the next is possible from 2026-01-31T12:00:01Z on.");
  assert.deepEqual([error.freeAt, error.waitMs], [instant(NOON) + 1, 1]);
  const never = exhausted("CODE", "It is over", null, 0).error;
  assert.deepEqual([never.message, never.freeAt, never.waitMs], ["It is over.", null, null]);
  assert.equal(isoTime(0), "1970-01-01T00:00:00Z");
});
