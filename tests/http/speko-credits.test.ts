/** `GET /v1/credits/ledger`: the movements of credits, in the shape that Speko's clients read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import type { TestApp } from "../support/app.ts";
import { misfits } from "./seed-fields-speko.ts";
import { CREDIT_PAGE } from "./speko-shapes.ts";
import { assertFailure, buy, spekoCall, withSpeko } from "./speko-support.ts";
import { CREDITS } from "../support/plans.ts";

const PATH = "/v1/credits/ledger";
const NUMBER = "+14155550101";
const REFUSED = "+14155550112";
const MONTH_S = 31 * 24 * 60 * 60;
const plans = {
  Credits: CREDITS,
} as const;

type Entry = {
  readonly id: string;
  readonly kind: string;
  readonly metric: string | null;
  readonly amountMicroUsd: string;
  readonly phoneNumberId: string | null;
  readonly createdAt: string;
};
type Page = { readonly entries: readonly Entry[]; readonly nextCursor: string | null };

const pageOf = async (app: TestApp, token: string, query = ""): Promise<Page> => {
  const { status, json } = await app.request("GET", `${PATH}${query}`, { token });
  assert.equal(status, 200, JSON.stringify(json));
  assert.deepEqual(misfits(json, CREDIT_PAGE), []);
  return json;
};

/** `org_1` buys and renews a number and is refused another one, with 10 dollars added before. */
const withAmounts = (
  use: (
    opened: { readonly app: TestApp; readonly token: string; readonly id: string },
  ) => Promise<void>,
): Promise<void> =>
  withSpeko(async ({ app }) => {
    const token = await app.organization("org_1", "Credits");
    await app.admin("POST", "/admin/organizations/org_1/credits", { amount: "10.00" });
    const { id } = await buy(spekoCall(app, token), NUMBER);
    await spekoCall(app, token)("POST", "", { e164: REFUSED });
    await app.advance(MONTH_S);
    await use({ app, token, id });
  }, { plans, plan: "Credits" });

test("GET answers with each movement, the latest first, and their sum is the balance", () =>
  withAmounts(async ({ app, token, id }) => {
    const { entries, nextCursor } = await pageOf(app, token);
    assert.equal(nextCursor, null);
    assert.deepEqual(
      entries.map(({ kind, metric, amountMicroUsd }) => [kind, metric, amountMicroUsd]),
      [
        ["debit", "phone_number_renewal", "-1000000"],
        ["refund", "phone_number_purchase", "2000000"],
        ["debit", "phone_number_purchase", "-2000000"],
        ["debit", "phone_number_purchase", "-2000000"],
        ["topup", null, "10000000"],
      ],
    );
    assert.equal(entries[0]?.phoneNumberId, id);
    assert.equal(entries.at(-1)?.phoneNumberId, null);
    assert.equal(entries.at(-1)?.createdAt, "2026-01-31T10:00:00Z");
    const sum = entries.reduce((total, { amountMicroUsd }) => total + BigInt(amountMicroUsd), 0n);
    const { json } = await app.request("GET", "/v1/credits/balance", { token });
    assert.equal(sum, BigInt(Math.round(json.balanceUsd * 1_000_000)));
  }));

test("GET answers in pages, whose cursors give every entry once", () =>
  withAmounts(async ({ app, token }) => {
    const { entries } = await pageOf(app, token);
    const paged: Entry[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const page: Page = await pageOf(app, token, `?limit=2${query}`);
      assert.ok(page.entries.length <= 2);
      paged.push(...page.entries);
      cursor = page.nextCursor;
    }
    assert.deepEqual(paged, entries);
  }));

test("GET refuses an invalid limit and cursor, by their names", () =>
  withAmounts(async ({ app, token }) => {
    for (
      const [name, values] of [
        ["limit", ["0", "101", "-1", "ten", ""]],
        ["cursor", ["0", "-1", "yesterday", "", "1e3", "9".repeat(16), "2026-01-31T10:00:00Z"]],
      ] as const
    ) {
      for (const value of values) {
        const answer = await app.request("GET", `${PATH}?${name}=${value}`, { token });
        assertFailure(answer, 400, "VALIDATION_ERROR");
        assert.ok(answer.json.error.includes(name), answer.json.error);
      }
    }
  }));

test("GET refuses a cursor that no answer gave, by its name", () =>
  withAmounts(async ({ app, token }) => {
    const given = new Set<string>();
    for (const limit of [1, 2, 3, 4]) {
      for (let query = ""; query !== "&cursor=null";) {
        const { nextCursor } = await pageOf(app, token, `?limit=${limit}${query}`);
        if (nextCursor !== null) given.add(nextCursor);
        query = `&cursor=${nextCursor}`;
      }
    }
    assert.ok(given.size > 2);
    const all = Array.from({ length: 60 }, (_, place) => String(place + 1));
    for (const cursor of [...all, "999999", "9".repeat(15)]) {
      const answer = await app.request("GET", `${PATH}?cursor=${cursor}`, { token });
      if (given.has(cursor)) {
        assert.equal(answer.status, 200, cursor);
        continue;
      }
      assertFailure(answer, 400, "VALIDATION_ERROR");
      assert.equal(
        answer.json.error,
        "Invalid request: cursor must be the nextCursor of an earlier answer; " +
          "leave it out for the first page.",
      );
    }
    // More is added, and earlier cursors stay valid.
    await app.admin("POST", "/admin/organizations/org_1/credits", { amount: "1.00" });
    for (const cursor of given) await pageOf(app, token, `?cursor=${cursor}`);
  }));

test("the balance is as old as its last change, however often it is read", () =>
  withSpeko(async ({ app }) => {
    const token = await app.organization("org_1", "Credits");
    const call = spekoCall(app, token);
    const updatedAt = async () =>
      (await app.request("GET", "/v1/credits/balance", { token })).json.updatedAt;
    assert.equal(await updatedAt(), "2026-01-31T10:00:00Z");
    await app.advance(60);
    assert.equal(await updatedAt(), "2026-01-31T10:00:00Z");
    await app.admin("POST", "/admin/organizations/org_1/credits", { amount: "10.00" });
    await app.advance(60);
    assert.equal(await updatedAt(), "2026-01-31T10:01:00Z");
    const { id } = await buy(call, NUMBER);
    await app.advance(60);
    assert.equal(await updatedAt(), "2026-01-31T10:02:00Z");
    assert.equal((await call("PATCH", `/${id}`, { label: "Desk" })).status, 200);
    assert.equal(await updatedAt(), "2026-01-31T10:02:00Z");
    await app.advance(MONTH_S);
    const { entries } = await pageOf(app, token);
    assert.equal(entries[0]?.metric, "phone_number_renewal");
    assert.equal(await updatedAt(), entries[0]?.createdAt);
  }, { plans, plan: "Credits" }));

test("GET shows nothing of another organization, and nothing to a stranger", () =>
  withAmounts(async ({ app, token }) => {
    const other = await app.organization("org_2", "Credits");
    const { nextCursor } = await pageOf(app, token, "?limit=1");
    assert.deepEqual(await pageOf(app, other), { entries: [], nextCursor: null });
    const foreign = await app.request("GET", `${PATH}?cursor=${nextCursor}`, { token: other });
    assertFailure(foreign, 400, "VALIDATION_ERROR");
    assertFailure(await app.request("GET", PATH), 401, "UNAUTHORIZED");
    assertFailure(await app.request("POST", PATH, { token, body: {} }), 405, "METHOD_NOT_ALLOWED");
  }));

test("GET does not show a sandbox token for which live numbers was paid", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const live = { ...openSandboxCarrier({ orders: openMemoryOrderBook(), clock }), name: "telnyx" };
  await withSpeko(async ({ app }) => {
    const token = await app.organization("org_1", "Credits");
    await app.admin("POST", "/admin/organizations/org_1/credits", { amount: "10.00" });
    const { id } = await buy(spekoCall(app, token), NUMBER);
    const user = { email: "bob@example.com", name: "Bob", sandbox: true };
    const issued = await app.admin("POST", "/admin/organizations/org_1/tokens", user);
    const numbersOf = async (by: string) =>
      (await pageOf(app, by)).entries.map(({ amountMicroUsd, phoneNumberId }) => [
        amountMicroUsd,
        phoneNumberId,
      ]);
    assert.deepEqual(await numbersOf(token), [["-2000000", id], ["10000000", null]]);
    assert.deepEqual(await numbersOf(issued.token), [["-2000000", null], ["10000000", null]]);
  }, { plans, plan: "Credits", carrier: live, sandbox, clock, setClock: clock.set });
});
