import assert from "node:assert/strict";
import { test } from "node:test";
import { minus, type Money, parseMoney, plus } from "../../core/values/money.ts";
import type { TestApp, TestResponse } from "../support/app.ts";
import {
  assertFailure,
  BUSINESS,
  buy,
  phoneNumber,
  type SpekoCall,
  withSpeko,
} from "./speko-support.ts";

const NUMBER = "+14155550101";
const DAY_S = 24 * 60 * 60;

const addCredits = (app: TestApp, amount: string) =>
  app.admin("POST", "/admin/organizations/org_1/credits", { amount });

const credits = async (app: TestApp): Promise<Money> =>
  parseMoney((await app.admin("GET", "/admin/organizations/org_1")).credits)!;

const review = (app: TestApp, id: string, verb: string, reason?: string) =>
  app.admin("POST", `/admin/verifications/${id}/${verb}`, reason && { reason });

const verify = async (app: TestApp, call: SpekoCall): Promise<string> => {
  const { json: { id } } = await call("POST", "/kyb/submit", BUSINESS);
  await review(app, id, "approve");
  return id;
};

const read = async (call: SpekoCall, id: string): Promise<TestResponse["json"]> =>
  phoneNumber(await call("GET", `/${id}`));

/** A number on the Prepaid plan, bought with these credits. */
const prepaid = async (app: TestApp, call: SpekoCall, amount: string) => {
  const verification = await verify(app, call);
  await addCredits(app, amount);
  return { verification, ...await buy(call, NUMBER) };
};

test("a prepaid number is bought once the business is verified and the credits suffice", () =>
  withSpeko(async ({ app, call }) => {
    const post = () => call("POST", "", { e164: NUMBER });
    assertFailure(await post(), 403, "PHONE_NUMBER_KYB_REQUIRED");
    await call("PUT", "/kyb/draft", BUSINESS);
    assertFailure(await post(), 403, "PHONE_NUMBER_KYB_REQUIRED");
    const { json: { id } } = await call("POST", "/kyb/submit", BUSINESS);
    assertFailure(await post(), 403, "PHONE_NUMBER_KYB_REQUIRED");
    await review(app, id, "approve");
    assertFailure(await post(), 402, "INSUFFICIENT_CREDITS");
    await addCredits(app, "0.01");
    assertFailure(await post(), 402, "INSUFFICIENT_CREDITS");
    await addCredits(app, "24.99");
    const { json: [offer] } = await call("GET", "/available?areaCode=415&limit=1");
    const number = phoneNumber(await post());
    assert.equal(number.setupStatus.status, "ready");
    assert.equal(number.nextChargeAt, "2026-02-28T10:00:00Z");
    const paid = minus(parseMoney("25.00")!, await credits(app));
    assert.equal(paid.micros, (offer.monthlyCostUsd + offer.upfrontCostUsd) * 1_000_000);
  }, { plan: "Prepaid" }));

test("a prepaid number is renewed by the month, on the day it was bought", () =>
  withSpeko(async ({ app, call }) => {
    const { id } = await prepaid(app, call, "25.00");
    const before = await credits(app);
    await app.advance(28 * DAY_S);
    const renewed = await read(call, id);
    assert.equal(renewed.lastChargedAt, "2026-02-28T10:00:00Z");
    assert.equal(renewed.nextChargeAt, "2026-03-31T10:00:00Z");
    const month = minus(before, await credits(app));
    assert.ok(month.micros > 0);
    await app.advance(61 * DAY_S);
    const later = await read(call, id);
    assert.equal(later.lastChargedAt, "2026-04-30T10:00:00Z");
    assert.equal(later.nextChargeAt, "2026-05-31T10:00:00Z");
    assert.deepEqual(plus(await credits(app), plus(month, plus(month, month))), before);
  }, { plan: "Prepaid" }));

test("an unpaid number is suspended, and back when credits arrive", () =>
  withSpeko(async ({ app, call }) => {
    const { json: [offer] } = await call("GET", "/available?areaCode=415&limit=1");
    const price = (offer.monthlyCostUsd + offer.upfrontCostUsd).toFixed(2);
    const { id } = await prepaid(app, call, price);
    await app.advance(29 * DAY_S);
    const { setupStatus, suspendedAt, nextChargeAt } = await read(call, id);
    assert.equal(suspendedAt, "2026-02-28T10:00:00Z");
    // It is tried again every day.
    assert.equal(nextChargeAt, "2026-03-02T10:00:00Z");
    assert.equal(setupStatus.status, "suspended");
    assert.equal(setupStatus.outboundReady, false);
    assert.deepEqual(setupStatus.issues, ["BILLING_SUSPENDED"]);
    await addCredits(app, "25.00");
    const back = await read(call, id);
    assert.equal(back.suspendedAt, null);
    assert.equal(back.setupStatus.status, "ready");
    assert.equal(back.lastChargedAt, "2026-03-01T10:00:00Z");
    assert.equal(back.nextChargeAt, "2026-03-31T10:00:00Z");
  }, { plan: "Prepaid" }));

test("an unpaid number is released when its seven days of grace are over", () =>
  withSpeko(async ({ app, call }) => {
    const { json: [offer] } = await call("GET", "/available?areaCode=415&limit=1");
    const price = (offer.monthlyCostUsd + offer.upfrontCostUsd).toFixed(2);
    const { id } = await prepaid(app, call, price);
    await app.advance(34 * DAY_S);
    assert.equal((await read(call, id)).setupStatus.status, "suspended");
    await app.advance(DAY_S);
    assertFailure(await call("GET", `/${id}`), 404, "NOT_FOUND");
  }, { plan: "Prepaid" }));

test("a number is suspended while the verification is revoked", () =>
  withSpeko(async ({ app, call }) => {
    const { id, verification } = await prepaid(app, call, "25.00");
    await app.advance(60);
    await review(app, verification, "revoke", "The company was dissolved");
    const { setupStatus, suspendedAt } = await read(call, id);
    assert.equal(setupStatus.status, "suspended");
    assert.deepEqual(setupStatus.issues, ["COMPLIANCE_SUSPENDED"]);
    assert.equal(suspendedAt, "2026-01-31T10:01:00Z");
    const other = await call("POST", "", { e164: "+14155550102" });
    assertFailure(other, 403, "PHONE_NUMBER_KYB_REQUIRED");
    await verify(app, call);
    const back = await read(call, id);
    assert.equal(back.setupStatus.status, "ready");
    assert.equal(back.suspendedAt, null);
  }, { plan: "Prepaid" }));

test("a trial number is released when its five days are over", () =>
  withSpeko(async ({ app, call }) => {
    const { id, nextChargeAt, lastChargedAt } = await buy(call, NUMBER);
    assert.equal(nextChargeAt, null);
    assert.equal(lastChargedAt, null);
    await app.advance(5 * DAY_S - 1);
    assert.equal((await read(call, id)).setupStatus.status, "ready");
    await app.advance(1);
    assertFailure(await call("GET", `/${id}`), 404, "NOT_FOUND");
    assertFailure(await call("POST", "", { e164: NUMBER }), 403, "PLAN_LIMIT_REACHED");
  }, { plan: "Free" }));
