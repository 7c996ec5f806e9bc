/** The statements of leases, beside leases that differ in one thing each. */
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { LAPSED, openLeases } from "../../../adapters/log/sql/leases.ts";
import type { LeaseKey } from "../../../core/ports/mod.ts";
import { sharedDatabase } from "../../support/database.ts";

const database = sharedDatabase();

/** Longer than any test takes. */
const LONG_MS = 600_000;

const keyOf = (text: string): LeaseKey => {
  const [organization = "", kind = "", key = ""] = text.split(" ");
  return { organization, kind, key };
};

const KEY = "b k 2";
const BESIDE = ["a k 2", "c k 2", "b j 2", "b l 2", "b k 1", "b k 3"];

const sorted = (keys: readonly LeaseKey[]): readonly string[] =>
  keys.map(({ organization, kind, key }) => `${organization} ${kind} ${key}`).toSorted();

const take = async (
  leases: ReturnType<typeof openLeases>,
  keys: readonly string[],
  for_ms = LONG_MS,
) => sorted(await leases.take(keys.map(keyOf), for_ms));

/** What is leased, in the order in which it was added. */
const leased = async (): Promise<readonly string[]> =>
  (await database().query(
    `select organization || ' ' || kind || ' ' || key as name from ledgerline.lease
    order by ctid`,
    [],
  )).map(({ name }) => name ?? "");

/** Lets a lease lapse, as when its time is over. */
const lapse = (text: string) => {
  const { organization, kind, key } = keyOf(text);
  return database().query(
    `update ledgerline.lease set until = clock_timestamp() - interval '1 second'
    where organization = $1 and kind = $2 and key = $3`,
    [organization, kind, key],
  );
};

/** Those of which more than half of their time is left. */
const lasting = async (): Promise<readonly string[]> =>
  (await database().query(
    `select organization || ' ' || kind || ' ' || key as name from ledgerline.lease
    where until > clock_timestamp() + interval '${LONG_MS / 2} milliseconds' order by name`,
    [],
  )).map(({ name }) => name ?? "");

describe("a lease in the database", () => {
  beforeEach(() => database().query("truncate ledgerline.lease", []));

  test("is of its organization, kind and key alone", async () => {
    const [one, other] = [openLeases(database()), openLeases(database())];
    assert.deepEqual(await take(one, BESIDE), BESIDE.toSorted());
    assert.deepEqual(await take(other, [KEY]), [KEY]);
    assert.deepEqual(await take(other, [...BESIDE, KEY]), [KEY]);
    assert.deepEqual(await take(one, [KEY, "b k 3"]), ["b k 3"]);
    await one.end([keyOf(KEY)]);
    assert.equal((await leased()).length, BESIDE.length + 1);
    await other.end([keyOf(KEY), keyOf("a k 2")]);
    assert.deepEqual((await leased()).toSorted(), BESIDE.toSorted());
    await one.end([keyOf("a k 2"), keyOf("b k 3")]);
    assert.deepEqual((await leased()).toSorted(), ["b j 2", "b k 1", "b l 2", "c k 2"]);
  });

  test("lasts as long as it is taken for, and as long again when it is taken again", async () => {
    const [one, other] = [openLeases(database()), openLeases(database())];
    await take(one, [KEY, "b k 3"]);
    assert.deepEqual(await lasting(), [KEY, "b k 3"]);
    await lapse(KEY);
    assert.deepEqual(await lasting(), ["b k 3"]);
    assert.deepEqual(await take(other, [KEY, "b k 3"]), [KEY]);
    assert.deepEqual(await lasting(), [KEY, "b k 3"]);
    await lapse(KEY);
    assert.deepEqual(await take(other, [KEY]), [KEY]);
    assert.deepEqual(await lasting(), [KEY, "b k 3"]);
    assert.deepEqual(await take(one, [KEY]), []);
  });

  test("is added in one order, in which servers wait for each other", async () => {
    const keys = ["b k 2", "a k 1", "b k 1", "b j 3"];
    await take(openLeases(database()), keys);
    const order = await leased();
    assert.equal(order.length, keys.length);
    await database().query("truncate ledgerline.lease", []);
    await take(openLeases(database()), order.toReversed());
    assert.deepEqual(await leased(), order);
  });

  test("is deleted once it has lapsed, where nobody ends it", async () => {
    await take(openLeases(database()), [KEY, "b k 3"]);
    await lapse(KEY);
    await database().query(LAPSED, []);
    assert.deepEqual(await leased(), ["b k 3"]);
  });
});
