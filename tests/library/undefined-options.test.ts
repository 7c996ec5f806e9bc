/** An option or argument that is undefined is one that was left out. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openTelnyxCarrier } from "../../adapters/carrier/telnyx/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { createApp } from "../../adapters/runtimes/library/http.ts";
import { openLedger } from "../../adapters/runtimes/library/mod.ts";
import { OptionsSchema } from "../../adapters/runtimes/library/options.ts";
import * as given from "../../adapters/ledger/calls/number-calls.ts";
import { filters } from "../../adapters/ledger/arguments/search.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { exactly } from "../../adapters/validation/shapes.ts";
import { withDefaults } from "../../adapters/validation/optional.ts";
import type { Caller } from "../../adapters/ledger/api/mod.ts";
import type { Ids } from "../../core/ports/mod.ts";
import { eventsOf } from "../../core/log/pages.ts";
import * as v from "valibot";

const caller: Caller = {
  organization: "acme",
  actor: { kind: "user", tokenId: "tk_1", email: "ada@acme.example", name: "Ada" },
};

const PLAIN = {
  search: { country: "US", type: "local", areaCode: "415", limit: 2 },
  purchase: { e164: "+14155550123" },
  imported: { e164: "+4922812345678", via: { sipConnection: "sip_1" } },
  change: { label: "Front desk" },
  calling: { direction: "inbound" },
} as const;

const SCHEMAS = {
  search: filters.entries,
  purchase: given.purchase.entries,
  imported: given.imported.entries,
  change: given.change.entries,
  calling: given.calling.entries,
} as const;

/** The names that may be left out of an input, and are. */
const left = (name: keyof typeof SCHEMAS): readonly string[] =>
  Object.keys(SCHEMAS[name]).filter((member) => !(member in PLAIN[name]));

const asUndefined = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, undefined]));

/** Numbers ids one after the other, so that two ledgers give the same. */
const openIds = (): Ids => {
  let last = 0;
  return { next: (prefix) => `${prefix}_${++last}` };
};

type Undefined = { readonly [Input in keyof typeof SCHEMAS]: readonly string[] };

/** A value but for the salts in it, and the hashes, which are of salts too. */
const withoutSalts = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutSalts);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "salt" && name !== "hash")
      .map(([name, inner]) => [name, withoutSalts(inner)]),
  );
};

/** What a ledger answers and appends when these members are undefined. */
const story = async (missing: Undefined, options: readonly string[]) => {
  const log = openMemoryLog();
  const clock = openTestClock(Date.UTC(2026, 0, 31));
  const ledger = await openLedger({
    ...asUndefined(options),
    log,
    carrier: openSandboxCarrier({ orders: undefined, clock }),
    clock,
    ids: openIds(),
    runsAutomations: false,
  });
  const input = <Name extends keyof typeof SCHEMAS>(name: Name): (typeof PLAIN)[Name] => ({
    ...PLAIN[name],
    ...asUndefined(missing[name]),
  });
  await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
  await ledger.operator.installSipConnection("acme", {
    installation: "sip_1",
    providerName: "Twilio",
    trunk: "trunk_1",
    ready: true,
  });
  const once = { commandId: "order-1", onRepeated: undefined };
  const bought = await ledger.purchase(caller, input("purchase"), once);
  assert.ok(bought.ok, JSON.stringify(bought));
  const { id } = bought.value.number.holding;
  const answers = [
    await ledger.search(caller, input("search"), { mayGoOn: undefined }),
    bought,
    // The same command: it has the same fingerprint without what is undefined.
    await ledger.purchase(caller, PLAIN.purchase, { commandId: "order-1" }),
    await ledger.import(caller, input("imported"), { commandId: undefined }),
    await ledger.change(caller, id, input("change")),
    await ledger.setCalling(caller, "assistant_1", input("calling")),
    await ledger.numbers.list(caller, { asOf: undefined }),
    await ledger.numbers.history(caller, id, { after: undefined, limit: undefined }),
    await ledger.credits.entries(caller, { before: undefined, limit: undefined }),
    await ledger.operator.verifications({ status: undefined, after: undefined, limit: undefined }),
    await ledger.operator.heads({ after: undefined, limit: undefined }),
    await ledger.reconciliation.list({ before: undefined, limit: undefined }),
  ];
  const events = [];
  for await (const page of eventsOf(log, "acme")) events.push(...page);
  await ledger.close();
  return { answers, events };
};

const ALL: Undefined = {
  search: left("search"),
  purchase: left("purchase"),
  imported: left("imported"),
  change: left("change"),
  calling: left("calling"),
};

const NONE: Undefined = { search: [], purchase: [], imported: [], change: [], calling: [] };

/** Those that the story does not give itself. */
const OPTIONS = Object.keys(OptionsSchema.entries)
  .filter((name) => !["log", "carrier", "clock", "ids", "runsAutomations"].includes(name));

describe("what is undefined is as if it had been left out", () => {
  test("for any options of a ledger and any members of its calls' inputs", async () => {
    const plain = await story(NONE, []);
    assert.ok(plain.events.length >= 6, `${plain.events.length} events`);
    for (const answer of plain.answers) assert.ok(!("ok" in answer) || answer.ok);
    const some = fc.record({
      search: fc.subarray([...ALL.search]),
      purchase: fc.subarray([...ALL.purchase]),
      imported: fc.subarray([...ALL.imported]),
      change: fc.subarray([...ALL.change]),
      calling: fc.subarray([...ALL.calling]),
    });
    await fc.assert(
      fc.asyncProperty(some, fc.subarray(OPTIONS), async (missing, options) => {
        // Strict: a key with undefined is another answer, or another event, than none.
        assert.deepStrictEqual(withoutSalts(await story(missing, options)), withoutSalts(plain));
      }),
      { numRuns: 20, examples: [[ALL, OPTIONS]] },
    );
  });

  test("for the options of the HTTP application", async () => {
    await using ledger = await openLedger({
      log: openMemoryLog(),
      carrier: openSandboxCarrier({ clock: undefined, realClock: undefined }),
    });
    await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
    const user = { email: "ada@acme.example", name: "Ada", sandbox: false };
    const issued = await ledger.operator.issueToken("acme", user);
    assert.ok(issued.ok);
    const headers = { authorization: `Bearer ${issued.value.token}` };
    const limitOf = async (app: { fetch: (request: Request) => Response | Promise<Response> }) => {
      const answer = await app.fetch(new Request("http://localhost/v1/phone-numbers", { headers }));
      return [answer.status, ...[...answer.headers.keys()].filter((name) => /rate/i.test(name))];
    };
    const app = createApp({
      ledger,
      adminToken: null,
      serves: undefined,
      bodyMs: undefined,
      limiter: undefined,
      onError: undefined,
      telnyxPublicKey: undefined,
    });
    assert.deepEqual(await limitOf(app), await limitOf(createApp({ ledger, adminToken: null })));
    assert.ok((await limitOf(app)).length > 1);
  });

  test("for Telnyx's limits", () => {
    const limits = { concurrency: undefined, callMs: undefined };
    const { callsAtOnce } = openTelnyxCarrier({ apiKey: "KEY", limits, baseUrl: undefined });
    assert.equal(callsAtOnce, openTelnyxCarrier({ apiKey: "KEY" }).callsAtOnce);
    assert.ok((callsAtOnce ?? 0) >= 2);
  });

  test("for members of a schema, and of what has defaults", () => {
    const schema = exactly({ some: v.optional(v.string()), more: v.optional(v.string()) });
    assert.deepStrictEqual(v.parse(schema, { some: undefined, more: "" }), { more: "" });
    assert.deepStrictEqual(withDefaults({ some: 1, more: 2 }, { some: undefined, more: 3 }), {
      some: 1,
      more: 3,
    });
  });
});
