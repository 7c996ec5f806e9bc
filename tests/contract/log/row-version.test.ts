/** Databases whose rows were made by another version of the code. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { rebuildAll } from "../../../adapters/ledger/rebuild/mod.ts";
import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { openPostgresLog } from "../../../adapters/log/postgres/mod.ts";
import type { DatabaseLog } from "../../../adapters/log/sql/log.ts";
import type { OnOtherRows } from "../../../adapters/log/sql/row-version.ts";
import { openLog } from "../../../adapters/runtimes/server/log.ts";
import { readSettings } from "../../../adapters/runtimes/server/settings.ts";
import { ROW_VERSION } from "../../../core/registry/row-version.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { openIdleLedger } from "../../support/ledger.ts";
import { assertReplayed } from "../../support/replayed.ts";
import { appendTo, newNumber } from "../../harness/contract/log/support.ts";

let server: PostgresServer;
const folders: string[] = [];

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "ledgerline-rows-"));
  folders.push(folder);
  return folder;
};

before(async () => {
  server = await startPostgres();
});
after(async () => {
  await server.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Opens the log of one database again and again. */
type Open = (onOtherRows?: OnOtherRows) => Promise<DatabaseLog>;

const inFolder = (): Promise<Open> => {
  const folder = newFolder();
  return Promise.resolve((onOtherRows) =>
    openPgliteLog({ folder, durability: "relaxed", ...(onOtherRows && { onOtherRows }) })
  );
};

const inPostgres = async (): Promise<Open> => {
  const url = await server.database();
  return (onOtherRows) => openPostgresLog({ url, ...(onOtherRows && { onOtherRows }) });
};

const noteVersion = (log: DatabaseLog, version: number) =>
  log.database.query("update ledgerline.row_version set version = $1::integer", [version]);

const versionIn = async (log: DatabaseLog): Promise<number> => {
  const [row] = await log.database.query("select version from ledgerline.row_version", []);
  return Number(row?.["version"]);
};

/** Rows that no code would make of the log, with a version that says so. */
const makeOtherwise = async (open: Open, version: number): Promise<void> => {
  const log = await open();
  const ledger = openIdleLedger(log);
  assert.ok((await ledger.operator.open("acme", { name: "Acme", plan: "Scale" })).ok);
  await log.database.query("update ledgerline.state set data = '{}'", []);
  await noteVersion(log, version);
  await ledger.close();
};

const rebuilding: OnOtherRows = async (log) => {
  await rebuildAll(log);
};

for (const [name, make] of [["PGlite", inFolder], ["PostgreSQL", inPostgres]] as const) {
  describe(`rows of another version in ${name}`, { timeout: 600_000 }, () => {
    for (
      const [version, refusal] of [
        [ROW_VERSION - 1, /^Error: [^\n]*older Ledgerline[^\n]*"ledgerline rebuild"[^\n]*$/],
        [ROW_VERSION + 1, /^Error: [^\n]*newer Ledgerline[^\n]*$/],
      ] as const
    ) {
      test(`are refused in one line, or rebuilt from version ${version} before the log is given, and stay so`, async () => {
        const open = await make();
        await makeOtherwise(open, version);
        await assert.rejects(open(), refusal);
        const log = await open(rebuilding);
        await assertReplayed(log);
        assert.equal(await versionIn(log), ROW_VERSION);
        await log.close();
        await (await open()).close();
      });
    }

    test("are none in a database without events, which takes this version", async () => {
      const open = await make();
      const log = await open();
      await noteVersion(log, ROW_VERSION - 1);
      await log.close();
      const again = await open();
      assert.equal(await versionIn(again), ROW_VERSION);
      await again.close();
    });
  });
}

describe("a server whose rows another version rebuilt meanwhile", { timeout: 600_000 }, () => {
  test("appends nothing more, takes no number, and says why", async () => {
    const open = await inPostgres();
    const [log, newer] = [await open(), await open()];
    const acme = await log.append(appendTo("acme"));
    await noteVersion(newer, ROW_VERSION + 1);
    const e164 = newNumber();
    const appends = [
      appendTo("acme", { expected: acme.outcome === "appended" ? acme.head : "any" }),
      appendTo("acme", { expected: "any", command: { id: "c", fingerprint: "f" } }),
      appendTo("initech", { claims: [{ key: e164, holder: "pn_1" }] }),
    ];
    for (const append of appends) {
      await assert.rejects(log.append(append), (error: Error) => {
        assert.ok(error instanceof Unavailable);
        assert.match(error.message, /newer Ledgerline/);
        return true;
      });
    }
    const many = Array.from({ length: 5 }, (_, index) => log.append(appendTo(`many-${index}`)));
    for (const { status } of await Promise.allSettled(many)) assert.equal(status, "rejected");
    await assert.rejects(
      log.replaceRows("initech", { position: 0, hash: "" }, [], []),
      Unavailable,
    );
    assert.deepEqual((await log.load("initech", { claims: [e164] })).claims, []);
    assert.equal((await log.heads("", 9)).length, 1);
    await Promise.all([log.close(), newer.close()]);
  });
});

describe("a server that starts", { timeout: 600_000 }, () => {
  const settingsFor = (more: Readonly<Record<string, string>>) => {
    const settings = readSettings(more);
    assert.ok(settings.ok, JSON.stringify(settings));
    return settings.value;
  };

  test("rebuilds older rows of its folder before it serves", async () => {
    const folder = newFolder();
    await makeOtherwise(() => openPgliteLog({ folder, durability: "relaxed" }), ROW_VERSION - 1);
    const log = await openLog(settingsFor({ DATA_DIR: folder, DURABILITY: "relaxed" }));
    await assertReplayed(log);
    assert.equal(await versionIn(log), ROW_VERSION);
    await log.close();
  });

  test("refuses newer rows of its folder, and older ones of a PostgreSQL", async () => {
    const folder = newFolder();
    await makeOtherwise(() => openPgliteLog({ folder, durability: "relaxed" }), ROW_VERSION + 1);
    await assert.rejects(
      openLog(settingsFor({ DATA_DIR: folder, DURABILITY: "relaxed" })),
      /newer Ledgerline/,
    );
    const url = await server.database();
    await makeOtherwise(() => openPostgresLog({ url }), ROW_VERSION - 1);
    await assert.rejects(openLog(settingsFor({ DATABASE_URL: url })), /older Ledgerline/);
  });
});
