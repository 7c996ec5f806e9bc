/** Arguments that do not fit: each is refused with the path of its field, and nothing is done. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { type Caller, openLedger } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import { money } from "../../core/values/money.ts";
import { FIRST, WITHOUT } from "./first-arguments.ts";
import { InvalidArgument } from "../../adapters/validation/argument.ts";

const caller: Caller = {
  organization: "acme",
  actor: { kind: "user", tokenId: "tk_1", email: "alice@example.com", name: "Alice Johnson" },
};
const e164 = "+14155550123";
const filters = { country: "US", type: "local", areaCode: "415", limit: 3 };
const nobody = { name: null, title: null, email: null, phone: null };
const business = {
  legalName: null,
  displayName: null,
  entityType: null,
  country: null,
  registrationId: null,
  website: null,
  address: null,
  useCase: null,
  expectedUsage: null,
};
const content = {
  businessProfile: business,
  authorizedRepresentative: nobody,
  attestationAccepted: true,
};

const HOOK = "https://example.com/hook";

const circular: Record<string, unknown> = {};
circular["itself"] = circular;

type Wrong = {
  /** The call, as a path within the ledger. */
  readonly call: string;
  readonly values: readonly unknown[];
  readonly path: string;
};

const wrong = (call: string, path: string, ...values: readonly unknown[]): Wrong => ({
  call,
  values,
  path,
});

const WRONG: readonly Wrong[] = [
  wrong("search", "caller", undefined, filters),
  wrong("search", "caller.organization", { ...caller, organization: "" }, filters),
  wrong("search", "caller.actor.kind", { ...caller, actor: { kind: "root" } }, filters),
  wrong("search", "caller.actor", { ...caller, actor: { ...caller.actor, name: "\0" } }, filters),
  wrong("search", "caller.sandbox", { ...caller, sandbox: "yes" }, filters),
  wrong("search", "filters", caller),
  wrong("search", "filters.country", caller, { ...filters, country: "usa" }),
  wrong("search", "filters.country", caller, { ...filters, country: "UK" }),
  wrong("search", "filters.areaCode", caller, { ...filters, areaCode: 415 }),
  wrong("search", "filters.limit", caller, { ...filters, limit: 0 }),
  wrong("search", "filters.limit", caller, { ...filters, limit: 1.5 }),
  wrong("search", "filters.areacode", caller, { ...filters, areacode: "415" }),
  wrong("purchase", "input.e164", caller, { e164: "415 555 0123" }),
  wrong("purchase", "input.direction", caller, { e164, direction: "up" }),
  wrong("purchase", "input.label", caller, { e164, label: "half \ud800" }),
  wrong("purchase", "input.template", caller, { e164, template: circular }),
  wrong("purchase", "input.template", caller, { e164, template: { at: new Date(0) } }),
  wrong("purchase", "input.template", caller, { e164, template: [1] }),
  wrong("purchase", "options.commandId", caller, { e164 }, { commandId: "" }),
  wrong("purchase", "options.commandID", caller, { e164 }, { commandID: "buy-1" }),
  wrong("search", "options.nearby", caller, filters, { nearby: "yes" }),
  wrong("import", "options.commandId", caller, { e164, via: { sipTrunk: "b" } }, { commandId: "" }),
  wrong("import", "input.via", caller, { e164, via: { sipConnection: "a", sipTrunk: "b" } }),
  wrong("dryRun", "planned", caller),
  wrong("dryRun", "planned.call", caller, { call: "search", filters }),
  wrong("dryRun", "planned.input.e164", caller, { call: "purchase", input: { e164: "1" } }),
  wrong("dryRun", "planned.id", caller, { call: "release", id: "" }),
  wrong("dryRun", "planned.options", caller, { call: "release", id: "pn_1", options: {} }),
  wrong("route", "id", caller, 7, {}),
  wrong("route", "input.assistant", caller, "pn_1", { assistant: "" }),
  wrong("change", "id", caller, "", {}),
  wrong("change", "input.autoRenewal", caller, "pn_1", { autoRenewal: "on" }),
  wrong("assign", "assistant", caller, "", ["pn_1"]),
  wrong("setCalling", "assistant", caller, "", { direction: "both" }),
  wrong("setCalling", "input.direction", caller, "asst_1", { direction: "up" }),
  wrong("removeImport", "id", caller, ""),
  wrong("setAutoRenewal", "id", caller, "", true),
  wrong("assignSmsCampaign", "id", caller, "", null),
  wrong("assign", "ids", caller, "asst_1", "pn_1"),
  wrong("assign", "ids.1", caller, "asst_1", ["pn_1", null]),
  wrong("release", "id", caller),
  wrong("setAutoRenewal", "on", caller, "pn_1", "on"),
  wrong("assignSmsCampaign", "campaign.status", caller, "pn_1", {
    profile: null,
    campaign: null,
    status: "DONE",
  }),
  wrong("numbers.list", "options.asOf", caller, { asOf: "2026-01-31" }),
  wrong("numbers.list", "options.after.id", caller, { after: { createdAt: 1, id: "" } }),
  wrong("numbers.list", "options.filter.has.0", caller, { filter: { has: ["telex"] } }),
  wrong("numbers.page", "options.skip", caller, { limit: 1, skip: -1 }),
  wrong("numbers.page", "options.filter.search", caller, { limit: 1, filter: { search: 1 } }),
  wrong("numbers.get", "id", caller, null),
  wrong("numbers.history", "caller.organization", { ...caller, organization: 1 }, "pn_1"),
  wrong("releaseRequests.request", "input.reason", caller, { holding: "pn_1", reason: " " }),
  wrong("numbers.history", "id", caller, ""),
  wrong("numbers.history", "options.limit", caller, "pn_1", { limit: 0 }),
  wrong("releaseRequests.request", "options.commandId", caller, { holding: "pn_1", reason: "x" }, {
    commandId: "",
  }),
  wrong("releaseRequests.cancel", "id", caller, ""),
  wrong("releaseRequests.get", "id", caller, ""),
  wrong("releaseRequests.page", "list.limit", caller, { limit: 101 }),
  wrong("verification.draft", "content.businessProfile", caller, {
    ...content,
    businessProfile: 1,
  }),
  wrong("verification.draft", "content.businessProfile.website", caller, {
    ...content,
    businessProfile: { ...business, website: "x".repeat(10_001) },
  }),
  wrong("verification.draft", "content.authorizedRepresentative.email", caller, {
    ...content,
    authorizedRepresentative: { ...nobody, email: "alice@" },
  }),
  wrong("verification.submit", "content.attestationAccepted", caller, {
    ...content,
    attestationAccepted: false,
  }),
  wrong("webhooks.add", "input.url", caller, {}),
  wrong("webhooks.add", "input.url", caller, { url: "http://example.com/" }),
  wrong("webhooks.add", "input.types.0", caller, { url: HOOK, types: ["number.stolen"] }),
  wrong("webhooks.add", "input.description", caller, { url: HOOK, description: "\0" }),
  wrong("webhooks.add", "input.metadata", caller, { url: HOOK, metadata: { team: 1 } }),
  wrong("webhooks.add", "input.scheme", caller, { url: HOOK, scheme: "none" }),
  wrong("webhooks.add", "input.from", caller, { url: HOOK, from: -1 }),
  wrong("webhooks.add", "input.secret", caller, { url: HOOK, secret: "whsec_x" }),
  wrong("webhooks.add", "options.commandId", caller, { url: HOOK }, { commandId: "" }),
  wrong("webhooks.list", "caller.organization", { ...caller, organization: "" }),
  wrong("webhooks.get", "id", caller, ""),
  wrong("webhooks.change", "id", caller, "", {}),
  wrong("webhooks.change", "input.url", caller, "wh_1", { url: "https://a:b@example.com/" }),
  wrong("webhooks.change", "input.scheme", caller, "wh_1", { scheme: "hmac" }),
  wrong("webhooks.rotate", "options.overlapMs", caller, "wh_1", { overlapMs: 604_800_001 }),
  wrong("webhooks.disable", "id", caller, ""),
  wrong("webhooks.enable", "id", caller, ""),
  wrong("webhooks.remove", "id", caller, ""),
  wrong("reconciliation.run", "input.carrier", { carrier: "Acme Inc" }),
  wrong("reconciliation.list", "page.limit", { limit: 0 }),
  wrong("credits.entries", "page.before", caller, { before: 0 }),
  wrong("credits.entries", "page.limit", caller, { limit: 101 }),
  wrong("operator.open", "id", "", { name: "Acme", plan: "Growth" }),
  wrong("operator.open", "input.name", "other", { name: " ", plan: "Growth" }),
  wrong("operator.close", "organization", ""),
  wrong("operator.issueToken", "input.email", "other", {
    email: "alice",
    name: "A",
    sandbox: false,
  }),
  wrong("operator.addCredits", "input.amount.micros", "acme", {
    amount: { micros: -1, currency: "USD" },
  }),
  wrong("operator.issueToken", "organization", "", { email: "a@b.example", name: "A" }),
  wrong("operator.addCredits", "organization", "", { amount: money(1) }),
  wrong("operator.addCredits", "options.commandId", "acme", { amount: money(1) }, {
    commandId: "",
  }),
  wrong("operator.nameAssistant", "input.assistant", "acme", { assistant: "", name: "Ann" }),
  wrong("operator.installSipConnection", "input.trunk", "acme", {
    installation: "sip_1",
    providerName: "Trunkline",
    ready: true,
  }),
  wrong("operator.registerConnection", "input.label", "acme", { connection: "14", label: "" }),
  wrong("operator.removeConnection", "connection", "acme", ""),
  wrong("operator.setRequirementGroup", "input.group", "acme", { country: "US", type: "local" }),
  wrong("operator.holders", "e164", "415"),
  wrong("operator.holders", "options.at", "+14155550101", { at: 0.5 }),
  wrong("operator.heads", "page.limit", { limit: 0 }),
  wrong("operator.organizations", "page.limit", { limit: 0 }),
  wrong("operator.tokens", "organization", ""),
  wrong("operator.numbers", "list.status", { status: "released" }),
  wrong("operator.history", "options.after", "pn_1", { after: -1 }),
  wrong("operator.work", "list.state", { state: "done" }),
  wrong("operator.runWork", "item.kind", { organization: null, kind: "", id: "pn_1" }),
  wrong("operator.release", "number", ""),
  wrong("operator.verifications", "list.limit", { limit: 0 }),
  wrong("operator.releaseRequests", "list.limit", { limit: 0 }),
  wrong("operator.review", "review.reason", "vs_1", { kind: "reject" }),
  wrong("operator.resolveReleaseRequest", "resolution.kind", "rr_1", { kind: "maybe" }),
  wrong("operator.advanceClock", "milliseconds", -1),
  wrong("authenticate", "token", 5),
];

type Call = (...values: readonly unknown[]) => unknown;

/** Every call of an object and the objects within it, by its path. */
const callsOf = (owner: object, within = ""): ReadonlyMap<string, Call> =>
  new Map(
    Object.entries(owner).flatMap(([name, member]) =>
      typeof member === "function"
        ? [[`${within}${name}`, member as Call] as const]
        : [...callsOf(member, `${within}${name}.`)]
    ),
  );

/** The refusal, whether it is answered or thrown. */
const refusalOf = async (call: Call | undefined, values: readonly unknown[]): Promise<unknown> => {
  assert.ok(call);
  try {
    const answer = await call(...values) as { readonly error?: unknown };
    return answer?.error;
  } catch (error) {
    assert.ok(error instanceof InvalidArgument, String(error));
    const { code, path, message } = error;
    return { code, path, message };
  }
};

type Refused = { readonly code: string; readonly path: string };

describe("an argument that does not fit", () => {
  const log = openMemoryLog();
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const ledger = openLedger({
    log,
    carrier: openSandboxCarrier({ orders: openMemoryOrderBook(), clock }),
    payments: includedPayments,
    clock,
    setClock: clock.set,
    ids: openIds(clock),
    runsAutomations: false,
  });

  before(async () => {
    await ledger.operator.open("acme", { name: "Acme Inc", plan: "Growth" });
  });
  after(() => ledger.close());

  for (const { call, values, path } of WRONG) {
    test(`${call}() names ${path}`, async () => {
      const heads = await log.heads("", 10);
      const refusal = await refusalOf(callsOf(ledger).get(call), values);
      const { message } = refusal as { message: string };
      assert.deepEqual(refusal, { code: "INVALID_ARGUMENT", path, message });
      assert.match(message, /^\S+ (must|is) /);
      assert.ok(message.startsWith(`${path} `), message);
      assert.deepEqual(await log.heads("", 10), heads);
    });
  }

  test("is looked for by every call that takes any", async () => {
    const calls = [...callsOf(ledger)].filter(([path]) => !WITHOUT.includes(path));
    assert.ok(calls.length > 30);
    for (const [path, call] of calls) {
      const { code, path: name } = await refusalOf(call, [Symbol("anything")]) as Refused;
      assert.deepEqual([code, name], ["INVALID_ARGUMENT", FIRST[path] ?? "caller"], path);
    }
  });

  test("is refused with what it must be", async () => {
    const wrongs = [
      ["purchase", [caller, {}], "input.e164 is required"],
      ["purchase", [caller, 7], "input must be an object"],
      ["purchase", [caller], "input is required"],
      ["follow", ["acme", { signal: 5 }], "options.signal must be an AbortSignal"],
      [
        "operator.review",
        ["vs_1", { kind: "maybe" }],
        'review.kind must be "approve" or "reject" or "revoke"',
      ],
    ] as const;
    for (const [call, values, said] of wrongs) {
      const refusal = await refusalOf(callsOf(ledger).get(call), values);
      assert.equal((refusal as { readonly message: string }).message, said);
    }
  });

  test("is not what may be left out, or is undefined", async () => {
    const found = await callsOf(ledger).get("search")?.(caller, {
      ...filters,
      locality: undefined,
    });
    assert.ok((found as { readonly ok: boolean }).ok);
    assert.deepEqual(await ledger.numbers.list({ ...caller, sandbox: undefined }, undefined), []);
  });
});
