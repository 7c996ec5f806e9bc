/** `POST /ledger/dry-run`: what a command would do, as its own call and its history then show. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_LIMITS } from "../../core/values/plan.ts";
import { COMMANDS } from "../../http/ledger/dry-run-schemas.ts";
import { SIP, type TestResponse } from "../support/app.ts";
import { assertProblem, bought, expected } from "./ledger-support.ts";
import { BUSINESS } from "./speko-support.ts";
import { type Talk, userOf, withTeam } from "./talk-support.ts";

const NUMBER = "+14155550101";
const REASON = "The office in Boston was closed.";

const dryRun = async (call: Talk, command: unknown) =>
  expected(await call("POST", "/ledger/dry-run", { body: { command } }), 200);

const typesOf = ({ events }: TestResponse["json"]): readonly string[] =>
  events.map(({ type }: { type: string }) => type);

/** Asserts that a command would be refused with what its own call is refused with. */
const assertRefused = async (call: Talk, command: unknown, refused: TestResponse) => {
  const told = await dryRun(call, command);
  assert.deepEqual(told, { accepted: false, events: [], purchase: null, refusal: refused.json });
  assert.ok(refused.status >= 400);
};

const heads = (app: { readonly admin: (method: string, path: string) => Promise<unknown> }) =>
  app.admin("GET", "/admin/heads");

test("a purchase is told with its price and the place within the plan, and then done just so", () =>
  withTeam(async ({ app, call }) => {
    const before = await heads(app);
    const wishes = { e164: NUMBER, label: "Front desk", assistant: "agent_1" };
    const told = await dryRun(call, { type: "purchase", ...wishes });
    const place = { plan: "Growth", numbers: 0, maxNumbers: 10, hasSubscription: true };
    assert.deepEqual(told.purchase, {
      setupUsd: "1.00",
      monthlyUsd: "1.00",
      paidFrom: "subscription",
      debitedUsd: "0.00",
      eligibility: { before: place, after: { ...place, numbers: 1 } },
    });
    assert.deepEqual([told.accepted, told.refusal], [true, null]);
    assert.deepEqual(
      typesOf(told),
      ["PurchaseRequested", "NumberAssigned", "ChargeStarted", "Charged"],
    );
    // The same again is the same: nothing was written, and no id used up.
    assert.deepEqual(await dryRun(call, { type: "purchase", ...wishes }), told);
    assert.deepEqual(await heads(app), before);
    assert.deepEqual((await call("GET", "/ledger/numbers")).json.numbers, []);
    const { id } = await bought(call, NUMBER, { label: "Front desk", assistant: "agent_1" });
    const { events } = (await call("GET", `/ledger/numbers/${id}/history`)).json;
    const shown = events.slice(0, told.events.length)
      .map(({ type, version, data }: TestResponse["json"]) => ({ type, version, data }));
    const { orderKey } = shown[0].data;
    const zeros = `pn_${"0".repeat(26)}`;
    assert.equal(told.events[0].data.holding, zeros);
    const made = JSON.parse(
      JSON.stringify(told.events).replaceAll(zeros, id)
        .replace(told.events[0].data.orderKey, orderKey),
    );
    assert.deepEqual(made, shown);
    await assertRefused(
      call,
      { type: "purchase", e164: NUMBER },
      await call("POST", "/ledger/numbers", { body: { e164: NUMBER } }),
    );
  }));

test("a purchase from credits is told with what it would take, and none is taken", () =>
  withTeam(async ({ app, call }) => {
    const command = { type: "purchase", e164: NUMBER };
    const dear = await call("POST", "/ledger/numbers", { body: { e164: NUMBER } });
    assertProblem(dear, 402, "INSUFFICIENT_CREDITS");
    await assertRefused(call, command, dear);
    await app.admin("POST", "/admin/organizations/team_1/credits", { amount: "2.00" });
    for (let turn = 0; turn < 3; turn += 1) {
      const { purchase } = await dryRun(call, command);
      assert.deepEqual([purchase.paidFrom, purchase.debitedUsd], ["credits", "2.00"]);
      assert.equal((await call("GET", "/ledger/credits")).json.balanceUsd, "2.00");
    }
  }, {
    plan: "Credits",
    plans: {
      Credits: {
        name: "Credits",
        maxNumbers: 10,
        billing: "credits",
        verification: "none",
        limits: { ...NO_LIMITS, purchasesPerDay: 1 },
      },
    },
  }));

test("each command of a tenant is told, and then does what was told", () =>
  withTeam(async ({ call }) => {
    const { id } = await bought(call, NUMBER);
    const imported = { e164: "+4922812345678", sipConnection: SIP.id };
    const number = `/ledger/numbers/${id}`;
    const agent = "/ledger/assistants/agent_1/numbers";
    const said = { businessProfile: { legalName: "Acme" } };
    const tried = new Set<string>();
    /** Tells what a command would add; then its call adds as many events. */
    const both = async (
      command: { readonly type: string },
      method: string,
      path: string,
      types: readonly string[],
      body: unknown = {},
    ) => {
      tried.add(command.type);
      const told = await dryRun(call, command);
      assert.deepEqual(typesOf(told), types, command.type);
      assert.deepEqual([told.accepted, told.purchase, told.refusal], [true, null, null]);
      const sent = method === "DELETE" ? {} : { body };
      const { status, json } = await call(method, path, sent);
      assert.ok(status < 300, JSON.stringify(json));
      return json;
    };
    const label = { label: "Sales", assistant: "agent_2", autoRenewal: false };
    const changes = ["RoutingChanged", "NumberAssigned", "AutoRenewalChanged"];
    await both({ type: "change", number: id, ...label } as never, "PATCH", number, changes, label);
    const set = { numbers: [id], direction: "inbound" };
    const assign = { type: "assign", assistant: "agent_1", ...set };
    await both(assign, "PUT", agent, ["NumberUnassigned", "NumberAssigned", "RoutingChanged"], set);
    await both(assign, "PUT", agent, [], set);
    const outbound = { direction: "outbound" };
    const direct = { type: "direct", assistant: "agent_1", ...outbound };
    await both(direct, "PATCH", agent, ["RoutingChanged"], outbound);
    const none = { numbers: [] };
    const clear = { type: "assign", assistant: "agent_1", ...none };
    await both(clear, "PUT", agent, ["NumberUnassigned"], none);
    const wish = { number: id, reason: REASON };
    const path = "/ledger/release-requests";
    const ask = { type: "requestRelease", ...wish };
    const request = await both(ask, "POST", path, ["ReleaseRequested"], wish);
    const cancel = { type: "cancelReleaseRequest", releaseRequest: request.id };
    await both(cancel, "DELETE", `${path}/${request.id}`, ["ReleaseRequestCancelled"]);
    const { id: held } = await both(
      { type: "import", ...imported } as never,
      "POST",
      "/ledger/imports",
      ["NumberImported"],
      imported,
    );
    const remove = { type: "removeImport", number: held };
    await both(remove, "DELETE", `/ledger/imports/${held}`, ["Released"]);
    await both({ type: "release", number: id } as never, "DELETE", number, ["ReleaseStarted"]);
    const verification = "/ledger/verification";
    const drafting = { type: "draftVerification", ...said };
    await both(drafting, "PUT", `${verification}/draft`, ["VerificationDrafted"], said);
    const submitting = { type: "submitVerification", ...BUSINESS };
    await both(submitting, "POST", `${verification}/submit`, ["VerificationSubmitted"], BUSINESS);
    assert.deepEqual([...tried, "purchase"].toSorted(), Object.keys(COMMANDS).toSorted());
  }));

test("a command is told to be refused as its own call is", () =>
  withTeam(async ({ app, call }) => {
    const other = userOf(app, await app.organization("team_2"));
    const theirs = await bought(other, "+14155550103");
    const { id } = await bought(call, NUMBER, { assistant: "agent_1" });
    const buy = (e164: string) => call("POST", "/ledger/numbers", { body: { e164 } });
    for (const e164 of ["+14155550103", "+14155550110", "+14155550115", "+41442550001"]) {
      await assertRefused(call, { type: "purchase", e164 }, await buy(e164));
    }
    await assertRefused(
      call,
      { type: "change", number: theirs.id, label: "Mine" },
      await call("PATCH", `/ledger/numbers/${theirs.id}`, { body: { label: "Mine" } }),
    );
    await assertRefused(
      call,
      { type: "release", number: theirs.id },
      await call("DELETE", `/ledger/numbers/${theirs.id}`),
    );
    await assertRefused(
      call,
      { type: "assign", assistant: "agent_1", numbers: [id, theirs.id] },
      await call("PUT", "/ledger/assistants/agent_1/numbers", {
        body: { numbers: [id, theirs.id] },
      }),
    );
    await assertRefused(
      call,
      { type: "requestRelease", number: id, reason: REASON },
      await call("POST", "/ledger/release-requests", { body: { number: id, reason: REASON } }),
    );
    await assertRefused(
      call,
      { type: "change", number: id, assistant: "agent\u200b" },
      await call("PATCH", `/ledger/numbers/${id}`, { body: { assistant: "agent\u200b" } }),
    );
    const lacking = { ...BUSINESS, authorizedRepresentative: { name: "Ada" } };
    await assertRefused(
      call,
      { type: "submitVerification", ...lacking },
      await call("POST", "/ledger/verification/submit", { body: lacking }),
    );
  }));

test("a number that two would buy is told to both, and to one once the other has it", () =>
  withTeam(async ({ app, call }) => {
    const other = userOf(app, await app.organization("team_2"));
    const command = { type: "purchase", e164: NUMBER };
    assert.equal((await dryRun(call, command)).accepted, true);
    assert.equal((await dryRun(other, command)).accepted, true);
    await bought(other, NUMBER);
    const { refusal } = await dryRun(call, command);
    assert.equal(refusal.code, "NUMBER_ALREADY_OWNED");
  }));

test("a command that does not fit is refused by its member, and one of no type by its type", () =>
  withTeam(async ({ call }) => {
    for (
      const [body, field] of [
        [{}, "command"],
        [{ command: null }, "command"],
        [{ command: 7 }, "command"],
        [{ command: [] }, "command.type"],
        [{ command: {} }, "command.type"],
        [{ command: { type: "search" } }, "command.type"],
        [{ command: { type: "constructor" } }, "command.type"],
        [{ command: { type: ["purchase"] } }, "command.type"],
        [{ command: { type: "purchase" } }, "command.e164"],
        [{ command: { type: "purchase", e164: NUMBER, number: "pn_1" } }, "command.number"],
        [{ command: { type: "release" } }, "command.number"],
        [{ command: { type: "import", e164: NUMBER } }, "command.sipConnection"],
        [{ command: { type: "change", number: "pn_1", label: 7 } }, "command.label"],
        [{ command: { type: "release", number: "pn_1" }, commandId: "x" }, "commandId"],
      ] as const
    ) {
      const answer = await call("POST", "/ledger/dry-run", { body });
      assertProblem(answer, 400, "VALIDATION_ERROR");
      assert.deepEqual(Object.keys(answer.json.errors), [field], JSON.stringify(body));
    }
  }));

test("what the operator filed at the carrier is not told", () =>
  withTeam(async ({ app, call }) => {
    const swiss = { country: "CH", type: "local", requirementGroupId: "rg_secret" };
    await app.admin("PUT", "/admin/organizations/team_1/requirements", swiss);
    const told = await dryRun(call, { type: "purchase", e164: "+41442550001" });
    assert.equal(told.events[0].data.requirementGroup, null);
    assert.ok(!JSON.stringify(told).includes("rg_secret"));
  }));
