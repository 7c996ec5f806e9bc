/** What an audit reads of one organization, beside others that have the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openAudit } from "../../../adapters/log/sql/audit.ts";
import { openSqlLog } from "../../../adapters/log/sql/log.ts";
import {
  appended,
  appendTo,
  drafts,
  newNumber,
  newOrganization,
  rowOf,
} from "../../harness/contract/log/support.ts";
import { sharedDatabase } from "../../support/database.ts";

const database = sharedDatabase();

test("an audit reads the rows, claims and marked events of one organization, up to a position", async () => {
  const log = openSqlLog(database(), () => Promise.resolve());
  const audit = openAudit(database());
  const read = async (name: string) => {
    const organization = newOrganization(name);
    const claim = { key: newNumber(), holder: `pn_${name}` };
    const rows = [rowOf("a", name)];
    const first = await appended(log, appendTo(organization, { rows, claims: [claim] }));
    const command = { id: "c", fingerprint: "f" };
    const second = await appended(
      log,
      appendTo(organization, { expected: first.head, events: drafts(2), command }),
    );
    const { head } = await appended(log, appendTo(organization, { expected: second.head }));
    await appended(
      log,
      appendTo(organization, { expected: head, command: { ...command, id: "d" } }),
    );
    return { organization, claim, rows };
  };
  const [one, other] = [await read("a"), await read("b")];
  for (const { organization, claim, rows } of [one, other]) {
    const kept = await audit.kept(organization);
    assert.equal(kept.head.position, 5);
    assert.deepEqual(kept.claims, [claim]);
    assert.deepEqual(kept.rows.map(({ key, data }) => [key, JSON.parse(data)]), [
      ["a", rows[0]?.data],
    ]);
    const marked = [{ position: 2, size: 2, isNamed: true }];
    assert.deepEqual(await audit.marks(organization, 4), marked);
    const last = { position: 5, size: 1, isNamed: true };
    assert.deepEqual(await audit.marks(organization, 5), [...marked, last]);
  }
});
