/** Appends of one organization that follow one another and go together. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import type { Append, AppendOutcome, EventLog } from "../../../core/ports/mod.ts";
import type { Database } from "../../../adapters/log/sql/database.ts";
import { openSqlLog } from "../../../adapters/log/sql/log.ts";
import { following } from "../../harness/contract/log/following.ts";
import {
  appended,
  appendTo,
  drafts,
  eventsIn,
  headOf,
  newNumber,
  newOrganization,
  rowOf,
} from "../../harness/contract/log/support.ts";
import { sharedDatabase } from "../../support/database.ts";

const database = sharedDatabase();

const isAppend = (sql: string): boolean => sql.includes("insert into ledgerline.event");

/** What happens to the append statements of a log, by their number from 0. */
type Trouble = (number: number, send: () => Promise<unknown>) => Promise<void>;

/** A log that counts its append statements. */
const openCounted = (trouble: Trouble = () => Promise.resolve(), isShared = false) => {
  const sent = { count: 0 };
  const query: Database["query"] = async (sql, ...rest) => {
    const send = () => database().query(sql, ...rest);
    if (isAppend(sql)) await trouble(sent.count++, send);
    return await send();
  };
  const transaction: Database["transaction"] = (work) => work(database());
  const log = openSqlLog(isShared ? { query, transaction } : { query }, () => Promise.resolve());
  return { log, sent };
};

const lost = (): never => {
  throw new Unavailable("the connection was lost");
};

/** So many appends that follow one another from the beginning, with changes to some. */
const chainOf = (
  organization: string,
  count: number,
  change: (index: number) => Partial<Omit<Append, "rows">> = () => ({}),
): readonly Append[] =>
  following(
    EMPTY_HEAD,
    Array.from({ length: count }, (_, index) =>
      appendTo(organization, { at: index, rows: [rowOf("self", index)], ...change(index) })),
  );

/** Gives them all before any has its outcome; what became of each. */
const giveAll = async (log: EventLog, appends: readonly Append[]) => {
  const settled = await Promise.allSettled(appends.map((append) => log.append(append)));
  return settled.map((one): AppendOutcome["outcome"] | "unknown" =>
    one.status === "fulfilled" ? one.value.outcome : "unknown"
  );
};

const all = <Kind extends string>(count: number, kind: Kind): Kind[] =>
  Array.from({ length: count }, () => kind);

describe("appends that follow one another", () => {
  test("go in one statement", async () => {
    const { log, sent } = openCounted();
    const outcomes = await giveAll(log, chainOf(newOrganization(), 64));
    assert.deepEqual(outcomes, all(64, "appended"));
    assert.equal(sent.count, 1);
  });

  test("go in one statement where two are sent at the same time, and with those of others", async () => {
    const { log, sent } = openCounted(undefined, true);
    const chains = [newOrganization(), newOrganization()].map((each) => chainOf(each, 50));
    const outcomes = await giveAll(log, chains.flat());
    assert.deepEqual(outcomes, all(100, "appended"));
    assert.ok(sent.count <= 2, String(sent.count));
  });

  test("go in two where they name one number, or are too many", async () => {
    const [organization, key] = [newOrganization(), newNumber()];
    const claim = { key, holder: "pn_1" };
    const { log, sent } = openCounted();
    const change = (index: number) =>
      index === 1 ? { claims: [claim] } : index === 3 ? { free: [claim] } : {};
    assert.deepEqual(await giveAll(log, chainOf(organization, 5, change)), all(5, "appended"));
    assert.equal(sent.count, 2);
    assert.deepEqual((await log.load(organization, { claims: [key] })).claims, []);
    assert.deepEqual(await giveAll(log, chainOf(newOrganization(), 200)), all(200, "appended"));
    assert.equal(sent.count, 4);
  });

  test("leave a large one to go alone", async () => {
    const { log, sent } = openCounted();
    const change = (index: number) => index === 2 ? { events: drafts(80) } : {};
    const outcomes = await giveAll(log, chainOf(newOrganization(), 5, change));
    assert.deepEqual(outcomes, all(5, "appended"));
    assert.equal(sent.count, 3);
  });
});

describe("appends that follow one another, where one cannot be committed", () => {
  test("are refused by one statement where the head has moved on", async () => {
    const organization = newOrganization();
    const { log, sent } = openCounted();
    await appended(log, appendTo(organization, { at: 99 }));
    assert.deepEqual(await giveAll(log, chainOf(organization, 64)), all(64, "conflict"));
    assert.equal(sent.count, 2);
  });

  for (const place of [0, 1, 31, 63]) {
    test(`are found out in few statements where the number of one is taken (${place})`, async () => {
      const [organization, key] = [newOrganization(), newNumber()];
      const { log, sent } = openCounted();
      await appended(log, appendTo(newOrganization(), { claims: [{ key, holder: "pn_1" }] }));
      sent.count = 0;
      const change = (index: number) => ({
        claims: [{ key: index === place ? key : newNumber(), holder: `pn_${index}` }],
      });
      const outcomes = await giveAll(log, chainOf(organization, 64, change));
      assert.deepEqual(outcomes, [
        ...all(place, "appended"),
        "claimed",
        ...all(63 - place, "conflict"),
      ]);
      assert.equal((await headOf(log, organization)).position, place);
      assert.ok(sent.count <= 16, `${sent.count} statements`);
    });
  }

  test("are found out in few statements where a command is repeated", async () => {
    const organization = newOrganization();
    const { log, sent } = openCounted();
    const command = (index: number) => ({ command: { id: `c-${index}`, fingerprint: "f" } });
    const first = appendTo(organization, { at: 99, ...command(40) });
    const { head } = await appended(log, first);
    sent.count = 0;
    const appends = following(
      head,
      chainOf(organization, 64).map((append, index) => ({ ...append, ...command(index) })),
    );
    assert.deepEqual(await giveAll(log, appends), [
      ...all(40, "appended"),
      "repeated",
      ...all(23, "conflict"),
    ]);
    assert.ok(sent.count <= 16, `${sent.count} statements`);
  });
});

describe("appends that follow one another, and are not answered", () => {
  for (const isDone of [false, true]) {
    test(`are there once where they were ${isDone ? "done" : "never done"}`, async () => {
      const organization = newOrganization();
      const { log } = openCounted(async (number, send) => {
        if (number > 0) return;
        if (isDone) await send();
        lost();
      });
      assert.deepEqual(await giveAll(log, chainOf(organization, 20)), all(20, "appended"));
      const events = await eventsIn(log, organization);
      assert.deepEqual(events.map(({ at }) => at), Array.from({ length: 20 }, (_, at) => at));
    });
  }
});

describe("appends that follow one another, and are not answered while others append", () => {
  test("are conflicts where they were never done and another took their place", async () => {
    const organization = newOrganization();
    const other = openSqlLog(database(), () => Promise.resolve());
    const { log } = openCounted(async (number) => {
      if (number > 0) return;
      await appended(other, appendTo(organization, { at: 99 }));
      lost();
    });
    assert.deepEqual(await giveAll(log, chainOf(organization, 20)), all(20, "conflict"));
    assert.equal((await headOf(log, organization)).position, 1);
  });

  test("are there once where others have followed them before they were looked for", async () => {
    const organization = newOrganization();
    const other = openSqlLog(database(), () => Promise.resolve());
    const { log } = openCounted(async (number, send) => {
      if (number > 0) return;
      await send();
      await appended(other, appendTo(organization, { at: 99, expected: "any" }));
      lost();
    });
    assert.deepEqual(await giveAll(log, chainOf(organization, 20)), all(20, "appended"));
    assert.equal((await headOf(log, organization)).position, 21);
  });

  test("are there once where those that are tried again go with further ones", async () => {
    const organization = newOrganization();
    const appends = chainOf(organization, 30);
    const later: Promise<unknown>[] = [];
    const { log } = openCounted(async (number, send) => {
      if (number > 0) return;
      await send();
      later.push(giveAll(log, appends.slice(20)));
      lost();
    });
    assert.deepEqual(await giveAll(log, appends.slice(0, 20)), all(20, "appended"));
    assert.deepEqual(await Promise.all(later), [all(10, "appended")]);
    const events = await eventsIn(log, organization);
    assert.deepEqual(events.map(({ at }) => at), Array.from({ length: 30 }, (_, at) => at));
  });

  test("stay unknown, all of them, where another has the number of the first and may give it back", async () => {
    const [organization, holder, key] = [newOrganization(), newOrganization(), newNumber()];
    const held = { key, holder: "pn_1" };
    const other = openSqlLog(database(), () => Promise.resolve());
    const late: (() => Promise<unknown>)[] = [];
    const { log } = openCounted(async (number, send) => {
      if (number > 0) return;
      late.push(send);
      await appended(other, appendTo(holder, { claims: [held] }));
      lost();
    });
    const change = (index: number) => index === 0 ? { claims: [{ key, holder: "pn_2" }] } : {};
    assert.deepEqual(await giveAll(log, chainOf(organization, 3, change)), all(3, "unknown"));
    await appended(other, appendTo(holder, { expected: "any", free: [held] }));
    for (const send of late) await send();
    assert.equal((await headOf(log, organization)).position, 3);
  });
});
