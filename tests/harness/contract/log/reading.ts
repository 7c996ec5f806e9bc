import assert from "node:assert/strict";
import { EMPTY_HEAD } from "../../../../core/log/chain.ts";
import type { EventLog, Row } from "../../../../core/ports/mod.ts";
import {
  appended,
  appendTo,
  drafts,
  headOf,
  newNumber,
  newOrganization,
  rowOf,
} from "./support.ts";
import type { Test } from "../../runner.ts";
import type { TheLog } from "./support.ts";

const loading = (test: Test, theLog: TheLog): void => {
  test("load gives an empty log when nothing was ever appended", async () => {
    const needs = { rows: [rowOf("a", 0)], kinds: ["number"], claims: [newNumber()], command: "c" };
    const rows = [rowOf("a", 1), rowOf("b", 2)];
    const command = { id: "c", fingerprint: "f" };
    await appended(theLog(), appendTo(newOrganization(), { rows, command }));
    const nothing = { head: EMPTY_HEAD, rows: [], claims: [], commands: [] };
    assert.deepEqual(await theLog().load(newOrganization(), needs), nothing);
    assert.deepEqual(await theLog().load(newOrganization(), {}), nothing);
    const byKey = { rows: needs.rows };
    assert.deepEqual(await theLog().load(newOrganization(), byKey), nothing);
  });

  test("load gives each row once and in order when it is named by key and by kind", async () => {
    const log = theLog();
    const organization = newOrganization();
    const rows = [rowOf("b", 1), rowOf("a", 2), rowOf("x", 3, "plan"), rowOf("y", 4, "other")];
    const { head } = await appended(log, appendTo(organization, { rows }));
    const needs = {
      rows: [rowOf("b", 0), rowOf("x", 0, "plan"), rowOf("x", 0, "plan"), rowOf("no", 0)],
      kinds: ["number", "none", "number"],
    };
    const loaded = await log.load(organization, needs);
    assert.deepEqual(loaded.head, head);
    assert.deepEqual(loaded.rows, [rowOf("a", 2), rowOf("b", 1), rowOf("x", 3, "plan")]);
    assert.deepEqual((await log.load(organization, {})).rows, []);
    const one = await log.load(organization, { rows: [rowOf("y", 0, "other")] });
    assert.deepEqual(one.rows, [rowOf("y", 4, "other")]);
  });

  test("load gives a claim when another organization holds the number", async () => {
    const log = theLog();
    const [organization, e164] = [newOrganization(), newNumber()];
    await appended(log, appendTo(organization, { claims: [{ key: e164, holder: "pn_1" }] }));
    const { claims, head } = await log.load(newOrganization(), { claims: [e164] });
    assert.deepEqual(claims, [{ key: e164, organization, holder: "pn_1" }]);
    assert.deepEqual(head, EMPTY_HEAD);
  });

  test("find gives a row and its organization when any organization has it", async () => {
    const log = theLog();
    const [organization, key] = [newOrganization(), `pn_${crypto.randomUUID()}`];
    const work = { automation: "trials", due: 5 };
    for (const kind of ["number", "token", "kind of the test"]) {
      assert.equal(await log.find(kind, key), null);
      const row = { ...rowOf(key, { kind }, kind), work };
      await appended(log, appendTo(organization, { expected: "any", rows: [row] }));
      assert.deepEqual(await log.find(kind, key), { organization, row });
      assert.equal(await log.find("plan", key), null);
      await appended(
        log,
        appendTo(organization, { expected: "any", removed: [row] }),
      );
      assert.equal(await log.find(kind, key), null);
    }
  });
};

const ranges = (test: Test, theLog: TheLog): void => {
  test("rowsOf gives rows of a kind from all organizations, the last key first, in pages", async () => {
    const log = theLog();
    const prefix = `pn_${crypto.randomUUID()}_`;
    const ends = ["a", "aa", "b", "\u{e000}", "\u{ff21}", "\u{1f600}"];
    for (const kind of ["number", "token", "kind of the test"]) {
      const organizations = [newOrganization("a"), newOrganization("b"), newOrganization("c")];
      const keys = ends.map((end) => `${prefix}${end}`);
      const expected = keys.map((key, place) => ({
        organization: organizations[place % 3] ?? "",
        row: rowOf(key, { place }, kind),
      }));
      for (const { organization, row } of expected) {
        const other = rowOf(row.key, "of another kind", "another kind of the test");
        const rows = [row, other];
        await appended(log, appendTo(organization, { expected: "any", rows }));
      }
      const page = (from: string, below: string, limit: number) =>
        log.rowsOf(kind, { from, below }, limit);
      const last = expected.toReversed();
      assert.deepEqual(await page(prefix, `${prefix}\u{10ffff}`, 9), last);
      assert.deepEqual(await page(prefix, `${prefix}\u{10ffff}`, 2), last.slice(0, 2));
      assert.deepEqual(await page(prefix, keys[4] ?? "", 2), last.slice(2, 4));
      assert.deepEqual(await page(keys[1] ?? "", keys[3] ?? "", 9), last.slice(3, 5));
      assert.deepEqual(await page(keys[1] ?? "", keys[1] ?? "", 9), []);
      assert.deepEqual(await page(prefix, `${prefix}\u{10ffff}`, 0), []);
      const [first] = expected;
      assert.ok(first !== undefined);
      const removed = [first.row];
      await appended(log, appendTo(first.organization, { expected: "any", removed }));
      assert.deepEqual(await page(prefix, `${prefix}\u{10ffff}`, 9), last.slice(0, -1));
    }
  });

  test("rowsOf gives those of one organization, where it is named", async () => {
    const log = theLog();
    const [own, other] = [newOrganization("a"), newOrganization("b")];
    const prefix = `rr_${crypto.randomUUID()}_`;
    for (const kind of ["releaseRequest", "kind of the test"]) {
      for (const [place, organization] of [own, other, own, other, own].entries()) {
        const rows = [rowOf(`${prefix}${place}`, { place }, kind)];
        await appended(log, appendTo(organization, { expected: "any", rows }));
      }
      const keys = async (organization: string, below: string, limit: number) =>
        (await log.rowsOf(kind, { from: prefix, below: `${prefix}${below}`, organization }, limit))
          .map(({ organization: of, row }) => [of, row.key.slice(prefix.length)]);
      assert.deepEqual(await keys(own, "9", 9), [[own, "4"], [own, "2"], [own, "0"]]);
      assert.deepEqual(await keys(own, "4", 1), [[own, "2"]]);
      assert.deepEqual(await keys(other, "9", 9), [[other, "3"], [other, "1"]]);
      assert.deepEqual(await keys(newOrganization("c"), "9", 9), []);
    }
  });
};

const paging = (test: Test, theLog: TheLog): void => {
  test("events gives pages in order when it is asked for what comes after a position", async () => {
    const log = theLog();
    const organization = newOrganization();
    await appended(log, appendTo(organization, { events: drafts(7) }));
    const page = async (after: number, limit: number) =>
      (await log.events(organization, after, limit)).map(({ position }) => position);
    assert.deepEqual(await page(0, 3), [1, 2, 3]);
    assert.deepEqual(await page(3, 3), [4, 5, 6]);
    assert.deepEqual(await page(6, 3), [7]);
    assert.deepEqual(await page(7, 3), []);
    assert.deepEqual(await page(0, 0), []);
    assert.deepEqual(await log.events(newOrganization(), 0, 9), []);
  });

  test("heads gives pages in code point order when it is asked again and again", async () => {
    const log = theLog();
    const prefix = newOrganization("zz");
    const ids = ["a", "aa", "b", "\u{e000}", "\u{ff21}", "\u{1f600}"].map((end) => prefix + end);
    for (const id of ids.toReversed()) await appended(log, appendTo(id));
    const page = async (after: string, limit: number) =>
      (await log.heads(after, limit)).map(({ organization }) => organization);
    assert.deepEqual(await page(prefix, 2), ids.slice(0, 2));
    assert.deepEqual(await page(ids[1] ?? "", 3), ids.slice(2, 5));
    const last = await page(ids[4] ?? "", 1_000);
    assert.deepEqual(last.filter((id) => id.startsWith(prefix)), ids.slice(5));
    assert.ok((await page("", 1_000)).includes(prefix + "a"));
    assert.deepEqual(await page(prefix, 0), []);
  });

  test("heads gives each organization's last event when its log grows", async () => {
    const log = theLog();
    const prefix = newOrganization("heads");
    const ids = ["a", "b", "c"].map((end) => prefix + end);
    const assertHeads = async (positions: readonly number[]): Promise<void> => {
      const heads = await log.heads(prefix, ids.length);
      assert.deepEqual(heads.map(({ head }) => head.position), positions);
      assert.deepEqual(heads.map(({ organization }) => organization), ids);
      for (const { organization, head } of heads) {
        assert.deepEqual(head, await headOf(log, organization));
      }
    };
    for (const [index, id] of ids.entries()) {
      await appended(log, appendTo(id, { events: drafts(index + 1) }));
    }
    await assertHeads([1, 2, 3]);
    await appended(log, appendTo(prefix + "b", { expected: "any", events: drafts(9) }));
    await assertHeads([1, 11, 3]);
  });
};

const workOf = (key: string, due: number, automation = "renewals"): Row => ({
  ...rowOf(key, { key }),
  work: { automation, due },
});

const keysDue = async (log: EventLog, until: number, limit: number): Promise<readonly string[]> =>
  (await log.due(until, limit)).map(({ key }) => key);

const dues = (test: Test, theLog: TheLog): void => {
  test("due gives the longest due first when several items are", async () => {
    const log = theLog();
    const [one, other] = [newOrganization("a"), newOrganization("b")];
    const changes = [workOf("late", 300), workOf("early", 100), workOf("later", 400, "trials")];
    await appended(log, appendTo(one, { rows: [...changes, rowOf("idle", 1)] }));
    await appended(log, appendTo(other, { rows: [workOf("middle", 200), workOf("same", 300)] }));
    assert.deepEqual(await log.due(100, 9), [
      { organization: one, kind: "number", key: "early", automation: "renewals", due: 100 },
    ]);
    assert.deepEqual(await keysDue(log, 99, 9), []);
    assert.deepEqual(await keysDue(log, 300, 9), ["early", "middle", "late", "same"]);
    assert.deepEqual(await keysDue(log, 300, 2), ["early", "middle"]);
    assert.deepEqual(await keysDue(log, 999, 9), ["early", "middle", "late", "same", "later"]);
    const [, , third] = await log.due(999, 3);
    assert.deepEqual((await log.due(999, 9, third)).map(({ key }) => key), ["same", "later"]);
    assert.deepEqual((await log.due(300, 9, third)).map(({ key }) => key), ["same"]);
    assert.equal(await log.nextDue(99), 100);
    assert.equal(await log.nextDue(100), 200);
    assert.equal(await log.nextDue(300), 400);
    assert.equal(await log.nextDue(400), null);

    const moved = { rows: [workOf("early", 500), rowOf("later", 2)], removed: [workOf("late", 0)] };
    await appended(log, appendTo(one, { expected: "any", ...moved }));
    assert.deepEqual(await keysDue(log, 999, 9), ["middle", "same", "early"]);
    await appended(log, appendTo(one, { expected: "any", rows: [workOf("early", -5)] }));
    assert.deepEqual(await keysDue(log, 0, 9), ["early"]);
    const idle = (key: string) => rowOf(key, 1);
    await appended(log, appendTo(one, { expected: "any", rows: [idle("early")] }));
    await appended(
      log,
      appendTo(other, { expected: "any", rows: [idle("middle"), idle("same")] }),
    );
    assert.deepEqual(await log.due(Number.MAX_SAFE_INTEGER, 9), []);
  });
};

/** Reads: at one head, by key over organizations, in pages, by due time. */
export const reading = (test: Test, theLog: TheLog): void => {
  loading(test, theLog);
  ranges(test, theLog);
  paging(test, theLog);
  dues(test, theLog);
};
