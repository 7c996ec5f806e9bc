/** The verification of a business by a program: the same rules as for every other caller. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { Ledger } from "../../adapters/ledger/mod.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { attested, business, wholeBusiness } from "../harness/story/mod.ts";
import { openIdleLedger } from "../support/ledger.ts";

const caller = { organization: "acme", actor: OPERATOR };

const withLedger = async (use: (ledger: Ledger) => Promise<void>): Promise<void> => {
  const ledger = openIdleLedger(openMemoryLog());
  try {
    await ledger.operator.open("acme", { name: "Acme", plan: "Prepaid" });
    await use(ledger);
  } finally {
    await ledger.close();
  }
};

test("a submission that lacks something is refused with the names of what it lacks", () =>
  withLedger(async (ledger) => {
    const lacks = attested(wholeBusiness("Acme", { website: null, useCase: "  " }));
    const refused = await ledger.verification.submit(caller, lacks);
    assert.ok(!refused.ok && refused.error.code === "VERIFICATION_INCOMPLETE");
    const missing = ["businessProfile.website", "businessProfile.useCase"];
    assert.deepEqual(refused.error.missing, missing);
    for (const path of missing) assert.ok(refused.error.message.includes(path));
    const { status } = await ledger.verification.get(caller);
    assert.equal(status, "missing");
    assert.ok((await ledger.verification.submit(caller, attested())).ok);
  }));

test("a draft may lack anything, leaves what it does not name, and clears by null or an empty text", () =>
  withLedger(async (ledger) => {
    const drafted = async (businessProfile: object) => {
      const saved = await ledger.verification.draft(caller, {
        businessProfile,
        authorizedRepresentative: {},
        attestationAccepted: false,
      });
      assert.ok(saved.ok);
      return saved.value.businessProfile;
    };
    const named = await drafted({ legalName: "Acme", registrationId: "7", website: "acme" });
    assert.deepEqual({ ...named, address: null }, {
      ...business("Acme", { registrationId: "7", website: "acme", address: null }).businessProfile,
    });
    assert.deepEqual(await drafted({}), named);
    const cleared = await drafted({ registrationId: "", website: null, legalName: undefined });
    assert.deepEqual(cleared, { ...named, registrationId: null, website: null });
  }));
