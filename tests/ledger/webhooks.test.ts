/** Endpoints of webhooks as programs call for them: their secrets, repeats, and whose they are. */
import assert from "node:assert/strict";
import { describe, test, type TestContext } from "node:test";
import { type Caller, type LedgerOptions, openLedger } from "../../adapters/ledger/mod.ts";
import { bytesOfBase64 } from "../../adapters/hash/base64.ts";
import { rebuildAll } from "../../adapters/ledger/rebuild/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { keyPairOf, secretOf } from "../../adapters/signatures/derived.ts";
import { isPublicKey } from "../../adapters/signatures/ed25519.ts";
import { isSecret } from "../../adapters/signatures/secret.ts";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import { RECONCILIATIONS } from "../../core/reconciliation/state.ts";
import { DAY_MS, HOUR_MS } from "../../core/values/calendar.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { failed, type Result } from "../../core/values/result.ts";

const START = Date.parse("2026-01-31T10:00:00Z");
const URL_1 = "https://example.com/hook";
const operator: Caller = { organization: RECONCILIATIONS, actor: OPERATOR };

const userOf = (organization: string): Caller => ({
  organization,
  actor: { kind: "user", tokenId: `tk_${organization}`, email: "a@b.example", name: "Alice" },
});
const alice = userOf("acme");

const valueOf = <Value>(result: Result<Value, { readonly code: string }>): Value =>
  result.ok ? result.value : assert.fail(result.error.code);

const codeOf = (result: Result<unknown, { readonly code: string }>): string =>
  result.ok ? "ok" : result.error.code;

/** A ledger whose own carrier is another than the sandbox, beside which there is the sandbox. */
const open = async (context: TestContext, more: Partial<LedgerOptions> = {}) => {
  const clock = openTestClock(START);
  const log = openMemoryLog();
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const ledger = openLedger({
    log,
    carrier: { ...sandbox, name: "live" },
    sandbox,
    payments: includedPayments,
    clock,
    ids: openIds(clock),
    runsAutomations: false,
    ...more,
  });
  context.after(() => ledger.close());
  for (const organization of ["acme", "other"]) {
    valueOf(await ledger.operator.open(organization, { name: organization, plan: "Growth" }));
  }
  return { ledger, log, clock };
};

describe("an endpoint that is added", () => {
  test("has what was said, a secret that follows from the log's key, and no more", async (context) => {
    const { ledger, log } = await open(context);
    const metadata = JSON.parse('{"team":"sales","constructor":"x"}');
    const input = {
      url: URL_1,
      types: ["number.released", "number.purchased", "number.released"],
      description: "Sales – Köln ☎",
      metadata,
    } as const;
    const { webhook, secret, publicKey } = valueOf(await ledger.webhooks.add(alice, input));
    assert.match(webhook.id, /^wh_/);
    assert.deepEqual(webhook, {
      ...input,
      id: webhook.id,
      types: ["number.released", "number.purchased"],
      scheme: "hmac",
      world: "live",
      from: 1,
      addedAt: START,
      generation: 1,
      oldUntil: null,
      disabled: null,
    });
    const key = bytesOfBase64(await log.deliveries?.key() ?? "");
    assert.ok(isSecret(secret ?? ""));
    assert.deepEqual([secret, publicKey], [await secretOf(key, webhook.id, 1), null]);
    assert.deepEqual(await ledger.webhooks.get(alice, webhook.id), webhook);
    assert.deepEqual(await ledger.webhooks.list(alice), [webhook]);
    // The secret is in no event and in no row.
    const events = JSON.stringify(await log.events("acme", 0, 100));
    assert.ok(events.includes(webhook.id) && !events.includes("whsec_"));
    await rebuildAll(log);
    assert.deepEqual(await ledger.webhooks.list(alice), [webhook]);
  });

  test("is signed for by a key pair where that is wanted, of which only the public half is shown", async (context) => {
    const key = btoa("k".repeat(32));
    const { ledger } = await open(context, { webhooks: { key } });
    const added = await ledger.webhooks.add(alice, { url: URL_1, scheme: "ed25519" });
    const { webhook, secret, publicKey } = valueOf(added);
    const pair = await keyPairOf(bytesOfBase64(key), webhook.id, 1);
    assert.ok(isPublicKey(publicKey ?? ""));
    assert.deepEqual([secret, publicKey], [null, pair.publicKey]);
  });
});

describe("endpoints that are added", () => {
  test("begin where they are to, and are all there is of 20", async (context) => {
    const { ledger } = await open(context);
    const froms = [0, 1, 5_000, undefined];
    for (const from of froms) valueOf(await ledger.webhooks.add(alice, { url: URL_1, from }));
    const all = await ledger.webhooks.list(alice);
    assert.deepEqual(all.map(({ from }) => from), [0, 1, 3, 4]);
    for (let count = all.length; count < 20; count += 1) {
      valueOf(await ledger.webhooks.add(alice, { url: URL_1 }));
    }
    const beyond = await Promise.all(
      [1, 2, 3].map(() => ledger.webhooks.add(alice, { url: URL_1 })),
    );
    assert.deepEqual(beyond.map(codeOf), Array(3).fill("WEBHOOK_LIMIT_REACHED"));
    const [first] = all;
    valueOf(await ledger.webhooks.remove(alice, first?.id ?? ""));
    const raced = await Promise.all(
      [1, 2, 3].map(() => ledger.webhooks.add(alice, { url: URL_1 })),
    );
    assert.deepEqual(raced.map(codeOf).toSorted(), [
      "WEBHOOK_LIMIT_REACHED",
      "WEBHOOK_LIMIT_REACHED",
      "ok",
    ]);
    assert.equal(
      codeOf(await ledger.webhooks.add(userOf("nobody"), { url: URL_1 })),
      "ORGANIZATION_UNKNOWN",
    );
  });

  test("is one under a command id, and its secret is shown once", async (context) => {
    const { ledger } = await open(context);
    const options = { commandId: "hook-1" };
    const first = valueOf(await ledger.webhooks.add(alice, { url: URL_1 }, options));
    const again = valueOf(await ledger.webhooks.add(alice, { url: URL_1 }, options));
    assert.deepEqual(again, { webhook: first.webhook, secret: null, publicKey: null });
    const other = await ledger.webhooks.add(alice, { url: `${URL_1}/2` }, options);
    assert.equal(codeOf(other), "COMMAND_ID_REUSED");
    assert.equal((await ledger.webhooks.list(alice)).length, 1);
    valueOf(await ledger.webhooks.remove(alice, first.webhook.id));
    const late = valueOf(await ledger.webhooks.add(alice, { url: URL_1 }, options));
    assert.deepEqual(late, again);
    assert.deepEqual(await ledger.webhooks.list(alice), []);
  });
});

describe("an endpoint", () => {
  test("is given its next secret, while the one before signs for a day or as long as is said", async (context) => {
    const key = btoa("k".repeat(32));
    const { ledger, clock } = await open(context, { webhooks: { key } });
    const { webhook: { id } } = valueOf(await ledger.webhooks.add(alice, { url: URL_1 }));
    const options = { commandId: "rotate-1" };
    const second = valueOf(await ledger.webhooks.rotate(alice, id, options));
    assert.equal(second.secret, await secretOf(bytesOfBase64(key), id, 2));
    assert.deepEqual(
      [second.webhook.generation, second.webhook.oldUntil],
      [2, clock.now() + DAY_MS],
    );
    const again = valueOf(await ledger.webhooks.rotate(alice, id, options));
    assert.deepEqual(again, { webhook: second.webhook, secret: null, publicKey: null });
    const longer = await ledger.webhooks.rotate(alice, id, { ...options, overlapMs: 2 * DAY_MS });
    assert.equal(codeOf(longer), "COMMAND_ID_REUSED");
    const third = valueOf(await ledger.webhooks.rotate(alice, id, { overlapMs: HOUR_MS }));
    assert.deepEqual(
      [third.webhook.generation, third.webhook.oldUntil],
      [3, clock.now() + HOUR_MS],
    );
    assert.notEqual(third.secret, second.secret);
    const raced = await Promise.all([1, 2].map(() => ledger.webhooks.rotate(alice, id)));
    for (const one of raced) {
      const { webhook, secret } = valueOf(one);
      assert.equal(secret, await secretOf(bytesOfBase64(key), id, webhook.generation));
    }
  });

  test("is changed, disabled, enabled and removed, each once", async (context) => {
    const { ledger, log } = await open(context);
    const { webhook } = valueOf(await ledger.webhooks.add(alice, { url: URL_1 }));
    const { id } = webhook;
    const heads = async () => (await log.heads("", 10)).map(({ head }) => head.position);
    const changed = valueOf(await ledger.webhooks.change(alice, id, { types: ["credits.added"] }));
    assert.deepEqual(changed, { ...webhook, types: ["credits.added"] });
    const before = await heads();
    assert.deepEqual(valueOf(await ledger.webhooks.change(alice, id, {})), changed);
    assert.deepEqual(valueOf(await ledger.webhooks.enable(alice, id)), changed);
    assert.deepEqual(await heads(), before);
    const disabled = valueOf(await ledger.webhooks.disable(alice, id));
    assert.deepEqual(disabled.disabled, { why: "byOwner", at: START });
    assert.deepEqual(valueOf(await ledger.webhooks.disable(alice, id)), disabled);
    assert.deepEqual(valueOf(await ledger.webhooks.enable(alice, id)), changed);
    const progress = {
      endpoint: id,
      organization: "acme",
      position: 1,
      hash: "",
      pending: [],
      blockedUntil: null,
      failures: 0,
      version: 0,
    };
    await log.deliveries?.record([{ progress, attempts: [] }]);
    assert.equal(valueOf(await ledger.webhooks.remove(alice, id)), null);
    assert.deepEqual(await log.deliveries?.load([progress]), []);
    const { change, disable, enable, get, remove, rotate } = ledger.webhooks;
    const answers = [
      await change(alice, id, {}),
      await disable(alice, id),
      await enable(alice, id),
      await remove(alice, id),
      await rotate(alice, id),
    ];
    assert.deepEqual(answers.map(codeOf), Array(5).fill("WEBHOOK_UNKNOWN"));
    assert.equal(await get(alice, id), null);
  });
});

describe("endpoints", () => {
  test("are seen by the callers of their organization and world alone", async (context) => {
    const { ledger } = await open(context);
    const trying = { ...alice, sandbox: true };
    const added = async (caller: Caller) =>
      valueOf(await ledger.webhooks.add(caller, { url: URL_1 })).webhook;
    const [live, sandbox, own] = [await added(alice), await added(trying), await added(operator)];
    assert.deepEqual([live.world, sandbox.world, own.world], ["live", "sandbox", "all"]);
    assert.deepEqual([live.from, sandbox.from, own.from], [1, 2, null]);
    const managing = { organization: "acme", actor: OPERATOR };
    assert.deepEqual(await ledger.webhooks.list(alice), [live]);
    assert.deepEqual(await ledger.webhooks.list(trying), [sandbox]);
    assert.deepEqual(await ledger.webhooks.list(managing), [live, sandbox]);
    assert.equal((await added({ ...managing, organization: "other" })).world, "live");
    assert.deepEqual(await ledger.webhooks.list(operator), [own]);
    assert.equal((await ledger.webhooks.list(userOf("other"))).length, 1);
    const url = "https://evil.example/";
    for (
      const [caller, id] of [[trying, live.id], [userOf("other"), live.id], [
        alice,
        sandbox.id,
      ]] as const
    ) {
      const { change, disable, get, remove, rotate } = ledger.webhooks;
      const answers = [
        await change(caller, id, { url }),
        await disable(caller, id),
        await remove(caller, id),
        await rotate(caller, id),
      ];
      assert.deepEqual(answers.map(codeOf), Array(4).fill("WEBHOOK_UNKNOWN"));
      assert.equal(await get(caller, id), null);
    }
    assert.deepEqual(await ledger.webhooks.list(managing), [live, sandbox]);
  });

  test("of the operator are not those of a user who names their log", async (context) => {
    const { ledger } = await open(context);
    const user = userOf(RECONCILIATIONS);
    assert.equal(codeOf(await ledger.webhooks.add(user, { url: URL_1 })), "ORGANIZATION_UNKNOWN");
  });
});

describe("endpoints of a ledger", () => {
  test("need a key, which the log keeps or the ledger is opened with", async (context) => {
    const { deliveries: _, ...log } = openMemoryLog();
    const without = await open(context, { log });
    const refused = await without.ledger.webhooks.add(alice, { url: URL_1 });
    assert.deepEqual(
      refused,
      failed({
        code: "WEBHOOKS_NOT_SUPPORTED",
        message:
          "The ledger has no key for the secrets of webhooks; the operator must give it one.",
      }),
    );
    const key = btoa("k".repeat(32));
    const { deliveries: _none, ...other } = openMemoryLog();
    const { ledger } = await open(context, { log: other, webhooks: { key } });
    const { webhook } = valueOf(await ledger.webhooks.add(alice, { url: URL_1 }));
    assert.deepEqual(
      [webhook.types, webhook.description, webhook.metadata, webhook.scheme],
      [[], "", {}, "hmac"],
    );
    assert.equal(valueOf(await ledger.webhooks.remove(alice, webhook.id)), null);
  });

  test("have the URLs that the ledger allows", async (context) => {
    const urlFault = (url: string) => url.startsWith("http://localhost") ? null : "must be local";
    const { ledger } = await open(context, { webhooks: { urlFault } });
    valueOf(await ledger.webhooks.add(alice, { url: "http://localhost:7/" }));
    assert.deepEqual(
      await ledger.webhooks.add(alice, { url: URL_1 }),
      failed({ code: "INVALID_ARGUMENT", path: "input.url", message: "input.url must be local" }),
    );
  });
});
