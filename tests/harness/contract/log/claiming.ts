import assert from "node:assert/strict";
import { EMPTY_HEAD } from "../../../../core/log/chain.ts";
import type { EventLog } from "../../../../core/ports.ts";
import type { E164 } from "../../../../core/values/e164.ts";
import { appended, appendTo, history, newNumber, newOrganization, rowOf } from "./support.ts";
import type { Test } from "../../runner.ts";
import type { TheLog } from "./support.ts";

const claimOn = async (log: EventLog, e164: E164) =>
  (await log.load("", { claims: [e164] })).claims[0] ?? null;

const taking = (test: Test, theLog: TheLog): void => {
  test("append takes a number when nobody holds it", async () => {
    const log = theLog();
    const [organization, e164] = [newOrganization(), newNumber()];
    assert.equal(await claimOn(log, e164), null);
    await appended(log, appendTo(organization, { claim: { key: e164, holder: "pn_1" } }));
    assert.deepEqual(await claimOn(log, e164), { key: e164, organization, holder: "pn_1" });
  });

  test("append names the claim and changes nothing when somebody holds the number", async () => {
    const log = theLog();
    const [one, other] = [newOrganization(), newOrganization()];
    const [wanted, kept] = [newNumber(), newNumber()];
    await appended(log, appendTo(one, { claim: { key: wanted, holder: "pn_1" } }));
    const { head } = await appended(
      log,
      appendTo(other, { claim: { key: kept, holder: "pn_2" }, rows: [rowOf("a", 1)] }),
    );
    const outcome = await log.append(
      appendTo(other, {
        expected: head,
        command: { id: "c", fingerprint: "f" },
        claim: { key: wanted, holder: "pn_3" },
        free: [{ key: kept, holder: "pn_2" }],
        rows: [rowOf("a", 2), rowOf("b", 2)],
      }),
    );
    const claim = { key: wanted, organization: one, holder: "pn_1" };
    assert.deepEqual(outcome, { outcome: "claimed", claim });
    assert.deepEqual(await log.load(other, { kinds: ["number"], claims: [kept], command: "c" }), {
      head,
      rows: [rowOf("a", 1)],
      claims: [{ key: kept, organization: other, holder: "pn_2" }],
      command: null,
    });
    assert.equal((await history(log, other)).length, 1);
  });

  test("append leaves no log when the number that a new organization wants is held", async () => {
    const log = theLog();
    const [one, other, e164] = [newOrganization(), newOrganization(), newNumber()];
    await appended(log, appendTo(one, { claim: { key: e164, holder: "pn_1" } }));
    const again = await log.append(appendTo(other, { claim: { key: e164, holder: "pn_1" } }));
    assert.equal(again.outcome, "claimed");
    assert.deepEqual((await log.load(other, {})).head, EMPTY_HEAD);
    assert.ok(
      (await log.heads(other.slice(0, -1), 1)).every(({ organization }) => organization !== other),
    );
  });

  test("append refuses a claim when the organization itself holds the number", async () => {
    const log = theLog();
    const [organization, e164] = [newOrganization(), newNumber()];
    const claim = { key: e164, holder: "pn_1" };
    const { head } = await appended(log, appendTo(organization, { claim }));
    const outcome = await log.append(appendTo(organization, { expected: head, claim }));
    assert.deepEqual(outcome, { outcome: "claimed", claim: { ...claim, organization } });
  });
};

const freeing = (test: Test, theLog: TheLog): void => {
  test("append gives a number back when its holder frees it", async () => {
    const log = theLog();
    const [one, other, e164] = [newOrganization(), newOrganization(), newNumber()];
    const { head } = await appended(log, appendTo(one, { claim: { key: e164, holder: "pn_1" } }));
    await appended(log, appendTo(one, { expected: head, free: [{ key: e164, holder: "pn_1" }] }));
    assert.equal(await claimOn(log, e164), null);
    await appended(log, appendTo(other, { claim: { key: e164, holder: "pn_2" } }));
    assert.equal((await claimOn(log, e164))?.organization, other);
  });

  test("append leaves a claim alone when another organization or holding has it", async () => {
    const log = theLog();
    const [one, other, e164] = [newOrganization(), newOrganization(), newNumber()];
    const { head } = await appended(log, appendTo(one, { claim: { key: e164, holder: "pn_1" } }));
    await appended(log, appendTo(other, { free: [{ key: e164, holder: "pn_1" }] }));
    await appended(log, appendTo(one, { expected: head, free: [{ key: e164, holder: "pn_2" }] }));
    assert.deepEqual(await claimOn(log, e164), { key: e164, organization: one, holder: "pn_1" });
  });

  test("append passes a number on when it frees and claims it at once", async () => {
    const log = theLog();
    const [organization, e164, second] = [newOrganization(), newNumber(), newNumber()];
    const first = await appended(
      log,
      appendTo(organization, { claim: { key: e164, holder: "pn_1" } }),
    );
    const moved = await appended(
      log,
      appendTo(organization, {
        expected: first.head,
        claim: { key: e164, holder: "pn_2" },
        free: [{ key: second, holder: "pn_9" }, { key: e164, holder: "pn_1" }],
      }),
    );
    assert.deepEqual(await claimOn(log, e164), { key: e164, organization, holder: "pn_2" });
    const refused = await log.append(
      appendTo(organization, {
        expected: moved.head,
        claim: { key: e164, holder: "pn_3" },
        free: [{ key: e164, holder: "pn_1" }],
      }),
    );
    assert.equal(refused.outcome, "claimed");
  });

  test("append keeps a number when the holding that claims it is the one that frees it", async () => {
    const log = theLog();
    const [organization, e164] = [newOrganization(), newNumber()];
    const claim = { key: e164, holder: "pn_1" };
    const { head } = await appended(log, appendTo(organization, { claim }));
    await appended(log, appendTo(organization, { expected: head, claim, free: [claim, claim] }));
    assert.deepEqual(await claimOn(log, e164), { ...claim, organization });
  });
};

/** The one rule over organizations: a number has at most one holder. */
export const claiming = (test: Test, theLog: TheLog): void => {
  taking(test, theLog);
  freeing(test, theLog);
};
