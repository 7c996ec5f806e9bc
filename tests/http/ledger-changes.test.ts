/** One number is read and changed through the ledger's own API: all that is given, or nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY_MS } from "../../core/values/calendar.ts";
import type { Charge } from "../../core/ports/mod.ts";
import { SIP, type TestResponse } from "../support/app.ts";
import { buy, purchase, type Talk, userOf, withTeam } from "./talk-support.ts";
import { KEPT, openKeepingSandbox } from "../support/keeping-sandbox.ts";

const NUMBER = "+14155550101";
const DAY_S = DAY_MS / 1_000;
const ABSENT = "pn_00000000000000000000000000";

const numbered = (id: string) => `/ledger/numbers/${id}`;
const change = (call: Talk, id: string, body: unknown) => call("PATCH", numbered(id), { body });

const changed = async (call: Talk, id: string, body: unknown) => {
  const { status, json } = await change(call, id, body);
  assert.equal(status, 200, JSON.stringify(json));
  return json;
};

const read = async (call: Talk, id: string) => {
  const { status, json } = await call("GET", numbered(id));
  assert.equal(status, 200, JSON.stringify(json));
  return json;
};

/** Asserts that an answer is a problem (RFC 9457) with this code. */
const assertProblem = ({ status, json, headers }: TestResponse, expected: number, code: string) => {
  assert.deepEqual([status, json.status, json.code], [expected, expected, code]);
  assert.equal(headers.get("content-type"), "application/problem+json");
};

const CAMPAIGN = { profile: "messaging_1", campaign: "campaign_1", status: "ASSIGNED" } as const;
const ALL = {
  direction: "inbound",
  label: "Front desk",
  assistant: "agent_1",
  template: { greeting: "Hello", steps: [1, { two: null }] },
  autoRenewal: false,
  smsCampaign: CAMPAIGN,
} as const;

test("every member that a number's owner decides is changed, and read back", () =>
  withTeam(async ({ app, call }) => {
    await app.admin("PUT", "/admin/organizations/team_1/assistants/agent_1", { name: "Desk" });
    const id = await buy(call, NUMBER);
    const before = await read(call, id);
    assert.deepEqual([before.template, before.smsCampaign, before.autoRenewal], [null, null, true]);
    await app.advance(60);
    const after = await changed(call, id, ALL);
    assert.deepEqual(after, {
      ...before,
      ...ALL,
      assistant: { id: "agent_1", name: "Desk" },
      smsCampaign: { ...CAMPAIGN, updatedAt: "2026-01-31T10:01:00Z" },
      issues: [],
      updatedAt: "2026-01-31T10:01:00Z",
    });
    assert.deepEqual(await read(call, id), after);
    // A list leaves out what may be large.
    const [row] = (await call("GET", "/ledger/numbers")).json.numbers;
    const { features: _features, sip: _sip, template: _t, smsCampaign: _c, ...short } = after;
    assert.deepEqual(row, short);
    const [speko] = (await call("GET", "/v1/phone-numbers")).json;
    assert.deepEqual(
      [speko.direction, speko.label, speko.agentId, speko.dispatchMetadataTemplate],
      ["inbound", "Front desk", "agent_1", ALL.template],
    );
    assert.equal(speko.smsAssignmentStatus, "ASSIGNED");
  }));

test("what is left out stays, null clears, and the same again appends nothing", () =>
  withTeam(async ({ call }) => {
    const id = await buy(call, NUMBER);
    const events = async () => (await call("GET", `${numbered(id)}/history`)).json.events;
    const first = await changed(call, id, ALL);
    const unchanged = await events();
    assert.deepEqual(await changed(call, id, ALL), first);
    assert.deepEqual(await changed(call, id, {}), first);
    assert.deepEqual(await events(), unchanged);
    const cleared = await changed(call, id, { label: null, template: null, assistant: null });
    assert.deepEqual([cleared.label, cleared.template, cleared.assistant], [null, null, null]);
    assert.deepEqual([cleared.direction, cleared.autoRenewal], ["inbound", false]);
    const partly = await changed(call, id, { smsCampaign: { status: "PENDING_UNASSIGNMENT" } });
    const { profile, campaign, status } = partly.smsCampaign;
    assert.deepEqual([profile, campaign, status], [null, null, "PENDING_UNASSIGNMENT"]);
  }));

test("a body that does not fit is refused by its member, and changes nothing", () =>
  withTeam(async ({ call }) => {
    const id = await buy(call, NUMBER);
    const before = await read(call, id);
    const cases: readonly [Readonly<Record<string, unknown>>, string][] = [
      [{ direction: "sideways" }, "direction"],
      [{ direction: null }, "direction"],
      [{ label: "x".repeat(121) }, "label"],
      [{ label: 7 }, "label"],
      [{ assistant: "" }, "assistant"],
      [{ assistant: { id: "agent_1" } }, "assistant"],
      [{ assistant: "agent\u200b" }, "assistant"],
      [{ template: [] }, "template"],
      [{ template: { text: "x".repeat(9_000) } }, "template"],
      [{ autoRenewal: "false" }, "autoRenewal"],
      [{ autoRenewal: null }, "autoRenewal"],
      [{ smsCampaign: null }, "smsCampaign"],
      [{ smsCampaign: {} }, "smsCampaign.status"],
      [{ smsCampaign: { status: "DONE" } }, "smsCampaign.status"],
      [{ smsCampaign: { ...CAMPAIGN, campaignId: "c" } }, "smsCampaign.campaignId"],
      [{ autorenewal: false }, "autorenewal"],
    ];
    for (const [body, member] of cases) {
      const refused = await change(call, id, {
        ...body,
        ...(member !== "label" && { label: "x" }),
      });
      assertProblem(refused, 400, "VALIDATION_ERROR");
      assert.deepEqual(Object.keys(refused.json.errors), [member]);
    }
    for (const body of ["[]", "7", '"x"', "null"]) {
      assertProblem(await change(call, id, body), 400, "VALIDATION_ERROR");
    }
    assert.deepEqual(await read(call, id), before);
  }));

test("a number without a renewal stays unchanged when its renewal is to be changed", () =>
  withTeam(async ({ call }) => {
    const trial = await buy(call, NUMBER);
    const imported = await call("POST", "/v1/phone-numbers/import", {
      body: { e164: "+4930901820", sipConnectionInstallationId: SIP.id },
    });
    for (const id of [trial, imported.json.id]) {
      const before = await read(call, id);
      for (const autoRenewal of [true, false]) {
        const refused = await change(call, id, {
          label: "Lost",
          assistant: "agent_1",
          autoRenewal,
        });
        assertProblem(refused, 409, "NUMBER_NOT_RENTED");
      }
      assert.deepEqual(await read(call, id), before);
    }
  }, { plan: "Free" }));

test("a number that is not the organization's, or no longer in service, is not changed", () =>
  withTeam(async ({ app, call }) => {
    const other = userOf(app, await app.organization("team_2"));
    const theirs = await buy(other, "+14155550103", "team_2");
    for (const id of [theirs, ABSENT, "__proto__"]) {
      assertProblem(await call("GET", numbered(id)), 404, "NUMBER_UNKNOWN");
      assertProblem(await change(call, id, { label: "Mine" }), 404, "NUMBER_UNKNOWN");
    }
    assert.equal((await read(other, theirs)).label, null);
    const leaving = await buy(call, KEPT);
    assert.equal((await call("DELETE", `/api/phone-numbers/${leaving}`)).status, 202);
    await purchase(call, "+14155550112");
    const rows = (await call("GET", "/ledger/numbers")).json.numbers;
    const lost = rows.find(({ e164 }: { e164: string }) => e164 === "+14155550112").id;
    const codes = { [leaving]: "NUMBER_BEING_RELEASED", [lost]: "NUMBER_NOT_IN_SERVICE" };
    for (const [id, code] of Object.entries(codes)) {
      const refused = await change(call, id, { label: "Kept" });
      assertProblem(refused, 409, code);
      assert.equal(refused.json.number, id);
      assert.equal((await read(call, id)).label, null);
    }
  }, openKeepingSandbox().options));

test("a number whose renewal is off serves to its date, is not charged again, and is then released", async () => {
  const charges: Charge[] = [];
  const charge = (asked: Charge) => {
    charges.push(asked);
    return Promise.resolve("paid" as const);
  };
  const payments = { charge, refund: () => Promise.resolve("refunded" as const) };
  await withTeam(async ({ app, call }) => {
    const kept = await buy(call, "+14155550102");
    const id = await buy(call, NUMBER);
    assert.equal(charges.length, 2);
    await app.advance(20 * DAY_S);
    const off = await changed(call, id, { autoRenewal: false });
    assert.deepEqual([off.status, off.autoRenewal, off.renewsAt], [
      "active",
      false,
      "2026-02-28T10:00:00Z",
    ]);
    const shown = async () =>
      (await call("GET", "/api/v1/phone-numbers")).json.data
        .find((row: { id: string }) => row.id === id);
    // Talkover and Speko show no renewal and no charge where none is due.
    const { auto_renewal, renewal_date, days_until_monthly_renewal, ...rest } = await shown();
    assert.deepEqual([auto_renewal, renewal_date, days_until_monthly_renewal], [false, null, null]);
    assert.deepEqual([rest.is_due_for_monthly_renewal, rest.monthly_renewal_cost], [false, 0]);
    const nextCharge = async () => (await call("GET", `/v1/phone-numbers/${id}`)).json.nextChargeAt;
    assert.equal(await nextCharge(), null);
    // Until the last second, and it can be switched on and off until then.
    await app.advance(8 * DAY_S - 1);
    assert.equal((await read(call, id)).status, "active");
    assert.equal((await changed(call, id, { autoRenewal: true })).autoRenewal, true);
    assert.equal(await nextCharge(), "2026-02-28T10:00:00Z");
    assert.equal((await shown()).renewal_date, "2026-02-28");
    assert.equal((await changed(call, id, { autoRenewal: false })).autoRenewal, false);
    await app.advance(1);
    assertProblem(await call("GET", numbered(id)), 404, "NUMBER_UNKNOWN");
    assert.equal(await shown(), undefined);
    // The other one was renewed on that day, and it alone.
    assert.deepEqual(charges.map(({ e164 }) => e164), ["+14155550102", NUMBER, "+14155550102"]);
    assert.equal((await read(call, kept)).renewsAt, "2026-03-31T10:00:00Z");
    await app.advance(60 * DAY_S);
    assert.ok(charges.every(({ e164 }, place) => e164 !== NUMBER || place === 1));
  }, { payments });
});
