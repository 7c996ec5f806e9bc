/** What the ledger reports of a log that throws, cannot be read, or lost what was written. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { Unavailable } from "../../core/log/unavailable.ts";
import type { Carrier, CarrierError, EventLog } from "../../core/ports/mod.ts";
import { DAY_MS, HOUR_MS } from "../../core/values/calendar.ts";
import { messageOf } from "../../core/values/error-message.ts";
import { failed, ok } from "../../core/values/result.ts";
import { SIP } from "../support/app.ts";
import { until } from "../support/eventually.ts";
import { E164, openSandboxLedger } from "../support/sandbox-ledger.ts";

const open = async (
  carrier: Partial<Carrier> = {},
  options: Parameters<typeof openSandboxLedger>[1] = {},
) => {
  const opened = await openSandboxLedger(carrier, { waitMs: 30, ...options });
  after(() => opened.app.close());
  return opened;
};

const failing = (kind: CarrierError["kind"]) => () =>
  Promise.resolve(failed<CarrierError>({ kind, message: "no" }));

const storm = () => Promise.reject(new Error("a storm"));

/** A log whose appends to these organizations throw while it storms. */
const openStormy = (hits: (organization: string) => boolean = () => true) => {
  const log = openMemoryLog();
  const weather = { isStormy: false };
  const append: EventLog["append"] = (input) =>
    weather.isStormy && hits(input.organization) ? storm() : log.append(input);
  return { log: { ...log, append }, weather };
};

describe("a log that throws is reported", () => {
  test("with the automation and the row that it was at, which stays on its list", async () => {
    const { log, weather } = openStormy();
    const { clock, ledger, buy, reports } = await open({}, { log });
    const id = await buy();
    clock.set(clock.now() + 31 * DAY_MS);
    weather.isStormy = true;
    assert.equal(await ledger.work.run(), 0);
    const once = ["scheduling: a storm", `renewals of ${id}: a storm`];
    assert.deepEqual([...new Set(reports)], once);
    weather.isStormy = false;
    reports.length = 0;
    assert.equal(await ledger.work.run(), 1);
    assert.deepEqual(reports, []);
  });

  test("with the number that a reconciliation was at, which goes on with the others", async () => {
    const { log, weather } = openStormy((organization) => organization === "acme");
    let isAway = false;
    const { clock, ledger, buy, reports } = await open({
      order: failing("unknown"),
      findOrder: () =>
        Promise.resolve(
          isAway
            ? failed<CarrierError>({ kind: "unknown", message: "no" })
            : ok({ status: "confirmed", carrierId: "c1" } as const),
        ),
    }, { log, waitMs: 0 });
    isAway = true;
    const id = await buy();
    clock.set(clock.now() + 2 * HOUR_MS);
    isAway = false;
    weather.isStormy = true;
    const answer = await ledger.reconciliation.run();
    assert.ok(answer.ok);
    assert.deepEqual(answer.value.drifts.map(({ holding, outcome }) => [holding, outcome]), [[
      id,
      "open",
    ]]);
    assert.deepEqual(reports, [`reconciling ${E164}: a storm`]);
  });
});

describe("a log that cannot be read is reported", () => {
  test("where automatic work looks for what is due, and it looks again", async () => {
    const reports: string[] = [];
    const { ledger } = await open({}, {
      log: { ...openMemoryLog(), due: storm },
      runsAutomations: true,
      recoveryMs: 5,
      report: (what, error) => reports.push(`${what}: ${messageOf(error)}`),
    });
    await until(() => reports.length >= 2);
    assert.deepEqual([...new Set(reports)], ["looking for work: a storm"]);
    await assert.rejects(ledger.work.run(), /a storm/);
  });

  test("where a lease is asked for, of one item or of what goes in order", async () => {
    const leases = { take: storm, end: () => Promise.resolve() };
    const { clock, ledger, caller, buy, reports } = await open({ release: failing("unknown") }, {
      log: { ...openMemoryLog(), leases } as EventLog,
      waitMs: 0,
      reconcilesDaily: false,
    });
    const id = await buy();
    clock.set(clock.now() + 31 * DAY_MS);
    assert.equal(await ledger.work.run(), 0);
    assert.deepEqual(reports, ["looking for work: a storm"]);
    await ledger.release(caller, id);
    assert.equal(await ledger.work.run(), 0);
    assert.deepEqual(reports, ["looking for work: a storm", "looking for work: a storm"]);
  });
});

/** A log that is empty after an event, or a repeated command, of which `isLost` says so. */
const openLosing = (isLost: (what: string) => boolean) => {
  const [log, empty] = [openMemoryLog(), openMemoryLog()];
  let [isEmpty, isRepeated] = [false, false];
  const now = () => isEmpty ? empty : log;
  return {
    ...log,
    append: async (input) => {
      const outcome = await now().append(input);
      if (input.events.some(({ type }) => isLost(type))) isEmpty = true;
      return outcome;
    },
    load: async (organization, needs) => {
      if (isRepeated && (needs.commands ?? []).length === 0) isEmpty = true;
      const loaded = await now().load(organization, needs);
      if (loaded.commands.length > 0 && isLost("command")) isRepeated = true;
      return loaded;
    },
    events: (...asked) => now().events(...asked),
    eventsAbout: (...asked) => now().eventsAbout(...asked),
  } satisfies EventLog as EventLog;
};

describe("what was written, and is not in the log any more, is reported", () => {
  const sentence = (what: string) => `${what} was written, and the log does not have it (any more)`;
  const losing = async (
    type: string,
    call: (opened: Awaited<ReturnType<typeof open>>) => Promise<unknown>,
  ): Promise<string> => {
    let isArmed = false;
    const opened = await open({}, { log: openLosing((what) => isArmed && what === type) });
    isArmed = true;
    let message = "";
    await assert.rejects(call(opened), (error: Error) => {
      assert.ok(error instanceof Unavailable, String(error));
      message = error.message;
      return true;
    });
    assert.deepEqual(opened.reports, [`reading what was written: ${message}`]);
    return message.replace(/[a-z]{2}_[0-9a-z]+/, "ID");
  };

  test("of a purchase, a submission and an organization", async () => {
    const bought = await losing(
      "PurchaseRequested",
      ({ ledger, caller }) => ledger.purchase(caller, { e164: E164 }),
    );
    assert.equal(bought, sentence("The purchase ID"));
    const drafted = await losing(
      "VerificationDrafted",
      ({ ledger, caller }) =>
        ledger.verification.draft(caller, {
          businessProfile: {},
          authorizedRepresentative: {},
          attestationAccepted: false,
        }),
    );
    assert.equal(drafted, sentence("A verification"));
    const opened = await losing(
      "OrganizationOpened",
      ({ ledger }) => ledger.operator.open("other", { name: "Other", plan: "Growth" }),
    );
    assert.equal(opened, sentence("The organization other"));
  });

  test("of an import and a release request that are repeated", async () => {
    const twice = async (call: () => Promise<unknown>) => {
      await call();
      return await call();
    };
    const imported = await losing("command", ({ ledger, caller }) =>
      twice(() =>
        ledger.import(
          caller,
          { e164: E164, via: { sipConnection: SIP.id } },
          { commandId: "once" },
        )
      ));
    assert.equal(imported, sentence("The number ID"));
    const requested = await losing("command", async ({ ledger, caller, buy }) => {
      const input = { holding: await buy(), reason: "It is not used any more." };
      return await twice(() => ledger.releaseRequests.request(caller, input, { commandId: "r" }));
    });
    assert.equal(requested, sentence("The release request ID"));
  });
});
