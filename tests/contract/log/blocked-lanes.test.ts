/** What the appends of blocked organizations cost the others, counted in the time of lanes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CalledOff, type Database } from "../../../adapters/log/sql/database.ts";
import { openPatience } from "../../../adapters/log/sql/retry.ts";
import { openAppendQueue } from "../../../adapters/log/sql/queue.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import { appendTo, newOrganization } from "../../harness/contract/log/support.ts";
import { pause } from "../../support/pause.ts";

const LANES = 2;
const MOST = 6;

const manyOf = (count: number): readonly string[] =>
  Array.from({ length: count }, () => newOrganization());

/** A database in which writes of the blocked organizations never end. */
const openHanging = (blocked: readonly string[], others: readonly string[]) => {
  const all = [...blocked, ...others];
  const open: Set<string>[] = [];
  let spent_ms = 0;
  let most = 0;
  const query: Database["query"] = async (sql, parameters, _, callOff_ms = 0) => {
    const texts = new Set(parameters.flat());
    const named = new Set(all.filter((organization) => texts.has(organization)));
    if (!sql.includes("insert into ledgerline.event")) return [];
    if (!blocked.some((organization) => named.has(organization))) {
      return [...named].map((organization) => ({ organization }));
    }
    open.push(named);
    most = Math.max(most, open.length);
    spent_ms += callOff_ms;
    await pause(callOff_ms, "a blocked statement is called off after that time");
    open.splice(open.indexOf(named), 1);
    throw new CalledOff("called off");
  };
  const transaction: Database["transaction"] = (work) => work({ query });
  return { database: { query, transaction }, spent: () => spent_ms, most: () => most };
};

/** The time until all are rejected, when each organization has so many appends waiting. */
const run = async (organizations: number, each: number) => {
  const [blocked, others] = [manyOf(organizations), manyOf(3)];
  const { database, spent, most } = openHanging(blocked, others);
  const queue = openAppendQueue(database, openPatience(), LANES, MOST);
  const write = (organization: string) => queue.append(appendTo(organization, { expected: "any" }));
  const rejections = Array.from({ length: each }, () => blocked).flat()
    .map((organization) => assert.rejects(write(organization), Unavailable));
  await Promise.all(others.map(write));
  const before_ms = spent();
  await Promise.all(rejections);
  await queue.drained();
  return { before_ms, spent_ms: spent(), most: most() };
};

/**
 * What the lanes of known ones can do until the last is given up: 5 s, and 2 s for what began then.
 */
const FIRST_MS = 7_000;

const COUNTS = [1, 4, 14, 40];

test("many blocked organizations take no more of the lanes than few", async (context) => {
  await Promise.all(
    COUNTS.map((organizations) =>
      context.test(`${organizations} of them`, async () => {
        const { before_ms, spent_ms, most } = await run(organizations, 4);
        // A batch that ends after 400 ms, and each of them once, for 150 ms, on the five lanes.
        assert.ok(
          before_ms <= 2 * 400 + organizations * 150 + MOST * 500,
          `${before_ms} ms before`,
        );
        const found_ms = 800 + organizations * 150;
        assert.ok(spent_ms <= found_ms + 2 * FIRST_MS, `${spent_ms} ms in all`);
        assert.ok(most < MOST, `${most} at a time`);
      })
    ),
  );
});
