/** Two concurrent batches, as where the database works beside this process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Database, Parameter, Transact } from "../../../adapters/log/sql/database.ts";
import { SLOW_MS } from "../../../adapters/log/sql/queue.ts";
import { openSqlLog } from "../../../adapters/log/sql/log.ts";
import {
  appended,
  appendTo,
  eventsIn,
  newNumber,
  newOrganization,
} from "../../harness/contract/log/support.ts";
import { sharedDatabase } from "../../support/database.ts";
import { runs } from "../../support/runs.ts";
import { until } from "../../support/eventually.ts";
import { pause } from "../../support/pause.ts";

const database = sharedDatabase();

/** A statement that is sent, with the texts in its parameters; it arrives when it is let go. */
type Sent = { readonly texts: ReadonlySet<string>; readonly go: () => void };

const textsOf = (parameters: readonly Parameter[]): ReadonlySet<string> =>
  new Set(parameters.flat().filter((value) => typeof value === "string"));

/** A log of which two statements can be under way, and those that are. */
const openHeld = () => {
  const sent: Sent[] = [];
  const query: Database["query"] = async (sql, parameters) => {
    if (sql.includes("insert into ledgerline.event")) {
      await new Promise<void>((go) => sent.push({ texts: textsOf(parameters), go }));
    }
    return await database().query(sql, parameters);
  };
  const transaction: Transact = (work) => work(database());
  return { log: openSqlLog({ query, transaction }, () => Promise.resolve()), sent };
};

/** Until all callers that could go on have gone on. */
const settled = (): Promise<void> => pause(5, "what is not waited for would go on in it");

/** Until so many statements are under way. */
const untilSent = (sent: readonly Sent[], count: number): Promise<void> =>
  until(() => sent.length >= count);

const among = (names: readonly string[], { texts }: Sent): readonly string[] =>
  names.filter((name) => texts.has(name));

const manyOf = (count: number): readonly string[] =>
  Array.from({ length: count }, () => newOrganization());

test("many that wait are shared out between two statements", async () => {
  const { log, sent } = openHeld();
  const organizations = manyOf(40);
  const all = Promise.all(organizations.map((each) => appended(log, appendTo(each))));
  await untilSent(sent, 2);
  assert.deepEqual(sent.map((each) => among(organizations, each).length), [20, 20]);
  for (const { go } of sent) go();
  await all;
});

/** Sends one, then some more; how many statements there were then, and those after its end. */
const fewBesideOne = async () => {
  const { log, sent } = openHeld();
  const [first = "", ...others] = manyOf(6);
  const from = performance.now();
  const all = [appended(log, appendTo(first))];
  await untilSent(sent, 1);
  all.push(...others.map((each) => appended(log, appendTo(each))));
  await settled();
  const beside = sent.length;
  const took_ms = performance.now() - from;
  sent.shift()?.go();
  await all[0];
  await untilSent(sent, 1);
  const shares = sent.map((each) => among(others, each).length);
  while (sent.length > 0) sent.shift()?.go();
  await Promise.all(all);
  return { beside, shares, took_ms };
};

test("few that come while one is under way wait for it, and go together", async () => {
  // On a busy machine the first may count as slow by then, beside which others are sent.
  for (let tries = 0; tries < 50; tries++) {
    const { beside, shares, took_ms } = await fewBesideOne();
    if (beside > 1 && took_ms >= SLOW_MS / 2) continue;
    assert.equal(beside, 1);
    assert.deepEqual(shares, [5]);
    return;
  }
  assert.fail("the machine was too busy in 50 tries");
});

test("a close waits for both", async () => {
  const { log, sent } = openHeld();
  const organizations = manyOf(40);
  const all = Promise.all(organizations.map((each) => appended(log, appendTo(each))));
  await untilSent(sent, 2);
  const closed = log.close().then(() => "closed");
  for (const { go } of sent.splice(0)) {
    assert.equal(await Promise.race([closed, settled().then(() => "open")]), "open");
    go();
  }
  assert.equal(await closed, "closed");
  await all;
});

/** Appends at any head, each of one of 24 organizations; some claim one of 8 numbers. */
const ASKED = fc.array(
  fc.record({
    organization: fc.nat(23),
    number: fc.option(fc.nat(7), { freq: 3 }),
  }),
  { minLength: 30, maxLength: 80 },
);

test("two that are under way share no organization and no number, in whatever order they end", async () => {
  await fc.assert(
    fc.asyncProperty(ASKED, fc.infiniteStream(fc.nat(1)), async (asked, lots) => {
      const { log, sent } = openHeld();
      const organizations = manyOf(24);
      const numbers = Array.from({ length: 8 }, newNumber);
      let left = asked.length;
      const asking = asked.map(async ({ organization, number }) => {
        const e164 = number === null ? undefined : numbers[number];
        const claims = e164 === undefined ? [] : [{ key: e164, holder: "pn_1" }];
        const append = appendTo(organizations[organization] ?? "", { expected: "any", claims });
        const { outcome } = await log.append(append);
        left -= 1;
        return outcome === "appended" ? append : null;
      });
      while (left > 0) {
        await settled();
        const [one, other] = sent.map((each) => among([...organizations, ...numbers], each));
        assert.deepEqual(one?.filter((name) => other?.includes(name)) ?? [], []);
        sent.splice((lots.next().value ?? 0) % Math.max(1, sent.length), 1)[0]?.go();
      }
      const standing = (await Promise.all(asking)).filter((append) => append !== null);
      for (const organization of organizations) {
        const its = standing.filter((append) => append.organization === organization);
        assert.equal((await eventsIn(log, organization)).length, its.length);
      }
      for (const e164 of numbers) {
        const takers = standing.filter(({ claims }) => claims[0]?.key === e164);
        const wanted = asked.some(({ number }) => number !== null && numbers[number] === e164);
        assert.equal(takers.length, wanted ? 1 : 0);
      }
    }),
    { numRuns: runs(15) },
  );
});
