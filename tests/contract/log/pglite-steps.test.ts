/**
 * A large append on PGlite goes in steps: others have the process between them, and it is whole or
 * not.
 */
import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { FolderLost } from "../../../adapters/log/pglite/folder-lost.ts";
import { openPgliteLog, type PgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { appended, appendTo, drafts, eventsIn, rowOf } from "../../harness/contract/log/support.ts";
import { openFolders } from "../../support/folders.ts";
import { isHealthy, openOn } from "./failing-disk.ts";
import { killedMeanwhile } from "./killed.ts";
import { killAll } from "./processes.ts";
import { until } from "../../support/eventually.ts";
import { pause } from "../../support/pause.ts";

const { newPath, remove } = openFolders("steps");

const ITEMS = 1_000;
/** Rows of so much that PostgreSQL's log is written before the end. */
const TEXT = "x".repeat(9_000);

const large = () =>
  appendTo("org", {
    expected: "any",
    events: drafts(ITEMS),
    rows: Array.from({ length: ITEMS }, (_, index) => rowOf(`${index}`, { text: TEXT, index })),
  });

/** Runs `work` in every turn of the event loop until it is called off. */
const eachTurn = (work: (turn: number) => void): () => void => {
  let [turn, isOver] = [0, false];
  const next = (): void => {
    if (isOver) return;
    work(turn += 1);
    setTimeout(next, 0);
  };
  setTimeout(next, 0);
  return () => {
    isOver = true;
  };
};

const rowsOf = async (log: PgliteLog): Promise<number> =>
  (await log.load("org", { kinds: ["number"] })).rows.length;

const inSteps = (): void => {
  test("others have the process many times meanwhile", async () => {
    const log = await openPgliteLog({ folder: newPath() });
    await appended(log, appendTo("org"));
    let turns = 0;
    const end = eachTurn((turn) => turns = turn);
    await appended(log, large());
    end();
    assert.ok(turns >= 15, `the process was given to others ${turns} times`);
    assert.equal(await rowsOf(log), ITEMS);
    await log.close();
  });

  test("nothing is left of it where the folder is lost meanwhile", async () => {
    const folder = newPath();
    const log = await openPgliteLog({ folder, onLost: () => {} });
    await appended(log, appendTo("org"));
    const end = eachTurn((turn) => {
      if (turn === 5) writeFileSync(join(folder, "lock.2"), "{}");
    });
    await assert.rejects(log.append(large()), FolderLost);
    end();
    await log.close();
    assert.ok(readdirSync(folder).includes("lock.2"));
    writeFileSync(join(folder, "lock.2"), "released");
    const again = await openPgliteLog({ folder });
    assert.equal((await eventsIn(again, "org")).length, 1);
    assert.equal(await rowsOf(again), 0);
    await again.close();
  });

  test("nothing is left of it where the disk is full meanwhile, and what comes later is kept", async () => {
    let isFull = false;
    const { log } = await openOn(newPath(), () => isFull ? "ENOSPC" : null);
    await appended(log, appendTo("org"));
    const end = eachTurn((turn) => {
      if (turn === 5) isFull = true;
    });
    await assert.rejects(log.append(large()), Unavailable);
    end();
    isFull = false;
    await until(() => isHealthy(log));
    assert.equal((await eventsIn(log, "org")).length, 1);
    await appended(log, large());
    assert.equal((await eventsIn(log, "org")).length, 1 + ITEMS);
    assert.equal(await rowsOf(log), ITEMS);
    await log.close();
  });
};

const INSERT = "insert into ledgerline.claim (organization, e164, holder) values ($1, $2, 'pn_1')";

const alone = (): void => {
  test("a step that fails undoes all, also where the work goes on without it", async () => {
    const log = await openPgliteLog({ folder: "memory" });
    const inSteps = log.database.inSteps ?? assert.fail("the database has no steps");
    const failing = inSteps(async (database) => {
      await database.query(INSERT, ["acme", "+14155550101"]);
      await database.query("select 1 / 0", []).catch(() => {});
    });
    await assert.rejects(failing, /division by zero/);
    await inSteps((database) => database.query(INSERT, ["acme", "+14155550102"]));
    const { claims } = await log.load("", { claims: ["+14155550101", "+14155550102"] });
    assert.deepEqual(claims.map(({ key }) => key), ["+14155550102"]);
    await log.close();
  });

  test("a database that is closed meanwhile ends it first, and is closed to what comes then", async () => {
    const folder = newPath();
    const log = await openPgliteLog({ folder });
    const inSteps = log.database.inSteps ?? assert.fail("the database has no steps");
    const slow = inSteps(async (database) => {
      await database.query(INSERT, ["acme", "+14155550101"]);
      await pause(50, "the database is closed in it");
      await database.query(INSERT, ["acme", "+14155550102"]);
    });
    await Promise.all([slow, log.close()]);
    await assert.rejects(log.database.query("select 1", []), Unavailable);
    const again = await openPgliteLog({ folder });
    const { claims } = await again.load("", { claims: ["+14155550101", "+14155550102"] });
    assert.equal(claims.length, 2);
    await again.close();
  });
};

const beside = (): void => {
  test("a process that is killed meanwhile leaves all of it, or nothing", async () => {
    await killedMeanwhile(newPath(), [20]);
  });

  test("what others ask the database meanwhile is answered when it is over, in order", async () => {
    const log = await openPgliteLog({ folder: "memory" });
    await appended(log, appendTo("org"));
    const answers: string[] = [];
    const end = eachTurn((turn) => {
      if (turn !== 3) return;
      void log.database.query("select 1", []).then(() => answers.push("first"));
      void log.append(appendTo("other")).then(() => answers.push("append"));
      void log.database.query("select 2", []).then(() => answers.push("second"));
    });
    await appended(log, large());
    end();
    await until(() => Promise.resolve(answers.length === 3));
    assert.deepEqual(answers.slice(0, 2), ["first", "second"]);
    await log.close();
  });
};

describe("a large append on PGlite", () => {
  after(() => {
    killAll();
    remove();
  });
  inSteps();
  alone();
  beside();
});

test("others have their turn while statement follows statement on PGlite", async () => {
  const log = await openPgliteLog({ folder: "memory" });
  let turns = 0;
  const end = eachTurn(() => turns += 1);
  // Many times as long as statements may follow one another.
  const start = performance.now();
  while (performance.now() - start < 200) await log.database.query("select 1", []);
  end();
  assert.ok(turns > 1, `${turns} turns`);
  await log.close();
});
