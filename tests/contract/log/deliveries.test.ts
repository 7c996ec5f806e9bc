/** What is kept of deliveries in a database: how far it grows, and what enters its columns. */
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { openDeliveries } from "../../../adapters/log/sql/deliveries.ts";
import type { Deliveries, DeliveryAttempt } from "../../../core/ports/mod.ts";
import { ANSWERS } from "../../harness/contract/log/delivering-model.ts";
import { sharedDatabase } from "../../support/database.ts";

const database = sharedDatabase();

const deliveries = (): Deliveries => openDeliveries(database());

const attempt = (given: Partial<DeliveryAttempt>): DeliveryAttempt => ({
  id: "da_1",
  endpoint: "wh_1",
  organization: "acme",
  position: 1,
  event: "ev_1",
  attempt: 1,
  at: 1,
  status: null,
  failure: "timeout",
  ms: 1,
  answer: "",
  ...given,
});

const PROGRESS = {
  endpoint: "wh_1",
  organization: "acme",
  position: 1,
  hash: "h",
  pending: [],
  blockedUntil: null,
  failures: 0,
  version: 0,
};

const keep = (attempts: readonly DeliveryAttempt[]) =>
  deliveries().record([{ progress: null, attempts }]);

const idsOf = (attempts: readonly DeliveryAttempt[]): readonly string[] =>
  attempts.map(({ id }) => id);

const countOf = async (table: string): Promise<number> => {
  const [row] = await database().query(`select count(*) from ledgerline.${table}`, []);
  return Number(row?.["count"]);
};

beforeEach(async () => {
  for (const table of ["webhook_key", "delivery", "delivery_attempt"]) {
    await database().query(`truncate ledgerline.${table}`, []);
  }
});

describe("what is kept of deliveries", () => {
  test("has one key, however many ask for the first at the same time", async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => deliveries().key()));
    assert.equal(new Set(keys).size, 1);
    assert.equal(await countOf("webhook_key"), 1);
    const added = "insert into ledgerline.webhook_key (key) values ('other')";
    await assert.rejects(database().query(added, []), { code: "23505" });
  });

  test("drops the earliest attempts first, in steps, and none that are younger", async () => {
    await keep(["c", "a", "d", "b"].map((id) => attempt({ id, at: id.charCodeAt(0) })));
    const left = async () => idsOf(await deliveries().attempts("wh_1", {}, 10));
    assert.equal(await deliveries().forget("a".charCodeAt(0), 10), 0);
    assert.equal(await deliveries().forget("d".charCodeAt(0), 2), 2);
    assert.deepEqual(await left(), ["d", "c"]);
    assert.equal(await deliveries().forget("d".charCodeAt(0), 2), 1);
    assert.deepEqual(await left(), ["d"]);
  });

  test("keeps one row for each endpoint and log, and its attempts when it is removed", async () => {
    for (let version = 0; version < 50; version += 1) {
      const attempts = [attempt({ id: `da_${version}` })];
      assert.deepEqual(
        await deliveries().record([{ progress: { ...PROGRESS, version }, attempts }]),
        [true],
      );
    }
    assert.equal(await countOf("delivery"), 1);
    assert.equal(await deliveries().remove("wh_1", 10), 1);
    assert.equal(await countOf("delivery"), 0);
    assert.equal(await countOf("delivery_attempt"), 50);
    assert.equal(await deliveries().forget(2, 100), 50);
    assert.equal(await countOf("delivery_attempt"), 0);
  });

  test("drops the progress of one endpoint alone, in steps", async () => {
    const changes = ["a", "b", "c", "d", "e", "f"].map((organization, place) => ({
      progress: { ...PROGRESS, endpoint: place % 2 === 0 ? "wh_1" : "wh_2", organization },
      attempts: [],
    }));
    await deliveries().record(changes);
    const dropped = [3, 2, 1].map(() => deliveries().remove("wh_2", 2));
    assert.deepEqual(await Promise.all(dropped), [2, 1, 0]);
    const left = await deliveries().progress("wh_1", "", 10);
    assert.deepEqual(left.map(({ organization }) => organization), ["a", "c", "e"]);
    assert.deepEqual(await deliveries().progress("wh_2", "", 10), []);
  });
});

describe("an attempt", () => {
  test("keeps the first 500 characters of an answer, whatever they are", async () => {
    await keep(ANSWERS.map(([answer], at) => attempt({ id: `da_${at}`, at, answer })));
    const rows = await database().query(
      "select answer from ledgerline.delivery_attempt order by at",
      [],
    );
    assert.deepEqual(rows.map(({ answer }) => answer), ANSWERS.map(([, kept]) => kept));
  });

  test("is kept with the progress that it led to alone", async () => {
    const { record, attempts } = deliveries();
    await record([{ progress: PROGRESS, attempts: [] }]);
    const written = await record([
      { progress: PROGRESS, attempts: [attempt({ id: "da_no" })] },
      { progress: { ...PROGRESS, organization: "other" }, attempts: [attempt({ id: "da_yes" })] },
      { progress: { ...PROGRESS, organization: "none", version: 1 }, attempts: [] },
      { progress: null, attempts: [attempt({ id: "da_test" })] },
    ]);
    assert.deepEqual(written, [false, true, false, true]);
    assert.deepEqual(idsOf(await attempts("wh_1", {}, 10)), ["da_yes", "da_test"]);
  });
});
