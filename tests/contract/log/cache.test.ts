import assert from "node:assert/strict";
import { test } from "node:test";
import * as runner from "node:test";
import { cached } from "../../../adapters/log/cache.ts";
import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import type { EventLog } from "../../../core/ports/mod.ts";
import { eventLogContract } from "../../harness/contract/log/suite.ts";
import {
  appended,
  appendTo,
  changesOf,
  headOf,
  newNumber,
  newOrganization,
  rowOf,
} from "../../harness/contract/log/support.ts";

eventLogContract(runner, "cached", () => Promise.resolve(cached(openMemoryLog())), {
  withoutFaults: "the log is in the memory of this process",
});

/** A cached log, with how often it read the rows of the log behind it. */
const openCounted = () => {
  const log = openMemoryLog();
  let reads = 0;
  const counted: EventLog = {
    ...log,
    load: (...input) => {
      reads += 1;
      return log.load(...input);
    },
    find: (...input) => {
      reads += 1;
      return log.find(...input);
    },
  };
  return { log: cached(counted), behind: log, reads: () => reads };
};

const NUMBERS = { kinds: ["number"] };

test("a cached log reads rows once when they are asked for again and again", async () => {
  const { log, reads } = openCounted();
  const organization = newOrganization();
  await appended(log, appendTo(organization, { rows: [rowOf(organization, { is: 1 })] }));
  const first = await log.load(organization, NUMBERS);
  assert.deepEqual(await log.load(organization, NUMBERS), first);
  const found = await log.find("number", organization);
  assert.deepEqual(await log.find("number", organization), found);
  assert.equal(reads(), 2);
});

test("a cached log gives the new rows when an append has changed them", async () => {
  const { log } = openCounted();
  const organization = newOrganization();
  for (const is of [1, 2, 3]) {
    const expected = await headOf(log, organization);
    const rows = [rowOf(organization, { is })];
    await appended(log, appendTo(organization, { expected, rows }));
    assert.deepEqual((await log.load(organization, NUMBERS)).rows[0]?.data, { is });
    assert.deepEqual((await log.find("number", organization))?.row.data, { is });
  }
});

test("a cached log keeps no read when an append overtook it", async () => {
  const { log, behind } = openCounted();
  const organization = newOrganization();
  const reading = log.load(organization, NUMBERS);
  const rows = [rowOf(organization, { is: 1 })];
  await Promise.all([reading, appended(log, appendTo(organization, { rows }))]);
  assert.deepEqual(
    await log.load(organization, NUMBERS),
    await behind.load(organization, NUMBERS),
  );
});

test("a cached log reads claims again when another organization may have taken them", async () => {
  const { log } = openCounted();
  const [holder, other, e164] = [newOrganization(), newOrganization(), newNumber()];
  assert.equal((await log.load(other, { claims: [e164] })).claims[0], undefined);
  await appended(log, appendTo(holder, { claims: [{ key: e164, holder: "pn_1" }] }));
  assert.equal((await log.load(other, { claims: [e164] })).claims[0]?.organization, holder);
});

test("a cached log hands out rows that nobody can change", async () => {
  const { log } = openCounted();
  const organization = newOrganization();
  await appended(log, appendTo(organization, { rows: [rowOf("a", { deep: { is: 1 } })] }));
  const { rows } = await log.load(organization, NUMBERS);
  const deep = rows.map(({ data }) => (data as { deep: { is: number } }).deep);
  assert.deepEqual(deep, [{ is: 1 }]);
  assert.ok(deep.every((part) => Object.isFrozen(part)));
});

test("a cached log forgets all that it read when all rows are replaced", async () => {
  const { log, behind } = openCounted();
  const [one, other] = [newOrganization(), newOrganization()];
  for (const organization of [one, other]) {
    await appended(log, appendTo(organization, { rows: [rowOf(organization, { is: 1 })] }));
  }
  const read = async (from: EventLog) => ({
    loaded: [await from.load(one, NUMBERS), await from.load(other, NUMBERS)],
    found: [await from.find("number", one), await from.find("number", other)],
  });
  const old = await read(log);
  await log.rebuild(async (next) => {
    for (const { organization, put, head } of await next.lags("", 10)) {
      const rows = changesOf({ rows: [rowOf(organization, { is: 2 })] });
      await next.put([{ organization, from: put, head, rows, taken: [], freed: [] }]);
    }
    assert.deepEqual(await read(log), old);
    await next.swap(() => Promise.resolve());
  });
  assert.deepEqual(await read(log), await read(behind));
  assert.deepEqual((await log.load(other, NUMBERS)).rows, [rowOf(other, { is: 2 })]);
});

const MEGABYTE = 1_048_576;

/** Organizations whose only row is so long. */
const withRows = async (
  log: EventLog,
  count: number,
  bytes: number,
): Promise<readonly string[]> => {
  const organizations = Array.from({ length: count }, () => newOrganization());
  for (const id of organizations) {
    await appended(log, appendTo(id, { rows: [rowOf(id, { text: "x".repeat(bytes) })] }));
  }
  return organizations;
};

test("a cached log keeps no organization whose rows would take all of its space", async () => {
  const { log, reads } = openCounted();
  const [small = "", huge = ""] = [
    ...await withRows(log, 1, 100),
    ...await withRows(log, 1, 20 * MEGABYTE),
  ];
  await log.load(small, NUMBERS);
  for (let count = 0; count < 5; count++) {
    await log.load(huge, NUMBERS);
    await log.find("number", huge);
  }
  assert.equal(reads(), 11);
  await log.load(small, NUMBERS);
  assert.equal(reads(), 11);
});

test("a cached log forgets the longest unused rows when the others' bytes need their space", async () => {
  const { log, reads } = openCounted();
  const organizations = await withRows(log, 16, 4 * MEGABYTE);
  for (const id of organizations) await log.load(id, NUMBERS);
  assert.equal(reads(), 16);
  const last = organizations[15] ?? "";
  await log.load(last, NUMBERS);
  assert.equal(reads(), 16);
  await log.load(organizations[0] ?? "", NUMBERS);
  assert.equal(reads(), 17);
});

test("a cached log bounds what was found by its id by bytes as well", async () => {
  const { log, reads } = openCounted();
  const organizations = await withRows(log, 40, 400_000);
  for (const id of organizations) await log.find("number", id);
  assert.equal(reads(), 40);
  await log.find("number", organizations[39] ?? "");
  assert.equal(reads(), 40);
  await log.find("number", organizations[0] ?? "");
  assert.equal(reads(), 41);
});

test("a cached log counts what was asked for, which may be much longer than what was there", async () => {
  const { log, reads } = openCounted();
  const organizations = await withRows(log, 5, 1);
  const ask = (id: string, at: number) =>
    log.load(id, { rows: [{ kind: "number", key: `${at}${"x".repeat(MEGABYTE)}` }] });
  for (const id of organizations) for (let at = 0; at < 11; at++) await ask(id, at);
  assert.equal(reads(), 55);
  await ask(organizations[4] ?? "", 0);
  assert.equal(reads(), 55);
  await ask(organizations[0] ?? "", 0);
  assert.equal(reads(), 56);
});
