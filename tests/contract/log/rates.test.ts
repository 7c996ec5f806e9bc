/** The statements of token buckets, by the clock of a database that is set. */
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { drawFrom, sweep } from "../../../adapters/log/sql/rates.ts";
import { sharedDatabase } from "../../support/database.ts";

const database = sharedDatabase();

/** A token comes in ten seconds, which is longer than any step of these tests takes. */
const PER_MINUTE = 6;

/** Draws from one bucket: how many it granted, and how many whole ones are left. */
const draw = async (tokens: number): Promise<readonly number[]> => {
  const [drawn] = await drawFrom(database(), [{ key: "a", perMinute: PER_MINUTE, tokens }]);
  return [drawn?.granted ?? -1, Math.floor(drawn?.left ?? -1)];
};

/** Sets the bucket's time, as if the database's clock had been set the other way. */
const move = (seconds: number) =>
  database().query(
    "update ledgerline.rate set at = clock_timestamp() + $1::float8 * interval '1 second'",
    [String(seconds)],
  );

/** The bucket's time, and whether the clock has passed it. */
const timeOf = async () => {
  const sql = "select at::text, (at <= clock_timestamp())::text as passed from ledgerline.rate";
  const [row] = await database().query(sql, []);
  return { at: row?.["at"], isPassed: row?.["passed"] === "true" };
};

const keys = async (order: string): Promise<readonly unknown[]> =>
  (await database().query(`select key from ledgerline.rate order by ${order}`, []))
    .map(({ key }) => key);

describe("a bucket in the database", () => {
  beforeEach(() => database().query("truncate ledgerline.rate", []));

  test("is full at first, grants what there is, and fills with time", async () => {
    assert.deepEqual(await draw(2), [2, 4]);
    await move(0);
    assert.deepEqual(await draw(0), [0, 4]);
    await move(-10);
    assert.deepEqual(await draw(0), [0, 5]);
    await move(-3_600);
    assert.deepEqual(await draw(0), [0, 6]);
    await move(0);
    assert.deepEqual(await draw(5), [5, 1]);
    await move(0);
    assert.deepEqual(await draw(5), [1, 0]);
    assert.equal((await timeOf()).isPassed, true);
  });

  test("gets nothing while its clock is set back, and its time from it once that is much", async () => {
    await draw(2);
    await move(9);
    const { at } = await timeOf();
    assert.deepEqual(await draw(1), [1, 3]);
    assert.equal((await timeOf()).at, at);
    await move(60);
    assert.deepEqual(await draw(1), [1, 2]);
    assert.equal((await timeOf()).isPassed, true);
  });

  test("is locked in one order, in which servers wait for each other", async () => {
    const drawn = async (keysInTurn: readonly string[]) => {
      await database().query("truncate ledgerline.rate", []);
      await drawFrom(database(), keysInTurn.map((key) => ({ key, perMinute: 1, tokens: 1 })));
      return (await keys("ctid")).map(String);
    };
    const order = await drawn(["c", "a", "d", "b"]);
    assert.deepEqual(await drawn(order.toReversed()), order);
    assert.equal(order.length, 4);
  });

  test("is forgotten when nothing was drawn for two minutes by its clock, many at a time", async () => {
    await database().query(
      `insert into ledgerline.rate (key, capacity, granted, tokens, at)
      select 'old ' || lpad(n::text, 5, '0'), 1, 0, 1, clock_timestamp() - interval '3 minutes'
        from generate_series(1, 10002) n
      union all select 'future', 1, 0, 1, clock_timestamp() + interval '3 minutes'
      union all select 'late', 1, 0, 1, clock_timestamp() - interval '1 minute'
      union all select 'early', 1, 0, 1, clock_timestamp() + interval '1 minute'`,
      [],
    );
    await sweep(database());
    assert.equal((await keys("key")).length, 5);
    await sweep(database());
    assert.deepEqual(await keys("key"), ["early", "late"]);
  });
});
