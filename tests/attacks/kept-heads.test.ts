/** Heads that were kept outside, compared with a log that lost its end. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import fc from "fast-check";
import { findLost } from "../../adapters/ledger/rebuild/lost-tail.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { readHeads } from "../../adapters/runtimes/server/heads-file.ts";
import {
  acceptHeads,
  assertNotBehind,
  keepHeads,
} from "../../adapters/runtimes/server/heads-keeper.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { appendTo, drafts, headOf } from "../harness/contract/log/support.ts";
import { headsIn, logOf, type Logs, newFile, opened } from "./heads-support.ts";
import { runs } from "../support/runs.ts";
import { until } from "../support/eventually.ts";

const history = fc.array(fc.constantFrom("a", "b"), { maxLength: 4 });
const logs: fc.Arbitrary<Logs> = fc.record({
  "acme": history,
  "böse org 7 ffff": history,
  "{": history,
});

test("findLost() names exactly those whose log does not have the head kept", async () => {
  await fc.assert(
    fc.asyncProperty(logs, logs, async (before, now) => {
      const kept = await headsIn(await logOf(before));
      const expected = Object.keys(before).filter((id) => {
        const texts = before[id] ?? [];
        // The same history, where it begins with all earlier events.
        return texts.some((text, place) => now[id]?.[place] !== text);
      });
      const lost: string[] = [];
      for await (const page of findLost(await logOf(now), kept)) {
        lost.push(...page.map(({ organization }) => organization));
      }
      assert.deepEqual(lost.toSorted(), expected.toSorted());
    }),
    { numRuns: runs(300) },
  );
});

describe("keepHeads()", () => {
  test("writes every head, and again when the log is closed", async () => {
    const path = newFile();
    const memory = await logOf({ acme: ["a"], other: ["b"] });
    const log = await opened(memory, path);
    assert.deepEqual(await readHeads(path), await headsIn(log));
    const ids = Array.from({ length: 20 }, (_, place) => `org-${place}`);
    await Promise.all(ids.map((id) => log.append(appendTo(id, { events: drafts(3) }))));
    const heads = await headsIn(log);
    await until(async () => (await readHeads(path))?.size === 22);
    await log.append(appendTo("acme", { expected: "any" }));
    heads.set("acme", await headOf(log, "acme"));
    await log.close();
    await log.close();
    assert.deepEqual(await readHeads(path), heads);
  });

  test("keeps the file's size within a bound of its content", async () => {
    const path = newFile();
    const log = await keepHeads(await logOf({ acme: ["a"] }), path, { everyMs: 1 });
    for (let round = 0; round < 200; round += 1) {
      await log.append(appendTo("acme", { expected: "any" }));
    }
    await log.close();
    assert.ok(readFileSync(path, "utf8").split("\n").length < 10_010);
    assert.equal((await readHeads(path))?.get("acme")?.position, 201);
  });

  test("reads few changed heads one by one, and more than 500 by the page", async () => {
    for (const [changed, loads, pages] of [[500, 500, 0], [501, 0, 1]] as const) {
      const memory = await logOf({ acme: ["a"] });
      let [loaded, paged] = [0, 0];
      let notify: (organizations: readonly string[]) => void = () => undefined;
      const counted: EventLog = {
        ...memory,
        load: (...input) => {
          loaded += 1;
          return memory.load(...input);
        },
        heads: (...input) => {
          paged += 1;
          return memory.heads(...input);
        },
        watch: (listener) => {
          notify = (organizations) => listener({ organizations, due: null });
          return () => {};
        },
      };
      const log = await keepHeads(counted, newFile(), { everyMs: 1_000_000 });
      paged = 0;
      for (let at = 0; at < changed; at++) notify([`org-${at}`]);
      await log.close();
      assert.deepEqual([loaded, paged > 0], [loads, pages > 0]);
    }
  });

  test("polls for what it was not notified of", async () => {
    const path = newFile();
    const memory = await logOf({ acme: ["a"] });
    const deaf: EventLog = { ...memory, watch: () => () => {} };
    const log = await keepHeads(deaf, path, { everyMs: 2, lookMs: 5 });
    await memory.append(appendTo("acme", { expected: "any" }));
    await until(async () => (await readHeads(path))?.get("acme")?.position === 2);
    await log.close();
  });
});

const BEFORE: Logs = { acme: ["a", "b", "c"], other: ["x"] };
const SET_BACK: Readonly<Record<string, readonly [Logs, RegExp]>> = {
  "is shorter": [
    { acme: ["a"], other: ["x"] },
    /of 2 organizations 1 lost events, 2 in all .*: "acme" ends at position 1, and had 3\. /,
  ],
  "is as long, and another": [
    { acme: ["a", "b", "X"], other: ["x"] },
    /1 lost events, 0 in all .*: "acme" has another event at position 3\. /,
  ],
  "is longer, and another": [
    { acme: ["a", "X", "c", "d"], other: ["x"] },
    /"acme" has another event at position 3\. /,
  ],
  "lost an organization": [
    { acme: ["a", "b", "c"] },
    /1 lost events, 1 in all .*: "other" ends at position 0, and had 1\. /,
  ],
  "is empty": [{}, /of 2 organizations 2 lost events, 4 in all/],
};

describe("a log that is not the one whose heads were kept", () => {
  for (const [what, [now, says]] of Object.entries(SET_BACK)) {
    test(`refuses a log that ${what}, until the loss is accepted`, async () => {
      const path = newFile();
      await (await opened(await logOf(BEFORE), path)).close();
      const kept = await readHeads(path);
      const log = await logOf(now);
      for (const attempt of [opened, assertNotBehind]) {
        await assert.rejects(attempt(log, path), (error: Error) => {
          assert.equal(error.name, "LogBehind");
          assert.match(error.message, says);
          assert.match(error.message, /run "ledgerline heads --accept" first$/);
          return true;
        });
      }
      assert.deepEqual(await readHeads(path), kept);
      const aside = await acceptHeads(log, path);
      assert.deepEqual(await readHeads(aside ?? ""), kept);
      await (await opened(log, path)).close();
    });
  }

  test("names five of many, and counts the others", async () => {
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`org-${n}`, ["a"]]));
    const path = newFile();
    await (await opened(await logOf(many), path)).close();
    await assert.rejects(
      opened(openMemoryLog(), path),
      /12 lost events, 12 in all .*; and 7 more\. /,
    );
  });

  test("never writes a head that is less far, and goes on after the disk refused one", async () => {
    const path = newFile();
    let log = await logOf({ acme: ["a", "b", "c"] });
    const notifications: (() => void)[] = [];
    const switched: EventLog = {
      ...log,
      heads: (...input) => log.heads(...input),
      load: (...input) => log.load(...input),
      watch: (listener) => {
        notifications.push(() => listener({ organizations: ["acme"], due: null }));
        return () => {};
      },
    };
    const kept = await keepHeads(switched, path, { everyMs: 1_000_000 });
    log = await logOf({ acme: ["a"] });
    for (const tell of notifications) tell();
    await kept.close();
    assert.equal((await readHeads(path))?.get("acme")?.position, 3);
  });
});
