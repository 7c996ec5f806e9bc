/** What the ledger reports of carriers and other ports that refuse or throw, and in which words. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { includedPayments } from "../../adapters/payments/included.ts";
import type { Carrier, CarrierError } from "../../core/ports/mod.ts";
import { messageOf } from "../../core/values/error-message.ts";
import { failed } from "../../core/values/result.ts";
import { attested } from "../harness/story/mod.ts";
import { E164, openSandboxLedger } from "../support/sandbox-ledger.ts";
import { ONE, openWorld, work } from "./routes-support.ts";

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

describe("a carrier that refuses", () => {
  test("to take a number back is reported, and one that is away is not", async () => {
    for (const kind of ["unknown", "unreachable", "refused"] as const) {
      const { ledger, caller, buy, reports } = await open({ release: failing(kind) }, {
        waitMs: 0,
      });
      const id = await buy();
      const released = await ledger.release(caller, id);
      assert.deepEqual(released, { ok: true, value: { released: false } });
      assert.deepEqual(reports, kind === "refused" ? [`releasing ${id}: no`] : []);
    }
  });

  test("to attach a number again is reported, and one that is away is not", async () => {
    let kind: CarrierError["kind"] = "unknown";
    const errors: string[] = [];
    const world = await openWorld(() => ({ resume: () => failing(kind)() }), {
      report: (what, error) => errors.push(`${what}: ${messageOf(error)}`),
    });
    const id = await world.buy(ONE, { at: "14" });
    await world.suspend();
    await work(world);
    await world.reinstate();
    for (kind of ["unknown", "unreachable", "refused"] as const) {
      assert.deepEqual(errors, []);
      await world.ledger.work.run();
    }
    assert.deepEqual(errors, [`resuming ${id}: no`]);
    await world.ledger.close();
  });
});

describe("a port that throws is reported", () => {
  test("where a carrier, a charge and a refund were asked for", async () => {
    const { ledger, caller, reports } = await open({ order: failing("refused") }, {
      payments: { ...includedPayments, refund: storm },
    });
    assert.equal((await ledger.purchase(caller, { e164: E164 })).ok, false);
    await ledger.work.run();
    assert.deepEqual(reports, ["asking for a refund: a storm"]);
    const charging = await open({}, {
      waitMs: 0,
      payments: { ...includedPayments, charge: storm },
    });
    await charging.buy();
    assert.deepEqual(charging.reports, ["asking for a charge: a storm"]);
    const ordering = await open({ order: storm, findOrder: storm }, { waitMs: 0 });
    await ordering.buy();
    assert.deepEqual(ordering.reports, [
      "asking for the carrier sandbox: a storm",
      "asking for the carrier sandbox: a storm",
    ]);
  });

  test("where a reconciliation asked, which breaks off without an answer", async () => {
    const { ledger, reports } = await open({ inventory: storm });
    const answer = await ledger.reconciliation.run();
    assert.ok(!answer.ok);
    assert.deepEqual([answer.error.code, answer.error.message], [
      "CARRIER_FAILED",
      "The reconciliation broke off: The carrier sandbox gave no answer.",
    ]);
    assert.deepEqual(reports, ["asking for the carrier sandbox: a storm"]);
  });

  test("where the reviewers were to be notified, who are then told that it failed", async () => {
    const { ledger, caller, reports } = await open({}, { notifier: { announce: storm } });
    const submitted = await ledger.verification.submit(caller, attested());
    assert.ok(submitted.ok, JSON.stringify(submitted));
    assert.equal(await ledger.work.run(), 1);
    assert.deepEqual(reports, ["asking for a notice: a storm"]);
    const { submission } = await ledger.verification.get(caller);
    assert.deepEqual(submission?.notice, {
      status: "enqueue_failed",
      error: "the notifier gave no answer",
    });
  });
});
