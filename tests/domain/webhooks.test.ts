/** The endpoints of webhooks: what their owners do to them, and who sees them. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ONE_WORLD } from "../../core/log/decision.ts";
import { State } from "../../core/log/state.ts";
import { organizations } from "../../core/organization/state.ts";
import { rowsOf } from "../../core/registry/replay.ts";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import { RECONCILIATIONS } from "../../core/reconciliation/state.ts";
import { type Command, decide, needsOf } from "../../core/registry/commands.ts";
import { HOUR_MS } from "../../core/values/calendar.ts";
import type { Scope } from "../../core/values/claim-key.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import {
  type AddWebhook,
  isOwnWebhook,
  MAX_WEBHOOKS,
  type RotateWebhook,
} from "../../core/webhooks/decisions.ts";
import { type WebhookEndpoint, webhookEndpoints } from "../../core/webhooks/state.ts";
import { openDomain } from "../harness/domain.ts";
import { ALICE, at, given, instant, stateAfter } from "../harness/specification.ts";
import { opened } from "../harness/story/mod.ts";
import { sentence } from "./refused.ts";

const NOON = "2026-01-31T12:00:00Z";
const NOW = instant(NOON);

const TERMS = {
  url: "https://example.com/hook",
  types: ["number.purchased"],
  description: "Sales",
  metadata: { team: "sales" },
};

const add = (over: Partial<AddWebhook> = {}): AddWebhook => ({
  type: "AddWebhook",
  webhook: "wh_1",
  ...TERMS,
  scheme: "hmac",
  world: "live",
  from: null,
  ...over,
});

const added = (over: Partial<WebhookEndpoint> & { readonly webhook?: string } = {}) => ({
  type: "WebhookAdded",
  data: { webhook: "wh_1", ...TERMS, scheme: "hmac", world: "live", from: 0, ...over },
} satisfies DomainEvent);

const rotate = (generation: number, overlapMs = HOUR_MS): RotateWebhook => ({
  type: "RotateWebhook",
  webhook: "wh_1",
  generation,
  overlapMs,
});

const disable = { type: "DisableWebhook", webhook: "wh_1", why: "byOwner" } as const;
const enable = { type: "EnableWebhook", webhook: "wh_1" } as const;
const remove = { type: "RemoveWebhook", webhook: "wh_1" } as const;
const change = (terms: object): Command => ({ type: "ChangeWebhook", webhook: "wh_1", ...terms });

/** An organization without endpoints, whose log has so many events. */
const stateAt = (position: number): State => {
  const { kind, key, data } = rowsOf(stateAfter(at(NOON, opened())))
    .find((row) => row.kind === organizations.kind) ?? assert.fail();
  const needs = needsOf(add(), NOW);
  const rows = [{ kind, key, data, work: null }];
  return State.of({ head: { position, hash: "h" }, rows, claims: [] }, needs);
};

const CONTEXT = {
  organization: "acme",
  now: NOW,
  actor: ALICE,
  plans: DEFAULT_PLANS,
  ...ONE_WORLD,
};

const past = at(NOON, opened(), added());

const endpointAfter = (...events: readonly DomainEvent[]): WebhookEndpoint | undefined =>
  stateAfter(at(NOON, opened(), ...events)).get(webhookEndpoints, "wh_1");

describe("a webhook endpoint", () => {
  test("begins with what happens next, or behind a position that its log has", () => {
    for (const [asked, from] of [[null, 7], [0, 0], [6, 6], [7, 7], [8, 7], [1_000, 7]] as const) {
      const outcome = decide(stateAt(7), add({ from: asked }), CONTEXT);
      assert.deepEqual(outcome.ok && outcome.value, [added({ from })]);
    }
  });

  test("is one row, with its first secret, and gets what it is sent", () => {
    assert.deepEqual(endpointAfter(added()), {
      id: "wh_1",
      ...TERMS,
      scheme: "hmac",
      world: "live",
      from: 0,
      addedAt: NOW,
      generation: 1,
      oldUntil: null,
      disabled: null,
    });
  });

  test("is changed in what is given and differs, and in nothing else", () => {
    given(past).when(change({})).then([]);
    given(past).when(change(TERMS)).then([]);
    given(past).when(change({ ...TERMS, url: undefined, types: [] })).then([
      { type: "WebhookChanged", data: { webhook: "wh_1", types: [] } },
    ]);
    const data = { webhook: "wh_1", url: "https://example.net/", metadata: {} };
    given(past).when(change({ url: data.url, metadata: {} })).then([
      { type: "WebhookChanged", data },
    ]);
    const row = endpointAfter(added(), { type: "WebhookChanged", data });
    assert.deepEqual(
      [row?.url, row?.metadata, row?.types, row?.description, row?.id],
      [data.url, {}, TERMS.types, TERMS.description, "wh_1"],
    );
    assert.ok(row !== undefined && !("webhook" in row));
  });

  test("has the next secret sign, and the one before it until a time", () => {
    const data = { webhook: "wh_1", generation: 2, oldUntil: NOW + HOUR_MS };
    given(past).when(rotate(2)).then([{ type: "WebhookRotated", data }])
      .when(rotate(2)).then([])
      .when(rotate(3, 0)).then([
        { type: "WebhookRotated", data: { ...data, generation: 3, oldUntil: NOW } },
      ]);
    for (const generation of [0, 1, 3]) given(past).when(rotate(generation)).then([]);
    const row = endpointAfter(added(), { type: "WebhookRotated", data });
    assert.deepEqual([row?.generation, row?.oldUntil], [2, NOW + HOUR_MS]);
  });
});

describe("a webhook endpoint that is ended", () => {
  test("is disabled for the first reason, until it is enabled", () => {
    const disabled = { type: "WebhookDisabled", data: { webhook: "wh_1", why: "gone" } } as const;
    given(past).when(enable).then([])
      .when({ ...disable, why: "gone" }).then([disabled])
      .when(disable).then([])
      .when(enable).then([{ type: "WebhookEnabled", data: { webhook: "wh_1" } }])
      .when(disable).then([{ ...disabled, data: { ...disabled.data, why: "byOwner" } }]);
    assert.deepEqual(endpointAfter(added(), disabled)?.disabled, { why: "gone", at: NOW });
    const enabled = { type: "WebhookEnabled", data: { webhook: "wh_1" } } as const;
    assert.equal(endpointAfter(added(), disabled, enabled)?.disabled, null);
  });

  test("is unknown once it is removed", () => {
    const removed = { type: "WebhookRemoved", data: { webhook: "wh_1" } } as const;
    given(past).when(remove).then([removed]);
    assert.equal(endpointAfter(added(), removed), undefined);
    for (const command of [change({}), rotate(2), disable, enable, remove]) {
      given(past, removed).when(command).then("WEBHOOK_UNKNOWN");
      given(at(NOON, opened())).when(command).then("WEBHOOK_UNKNOWN");
    }
  });
});

describe("an organization", () => {
  test("has 20 endpoints at most, and another once one is removed", () => {
    const all = Array.from({ length: MAX_WEBHOOKS }, (_, nth) => added({ webhook: `wh_${nth}` }));
    const next = add({ webhook: "wh_new" });
    const before = at(NOON, opened(), ...all);
    given(before).when(next).then("WEBHOOK_LIMIT_REACHED").when(add()).then([]);
    given(before, { type: "WebhookRemoved", data: { webhook: "wh_7" } })
      .when(next).then([added({ webhook: "wh_new" })]);
    assert.equal(
      sentence([opened(), ...all], next),
      "There are at most 20 webhooks; remove one that is not used.",
    );
  });

  test("that was never opened adds no endpoint, and changes none of another organization", () => {
    given().when(add()).then("ORGANIZATION_UNKNOWN");
    assert.equal(
      sentence([opened()], remove, { elsewhere: [opened(), added()] }),
      "No webhook has this id; it may have been removed.",
    );
  });

  test("sees by a token of the sandbox the sandbox's endpoints alone", () => {
    const seen = (world: Scope) =>
      (["live", "sandbox", "all"] as const).filter((scope) =>
        isOwnWebhook(scope, { world } as WebhookEndpoint)
      );
    assert.deepEqual(seen("live"), ["live", "all"]);
    assert.deepEqual(seen("sandbox"), ["sandbox", "all"]);
    assert.deepEqual(seen("all"), ["live", "all"]);
    for (const command of [change({ url: "https://evil.example/" }), rotate(2), disable, remove]) {
      given(past).when(command, { scope: "sandbox" }).then("WEBHOOK_UNKNOWN");
    }
  });
});

test("the operator's endpoints begin with every event, or with what happens from now on", () => {
  const give = (from: number | null, actor = OPERATOR) => {
    const domain = openDomain(DEFAULT_PLANS);
    const saying = { at: NOW, actor, scope: "all" } as const;
    const decision = domain.give(RECONCILIATIONS, add({ world: "all", from }), saying);
    return decision.ok ? decision.value : decision.error.code;
  };
  assert.deepEqual(give(0), [added({ world: "all", from: 0 })]);
  assert.equal(give(0, ALICE), "ORGANIZATION_UNKNOWN");
  for (const from of [null, 1, 7]) {
    assert.deepEqual(give(from), [added({ world: "all", from: null })]);
  }
});

test("whatever is done to it, an endpoint is what was last said, and its generations only go up", () => {
  const step = fc.oneof(
    fc.record({ url: fc.constantFrom("https://a.example/", "https://b.example/") })
      .map(change),
    fc.nat(4).map((generation) => rotate(generation)),
    fc.constantFrom<Command>(disable, { ...disable, why: "gone" }, enable),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
    const domain = openDomain(DEFAULT_PLANS);
    const saying = { at: NOW, actor: ALICE, scope: "all" } as const;
    domain.record("acme", [opened(), added()], saying);
    const row = () => domain.book("acme").state.get(webhookEndpoints, "wh_1") ?? assert.fail();
    for (const command of steps) {
      const before = row();
      assert.ok(domain.give("acme", command, saying).ok);
      const after = row();
      const rose = command.type === "RotateWebhook" && command.generation === before.generation + 1;
      assert.equal(after.generation, before.generation + (rose ? 1 : 0));
      if (command.type === "ChangeWebhook") assert.equal(after.url, command.url);
      if (command.type === "EnableWebhook") assert.equal(after.disabled, null);
      if (command.type === "DisableWebhook") {
        assert.equal(after.disabled?.why, before.disabled?.why ?? command.why);
      }
    }
  }));
});
