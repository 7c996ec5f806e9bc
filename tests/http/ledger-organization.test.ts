/** The organization, its place within its plan and its credits, in the ledger's own words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, bought, expected } from "./ledger-support.ts";
import { type Talk, userOf, withTeam } from "./talk-support.ts";
import { CREDITS } from "../support/plans.ts";

const plans = {
  Credits: CREDITS,
} as const;

test("the organization is shown with what its plan allows", () =>
  withTeam(async ({ app, call }) => {
    assert.deepEqual(expected(await call("GET", "/ledger/organization"), 200), {
      id: "team_1",
      name: "team_1 Inc",
      plan: "Growth",
      creditsUsd: "0.00",
      verification: "missing",
      limits: {
        imports: 100,
        purchasesPerDay: 20,
        purchasesPer30Days: 60,
        highestSetupUsd: "25.00",
        highestMonthlyUsd: "25.00",
        requestsPerMinute: 1_000,
        searchesPerMinute: 100,
      },
      openedAt: "2026-01-31T10:00:00Z",
    });
    const other = userOf(app, await app.organization("team_2"));
    assert.equal((await other("GET", "/ledger/organization")).json.id, "team_2");
  }));

test("a limit that the plan does not set is null", () =>
  withTeam(async ({ call }) => {
    const { limits } = expected(await call("GET", "/ledger/organization"), 200);
    assert.deepEqual([...new Set(Object.values(limits))], [null]);
  }, { plan: "Credits", plans }));

test("the place within the plan follows what is bought and released", () =>
  withTeam(async ({ call }) => {
    const place = async () => expected(await call("GET", "/ledger/eligibility"), 200);
    const at = (numbers: number) => ({
      plan: "Growth",
      numbers,
      maxNumbers: 10,
      hasSubscription: true,
    });
    assert.deepEqual(await place(), at(0));
    const { id } = await bought(call, "+14155550101");
    assert.deepEqual(await place(), at(1));
    assert.equal((await call("DELETE", `/ledger/numbers/${id}`)).status, 200);
    assert.deepEqual(await place(), at(0));
  }));

const entriesOf = async (call: Talk, limit: number) => {
  const entries = [];
  for (let before = "";;) {
    const answer = await call("GET", `/ledger/credits/entries?limit=${limit}${before}`);
    const page = expected(answer, 200);
    entries.push(...page.entries);
    if (page.next === null) return entries;
    before = `&before=${page.next}`;
  }
};

test("credits are shown with what moved them, the latest first, and the sum is the balance", () =>
  withTeam(async ({ app, call }) => {
    const credits = async () => expected(await call("GET", "/ledger/credits"), 200);
    const first = { balanceUsd: "0.00", changedAt: "2026-01-31T10:00:00Z" };
    assert.deepEqual(await credits(), first);
    await app.advance(60);
    await app.admin("POST", "/admin/organizations/team_1/credits", { amount: "25.00" });
    await app.advance(60);
    const { id } = await bought(call, "+14155550101");
    const failed = await call("POST", "/ledger/numbers", { body: { e164: "+14155550112" } });
    assertProblem(failed, 502, "CARRIER_FAILED");
    assert.deepEqual(await credits(), { balanceUsd: "23.00", changedAt: "2026-01-31T10:02:00Z" });
    const entries = await entriesOf(call, 100);
    const [refund, taken, ...others] = entries;
    assert.deepEqual(
      [refund.reason, refund.amountUsd, taken.reason, taken.amountUsd],
      ["refund", "2.00", "purchase", "-2.00"],
    );
    assert.equal(refund.number, taken.number);
    assert.deepEqual(others, [
      {
        ...others[0],
        at: "2026-01-31T10:02:00Z",
        reason: "purchase",
        amountUsd: "-2.00",
        number: id,
      },
      {
        ...others[1],
        at: "2026-01-31T10:01:00Z",
        reason: "added",
        amountUsd: "25.00",
        number: null,
      },
    ]);
    assert.deepEqual(Object.keys(refund), ["id", "at", "reason", "amountUsd", "number"]);
    assert.deepEqual(await entriesOf(call, 1), entries);
    const other = userOf(app, await app.organization("team_2", "Credits"));
    assert.deepEqual(await entriesOf(other, 5), []);
  }, { plan: "Credits", plans }));

test("a page of entries that none can have given is refused, and so is a wrong limit", () =>
  withTeam(async ({ call }) => {
    for (const query of ["before=999", "before=0", "before=x", "limit=0", "limit=101"]) {
      const answer = await call("GET", `/ledger/credits/entries?${query}`);
      assertProblem(answer, 400, "VALIDATION_ERROR");
      assert.deepEqual(Object.keys(answer.json.errors), [query.split("=")[0]]);
    }
  }));

test("HEAD of every call that reads answers as GET does, and without a body", () =>
  withTeam(async ({ app, call }) => {
    const { id } = await bought(call, "+14155550101");
    const heads = async () => await app.admin("GET", "/admin/heads");
    const before = await heads();
    for (
      const path of [
        "/ledger/numbers",
        "/ledger/numbers?limit=1",
        `/ledger/numbers/${id}`,
        `/ledger/numbers/${id}/history`,
        "/ledger/assistants/agent_1/numbers",
        "/ledger/sip-connections",
        "/ledger/release-requests",
        "/ledger/verification",
        "/ledger/organization",
        "/ledger/eligibility",
        "/ledger/credits",
        "/ledger/credits/entries",
      ]
    ) {
      const { status, json } = await call("HEAD", path);
      assert.deepEqual([status, json], [200, null], path);
    }
    assert.deepEqual(await heads(), before);
  }));
