/** The statement of an append that is refused, and which of them the database refuses as well. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Database } from "../../../adapters/log/sql/database.ts";
import { openSqlLog } from "../../../adapters/log/sql/log.ts";
import {
  appended,
  appendTo,
  drafts,
  newNumber,
  newOrganization,
} from "../../harness/contract/log/support.ts";
import type { Append } from "../../../core/ports/mod.ts";
import { sharedDatabase } from "../../support/database.ts";

const database = sharedDatabase();

/** A log, and the codes of the statements that its database refused. */
const openCounted = () => {
  const refused: unknown[] = [];
  const query: Database["query"] = async (sql, parameters) => {
    try {
      return await database().query(sql, parameters);
    } catch (error) {
      refused.push(error instanceof Error && "code" in error ? error.code : error);
      throw error;
    }
  };
  return { log: openSqlLog({ query }, () => Promise.resolve()), refused };
};

describe("an append with several claims", { timeout: 600_000 }, () => {
  const claim = () => ({ key: newNumber(), holder: "pn_1" });

  test("fails its statement where it gets some of them, which gives back what it got", async () => {
    const { log, refused } = openCounted();
    const [taken, free] = [claim(), claim()];
    await appended(log, appendTo(newOrganization(), { claims: [taken] }));
    const { outcome } = await log.append(appendTo(newOrganization(), { claims: [taken, free] }));
    assert.deepEqual([outcome, refused], ["claimed", ["22P02"]]);
    await appended(log, appendTo(newOrganization(), { claims: [free] }));
  });

  test("fails its statement where it gets all of them but one", async () => {
    const { log, refused } = openCounted();
    for (const place of [0, 1, 2]) {
      const claims = [claim(), claim(), claim()];
      const [taken] = claims.slice(place);
      await appended(log, appendTo(newOrganization(), { claims: claims.slice(place, place + 1) }));
      const { outcome } = await log.append(appendTo(newOrganization(), { claims }));
      assert.equal(outcome, "claimed");
      const free = claims.filter((each) => each !== taken);
      await appended(log, appendTo(newOrganization(), { claims: free }));
    }
    assert.deepEqual(refused, ["22P02", "22P02", "22P02"]);
  });

  test("fails no statement where it gets none of them, and another beside it all", async () => {
    const { log, refused } = openCounted();
    const [taken, free] = [[claim(), claim()], [claim(), claim()]];
    await appended(log, appendTo(newOrganization(), { claims: taken }));
    const outcomes = await Promise.all([
      // Lets those behind it gather.
      log.append(appendTo(newOrganization())),
      log.append(appendTo(newOrganization("a"), { claims: taken })),
      log.append(appendTo(newOrganization("b"), { claims: free })),
      log.append(appendTo(newOrganization("c"), { claims: taken.toReversed() })),
    ]);
    assert.deepEqual(outcomes.map(({ outcome }) => outcome), [
      "appended",
      "claimed",
      "appended",
      "claimed",
    ]);
    assert.deepEqual(refused, []);
  });

  test("fails no statement where it gets none of them, or all", async () => {
    const { log, refused } = openCounted();
    const claims = [claim(), claim()];
    await appended(log, appendTo(newOrganization(), { claims }));
    const { outcome } = await log.append(appendTo(newOrganization(), { claims }));
    assert.deepEqual([outcome, refused], ["claimed", []]);
  });
});

describe("an append that is refused", { timeout: 600_000 }, () => {
  const command = { id: "c-1", fingerprint: "f" };
  const taken = { key: newNumber(), holder: "pn_1" };
  const head = { position: 3, hash: "0".repeat(64) };
  const refusals: Readonly<Record<string, readonly [string, Partial<Omit<Append, "rows">>]>> = {
    "for a head that has moved on": ["conflict", {}],
    "for a head that was never there": ["conflict", { expected: { ...head, position: 9 } }],
    "for another hash": ["conflict", { expected: head }],
    "for a hash of the empty head": ["conflict", { expected: { ...head, position: 0 } }],
    "for its command": ["repeated", { expected: "any", command }],
    "for its claim": ["claimed", { expected: "any", claims: [taken] }],
  };
  for (const [why, [refusal, more]] of Object.entries(refusals)) {
    for (const count of [1, 2]) {
      test(`${why} fails no statement, ${count === 1 ? "alone" : "among others"}`, async () => {
        const { log, refused } = openCounted();
        const [organization, other] = [newOrganization("b"), newOrganization("a")];
        await log.append(appendTo(newOrganization(), { claims: [taken] }));
        const first = await appended(log, appendTo(organization, { command }));
        const second = { expected: first.head, events: drafts(2) };
        await appended(log, appendTo(organization, second));
        refused.length = 0;
        for (const events of [drafts(1), drafts(2)]) {
          // What is sent first lets those behind it gather.
          const [, { outcome }] = await Promise.all([
            appended(log, appendTo(newOrganization())),
            log.append(appendTo(organization, { events, ...more })),
            ...count === 1 ? [] : [appended(log, appendTo(other, { expected: "any" }))],
          ]);
          assert.deepEqual([outcome, refused], [refusal, []]);
        }
      });
    }
  }
});
