/** Opening a ledger as a program that embeds it does: with defaults, or refused with a path. */
import { money } from "../../core/values/money.ts";
import { NO_LIMITS } from "../../core/values/plan.ts";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { openMemoryLog } from "../../adapters/package/memory.ts";
import {
  type Caller,
  Closed,
  InvalidArgument,
  type LedgerOptions,
  openLedger,
} from "../../adapters/package/mod.ts";
import { openSandboxCarrier } from "../../adapters/package/sandbox.ts";
import { OptionsSchema } from "../../adapters/runtimes/library/options.ts";

const caller: Caller = { organization: "acme", actor: { kind: "operator" } };

const good = { log: openMemoryLog(), carrier: openSandboxCarrier() };
const GOLD = {
  name: "Gold",
  maxNumbers: 1,
  billing: "credits",
  verification: "none",
  limits: NO_LIMITS,
};

const WRONG: Readonly<Record<string, object>> = {
  "options.log": { ...good, log: { append: () => {} } },
  "options.carrier": { ...good, carrier: { ...good.carrier, quote: null } },
  "options.carrier.name": { ...good, carrier: { ...good.carrier, name: "Acme Inc" } },
  "options.carrier.settlingMs": { ...good, carrier: { ...good.carrier, settlingMs: -1 } },
  "options.carrier.suspend": { ...good, carrier: { ...good.carrier, suspend: true } },
  "options.sandbox": { ...good, sandbox: {} },
  "options.payments": { ...good, payments: { charge: () => {} } },
  "options.clock": { ...good, clock: Date },
  "options.ids": { ...good, ids: "ulid" },
  "options.plans": { ...good, plans: { Gold: { ...GOLD, name: "Silver" } } },
  "options.plans.Gold.billing": {
    ...good,
    plans: { Gold: { ...GOLD, billing: "gold" } },
  },
  "options.plans.Gold.price": { ...good, plans: { Gold: { ...GOLD, price: money(1e15) } } },
  "options.orphans.into": { ...good, orphans: { kind: "adopt" } },
  "options.waitMs": { ...good, waitMs: -1 },
  "options.recoveryMs": { ...good, recoveryMs: 0 },
  "options.report": { ...good, report: "console" },
  "options.caller": { ...good, caller },
};

describe("openLedger()", () => {
  test("needs no more than a log and a carrier", async () => {
    const before = Date.now();
    await using ledger = await openLedger({ log: openMemoryLog(), carrier: openSandboxCarrier() });
    await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
    const bought = await ledger.purchase(caller, { e164: "+14155550101" });
    assert.ok(bought.ok);
    const { status, lastChargedAt } = bought.value.number;
    assert.equal(status, "active");
    assert.ok(lastChargedAt !== null && lastChargedAt >= before && lastChargedAt <= Date.now());
    assert.equal(await ledger.operator.advanceClock(1), null);
  });

  test("gives a ledger that `await using` closes", async () => {
    const log = openMemoryLog();
    let held;
    {
      await using ledger = await openLedger({ log, carrier: openSandboxCarrier() });
      held = ledger;
      await held.ready();
    }
    await assert.rejects(held.numbers.list(caller), Closed);
  });

  for (const [path, options] of Object.entries(WRONG)) {
    test(`rejects with the path ${path}, and leaves the log open`, async () => {
      await assert.rejects(openLedger(options as LedgerOptions), (error) => {
        assert.ok(error instanceof InvalidArgument);
        assert.equal(error.path, path);
        assert.match(error.message.slice(path.length), /^ (?:must .|is required$|is not known$)/);
        return true;
      });
      assert.deepEqual(await good.log.heads("", 1), []);
    });
  }

  test("rejects a carrier that can suspend a number and not resume it", async () => {
    const carrier = openSandboxCarrier();
    for (const missing of ["suspend", "resume"]) {
      const options = { ...good, carrier: { ...carrier, [missing]: undefined } };
      await assert.rejects(openLedger(options as LedgerOptions), {
        name: "InvalidArgument",
        message: "options.carrier must have both suspend and resume, or neither",
      });
    }
    const { suspend: _suspend, resume: _resume, ...without } = carrier;
    const ledger = await openLedger({ log: openMemoryLog(), carrier: without });
    await ledger.close();
  });

  test("rejects a clock that does not return whole milliseconds", async () => {
    for (const time of [Date.now() + 0.5, Number.NaN, new Date(), "2026-01-31"]) {
      const options = { ...good, clock: { now: () => time } };
      await assert.rejects(openLedger(options as LedgerOptions), {
        name: "InvalidArgument",
        path: "options.clock",
        message: "options.clock must tell whole milliseconds since 1970",
      });
    }
  });

  test("takes what is undefined for left out", async () => {
    const options = { ...good, log: openMemoryLog(), clock: undefined, plans: undefined };
    await using ledger = await openLedger(options as unknown as LedgerOptions);
    await ledger.ready();
  });
});

describe("a ledger", () => {
  test("answers refusals without anything of Effect", async () => {
    await using ledger = await openLedger({ log: openMemoryLog(), carrier: openSandboxCarrier() });
    const unknown = await ledger.release(caller, "pn_0");
    const wrong = await ledger.release(caller, "");
    assert.ok(!unknown.ok && !wrong.ok);
    assert.deepEqual(Object.keys(unknown.error).toSorted(), ["code", "message"]);
    assert.deepEqual(Object.keys(wrong.error).toSorted(), ["code", "message", "path"]);
  });
});

describe("the package's README", () => {
  const readme = readFileSync(new URL("../../adapters/package/README.md", import.meta.url), "utf8");

  test("names every call of a ledger", async () => {
    const [, listed = ""] = /^These are a ledger's calls.*?\n\n(.+?)\n\n/ms.exec(readme) ?? [];
    const named = [...listed.matchAll(/^\| (.+?) \|/gm)]
      .flatMap(([, names = ""]) => [...names.matchAll(/`([\w.]+)`/g)].map(([, name]) => name));
    await using ledger = await openLedger({ ...good, log: openMemoryLog() });
    const calls = Object.entries(ledger).flatMap(([name, member]) =>
      typeof member === "function" ? [name] : Object.keys(member).map((call) => `${name}.${call}`)
    );
    assert.deepEqual(named.toSorted(), calls.toSorted());
  });

  test("names every option of openLedger", () => {
    const [, said = ""] = /^`openLedger` takes (.+?)\n\n/ms.exec(readme) ?? [];
    for (const name of Object.keys(OptionsSchema.entries)) {
      assert.ok(said.includes(`\`${name}\``), name);
    }
  });
});
