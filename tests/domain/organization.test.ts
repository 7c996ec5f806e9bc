import assert from "node:assert/strict";
import { test } from "node:test";
import { State } from "../../core/log/state.ts";
import { DEFAULT_PLANS, planOf, termsOf } from "../../core/organization/plans.ts";
import { self } from "../../core/organization/refusals.ts";
import { assistants, sipConnections, tokens } from "../../core/organization/state.ts";
import { money } from "../../core/values/money.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { at, given, instant, stateAfter } from "../harness/specification.ts";
import { openDomain } from "../harness/domain.ts";
import { credited, opened, planChanged, requested } from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const acme = at(NOON, opened("Growth", DEFAULT_PLANS));
const open = (name: string, plan: string) => ({ type: "OpenOrganization", name, plan }) as const;
const addCredits = (micros: number) => ({ type: "AddCredits", amount: money(micros) }) as const;

test("organization opens with nothing to its name", () => {
  const { state } = given().when(open("Acme", "Growth"), { at: NOON }).then([
    opened("Growth", DEFAULT_PLANS),
  ]);
  const growth = DEFAULT_PLANS["Growth"];
  assert.ok(growth !== undefined);
  assert.deepEqual(self(state), {
    name: "Acme",
    plan: "Growth",
    terms: termsOf(growth),
    closedAt: undefined,
    credits: money(0),
    creditedAt: instant(NOON),
    held: 0,
    everBought: 0,
    verification: { id: null, status: "missing", revoked: false },
    openedAt: instant(NOON),
    imported: 0,
    sandbox: { held: 0, everBought: 0, imported: 0 },
    tokens: 0,
  });
});

test("organization changes only what is new when it is opened again", () => {
  given(acme).when(open("Acme", "Growth"), { at: NOON }).then([]);
  const renamed = { type: "OrganizationRenamed", data: { name: "Acme Corp" } } as const;
  given(acme).when(open("Acme Corp", "Growth"), { at: NOON }).then([renamed]);
  given(acme).when(open("Acme Corp", "Scale"), { at: NOON }).then([
    renamed,
    planChanged("Scale", DEFAULT_PLANS),
  ]);
});

test("opening is refused for an id that looks like another, unless it was opened before the rule", () => {
  const domain = openDomain();
  const saying = { at: instant(NOON), actor: OPERATOR };
  const refused = domain.decide("\ufeffacme", open("Acme", "Growth"), saying);
  assert.equal(refused.ok ? "opened" : refused.error.code, "ORGANIZATION_ID_UNFIT");
  domain.record("\ufeffacme", [opened("Growth", DEFAULT_PLANS)], saying);
  const renamed = domain.decide("\ufeffacme", open("Acme Corp", "Growth"), saying);
  assert.deepEqual(renamed.ok && renamed.value, [
    { type: "OrganizationRenamed", data: { name: "Acme Corp" } },
  ]);
});

test("opening is refused when the plan is not in the catalogue", () => {
  given().when(open("Acme", "Gold"), { at: NOON }).then("PLAN_UNKNOWN");
  given(acme).when(open("Acme", "constructor"), { at: NOON }).then("PLAN_UNKNOWN");
});

test("plan that left the catalogue allows no numbers and asks for nothing", () => {
  const { limits, ...plan } = planOf({}, { plan: "Gold" });
  assert.deepEqual(plan, {
    name: "Gold",
    maxNumbers: 0,
    billing: "subscription",
    verification: "none",
    trialDays: 5,
    graceDays: 7,
    trialNoticeDays: 1,
    renewalNoticeDays: 3,
    graceNoticeDays: 1,
  });
  assert.equal(planOf({}).name, "");
  assert.deepEqual([limits.imports, limits.purchasesPerDay, limits.purchasesPer30Days], [0, 0, 0]);
});

test("credits add up", () => {
  const { state } = given(acme, at(NOON, credited(1)))
    .when(addCredits(3_500), { at: NOON })
    .then([{ type: "CreditsAdded", data: { amount: money(3_500) } }]);
  assert.deepEqual(self(state)?.credits, money(1_003_500));
});

test("credits are refused when they could no longer be counted exactly", () => {
  given(acme, at(NOON, credited(4_000_000_000)))
    .when(addCredits(4_000_000_000_000_000), { at: NOON })
    .then("CREDITS_EXCEEDED");
});

test("every command to an organization is refused when it was never opened", () => {
  const unknown = "ORGANIZATION_UNKNOWN";
  given().when(addCredits(1), { at: NOON }).then(unknown);
  given().when({ type: "NameAssistant", assistant: "a", name: "Ann" }, { at: NOON }).then(unknown);
  given().when({
    type: "InstallSipConnection",
    installation: "i",
    providerName: "Twilio",
    trunk: "t",
    ready: true,
  }, { at: NOON }).then(unknown);
  given().when({
    type: "IssueToken",
    token: "tk_1",
    hash: "00",
    email: "a@example.com",
    name: "A",
    sandbox: false,
  }, { at: NOON }).then(unknown);
});

test("assistant is named, renamed, and nothing when the name is known", () => {
  const name = (given: string) => ({ type: "NameAssistant", assistant: "a", name: given }) as const;
  const named = (given: string) =>
    ({ type: "AssistantNamed", data: { assistant: "a", name: given } }) as const;
  given(acme).when(name("Ann"), { at: NOON }).then([named("Ann")]);
  given(acme, at(NOON, named("Ann"))).when(name("Ann"), { at: NOON }).then([]);
  const { state } = given(acme, at(NOON, named("Ann"))).when(name("Bea"), { at: NOON })
    .then([named("Bea")]);
  assert.equal(state.get(assistants, "a")?.name, "Bea");
});

test("SIP connection is noted when it is new or has changed, and not otherwise", () => {
  const connection = { installation: "i", providerName: "Twilio", trunk: "t", ready: false };
  const install = { type: "InstallSipConnection", ...connection } as const;
  const installed = { type: "SipConnectionInstalled", data: connection } as const;
  given(acme).when(install, { at: NOON }).then([installed]);
  given(acme, at(NOON, installed)).when(install, { at: NOON }).then([]);
  const changes = [{ providerName: "Other" }, { trunk: "u" }, { ready: true }];
  for (const change of changes) {
    given(acme, at(NOON, installed)).when({ ...install, ...change }, { at: NOON })
      .then([{ ...installed, data: { ...connection, ...change } }]);
  }
  const state = stateAfter(
    at(NOON, opened(), { ...installed, data: { ...connection, ready: true } }),
  );
  assert.equal(state.get(sipConnections, "i")?.ready, true);
});

test("token is known by its hash until it is revoked", () => {
  const token = { token: "tk_1", hash: "00ff", email: "a@example.com", name: "A", sandbox: true };
  const issued = { type: "TokenIssued", data: token } as const;
  const revoked = { type: "TokenRevoked", data: { token: "tk_1" } } as const;
  const revoke = { type: "RevokeToken", token: "tk_1" } as const;
  const { state } = given(acme).when({ type: "IssueToken", ...token }, { at: NOON }).then([issued]);
  assert.equal(state.get(tokens, "tk_1")?.hash, "00ff");
  const after = given(acme, at(NOON, issued)).when(revoke, { at: NOON }).then([revoked]);
  assert.equal(after.state.get(tokens, "tk_1"), undefined);
  given(acme, at(NOON, issued, revoked)).when(revoke, { at: NOON }).then("TOKEN_UNKNOWN");
});

test("state refuses to be read beyond what a decision asked for", () => {
  const whole = stateAfter(acme);
  const narrow = State.of({ head: whole.head, rows: [], claims: [] }, {});
  assert.throws(() => self(narrow), /reads organization self without having asked for it/);
  assert.throws(() => narrow.all(tokens), /reads all of token without having asked for it/);
});

test("credits keep the time of their last change, and of nothing else", () => {
  const since = (...events: readonly ReturnType<typeof at>[]) =>
    self(stateAfter(acme, ...events))?.creditedAt;
  assert.equal(since(), instant(NOON));
  assert.equal(since(at("2026-02-01T12:00:00Z", credited(5))), instant("2026-02-01T12:00:00Z"));
  assert.equal(
    since(
      at("2026-02-01T12:00:00Z", credited(5)),
      at("2026-02-02T12:00:00Z", planChanged("Prepaid")),
      // Paid outside credits.
      at("2026-02-03T12:00:00Z", requested()),
    ),
    instant("2026-02-01T12:00:00Z"),
  );
  const paid = requested({ paidFrom: "credits", debited: money(2_000_000) });
  const bought = at("2026-02-03T12:00:00Z", paid);
  assert.equal(
    since(at("2026-02-01T12:00:00Z", credited(5)), bought),
    instant("2026-02-03T12:00:00Z"),
  );
});
