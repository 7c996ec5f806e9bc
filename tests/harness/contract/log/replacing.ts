import assert from "node:assert/strict";
import { EMPTY_HEAD } from "../../../../core/log/chain.ts";
import { appended, appendTo, newNumber, newOrganization, rowOf } from "./support.ts";
import type { Test } from "../../runner.ts";
import type { TheLog } from "./support.ts";

const replacingOne = (test: Test, theLog: TheLog): void => {
  test("replaceRows replaces all rows and claims when the head is still the expected one", async () => {
    const log = theLog();
    const organization = newOrganization();
    const [kept, dropped, added] = [newNumber(), newNumber(), newNumber()];
    const rows = [rowOf("a", 1), rowOf("b", 2), rowOf("c", 3, "plan")];
    await appended(log, appendTo(organization, { rows, claims: [{ key: kept, holder: "pn_1" }] }));
    const { head } = await appended(
      log,
      appendTo(organization, { expected: "any", claims: [{ key: dropped, holder: "pn_2" }] }),
    );
    const rebuilt = [
      { ...rowOf("b", 22), work: { automation: "trials", due: 9 } },
      rowOf("d", 4, "plan"),
    ];
    const claims = [{ key: kept, holder: "pn_9" }, { key: added, holder: "pn_3" }];
    assert.equal(await log.replaceRows(organization, head, rebuilt, claims), true);
    const loaded = await log.load(organization, { kinds: ["number", "plan"], claims: [kept] });
    assert.deepEqual(loaded.rows, rebuilt);
    assert.deepEqual(loaded.claims, [{ key: kept, holder: "pn_9", organization }]);
    assert.deepEqual(loaded.head, head);
    assert.equal((await log.load("", { claims: [dropped] })).claims[0], undefined);
    assert.equal((await log.load("", { claims: [added] })).claims[0]?.holder, "pn_3");
    assert.equal(await log.replaceRows(organization, head, [], []), true);
    const emptied = await log.load(organization, { kinds: ["number", "plan"], claims: [added] });
    assert.deepEqual(emptied, { head, rows: [], claims: [], commands: [] });
  });

  test("replaceRows changes nothing when the head has moved on", async () => {
    const log = theLog();
    const [organization, e164] = [newOrganization(), newNumber()];
    const claim = { key: e164, holder: "pn_1" };
    const rows = [rowOf("a", 1)];
    const { head } = await appended(log, appendTo(organization, { rows, claims: [claim] }));
    const other = { key: newNumber(), holder: "pn_1" };
    for (const old of [EMPTY_HEAD, { ...head, position: 2 }, { ...head, hash: "0".repeat(64) }]) {
      assert.equal(await log.replaceRows(organization, old, [rowOf("b", 2)], [other]), false);
    }
    const claims = [e164, other.key];
    const loaded = await log.load(organization, { kinds: ["number"], claims });
    assert.deepEqual(loaded.rows, rows);
    assert.deepEqual(loaded.claims, [{ ...claim, organization }]);
  });

  test("replaceRows throws and changes nothing when another organization holds a number", async () => {
    const log = theLog();
    const [one, other, e164] = [newOrganization(), newOrganization(), newNumber()];
    await appended(log, appendTo(one, { claims: [{ key: e164, holder: "pn_1" }] }));
    const { head } = await appended(log, appendTo(other, { rows: [rowOf("a", 1)] }));
    for (const holder of ["pn_1", "pn_2"]) {
      await assert.rejects(
        log.replaceRows(other, head, [rowOf("a", 2)], [{ key: e164, holder }]),
        Error,
      );
    }
    assert.deepEqual((await log.load(other, { kinds: ["number"] })).rows, [rowOf("a", 1)]);
    assert.equal((await log.load(other, { claims: [e164] })).claims[0]?.organization, one);
  });
};

const besideOthers = (test: Test, theLog: TheLog): void => {
  test("replaceRows writes rows that another organization has just so", async () => {
    const log = theLog();
    const [one, other] = [newOrganization(), newOrganization()];
    const rows = [rowOf("a", 1), { ...rowOf("b", 2), work: { automation: "trials", due: 9 } }];
    await appended(log, appendTo(one, { rows }));
    const { head } = await appended(log, appendTo(other));
    assert.equal(await log.replaceRows(other, head, rows, []), true);
    assert.deepEqual((await log.load(other, { kinds: ["number"] })).rows, rows);
  });

  test("replaceRows leaves other organizations alone when it empties one", async () => {
    const log = theLog();
    const [one, other, e164] = [newOrganization(), newOrganization(), newNumber()];
    const rows = [rowOf("a", 1)];
    await appended(log, appendTo(one, { rows, claims: [{ key: e164, holder: "pn_1" }] }));
    const { head } = await appended(log, appendTo(other, { rows }));
    assert.equal(await log.replaceRows(other, head, [], []), true);
    const loaded = await log.load(one, { kinds: ["number"], claims: [e164] });
    assert.deepEqual(loaded.rows, rows);
    assert.equal(loaded.claims[0]?.holder, "pn_1");
  });
};

/** Rebuilding: all rows and claims of an organization are replaced at a known head. */
export const replacing = (test: Test, theLog: TheLog): void => {
  replacingOne(test, theLog);
  besideOthers(test, theLog);
};
