/** The queue of appends, on a database that answers immediately. */
import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { openLists } from "../../../adapters/log/sql/append-lanes.ts";
import type { Database } from "../../../adapters/log/sql/database.ts";
import { type Waiting, waitingFor } from "../../../adapters/log/sql/pending-append.ts";
import { openPatience } from "../../../adapters/log/sql/retry.ts";
import { openAppendQueue } from "../../../adapters/log/sql/queue.ts";
import { appendedOf } from "../../../adapters/log/watchers.ts";
import { appendTo, newOrganization, rowOf } from "../../harness/contract/log/support.ts";
import { inTime } from "../../harness/contract/transport.ts";

/** A database in which every append is committed. */
const openDatabase = (organizations: readonly string[]): Database => ({
  query: (_, parameters) => {
    const texts = new Set(parameters.flat());
    const standing = organizations.filter((organization) => texts.has(organization));
    return Promise.resolve(standing.map((organization) => ({ organization })));
  },
});

/** Lets all callers go on that can, so often. */
const pass = async (turns: number, microtasks: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn++) await new Promise<void>((go) => process.nextTick(go));
  for (let microtask = 0; microtask < microtasks; microtask++) await Promise.resolve();
};

/** More than the arguments that one call can have. */
const MANY = 200_000;

test("batches, and whatever else goes, are taken out of however many wait", () => {
  const count = { batches: 0, slow: 0, known: 0, doubtful: 0 };
  const lists = openLists({ lanes: 1, most: 1 }, count, () => false);
  const organizations = Array.from({ length: 2 * MANY }, (_, at) => `waits-${at}`);
  const nothing = (): void => {};
  for (const organization of organizations) {
    lists.queue.push(waitingFor(appendTo(organization), nothing, nothing));
  }
  const isOdd = (organization: string): boolean => Number(organization.at(-1)) % 2 === 1;
  const named = (waiting: readonly Waiting[]) => waiting.map(({ append }) => append.organization);
  const batch = named(lists.next());
  assert.deepEqual(new Set(batch), new Set(organizations.slice(0, batch.length)));
  const rest = organizations.slice(batch.length);
  assert.ok(batch.length > 1);
  assert.deepEqual(named(lists.queue), rest);
  assert.deepEqual(
    named(lists.takeQueued(({ append }) => isOdd(append.organization))),
    rest.filter(isOdd),
  );
  assert.deepEqual(named(lists.queue), rest.filter((each) => !isOdd(each)));
});

test("a batch leaves those of one organization behind in their order, however many", () => {
  const lists = openLists(
    { lanes: 1, most: 1 },
    { batches: 0, slow: 0, known: 0, doubtful: 0 },
    () => false,
  );
  const nothing = (): void => {};
  const all = Array.from(
    { length: MANY },
    () => waitingFor(appendTo("one"), nothing, nothing),
  );
  for (const each of all) lists.queue.push(each);
  assert.deepEqual(lists.next().map((each) => all.indexOf(each)), [0]);
  assert.ok(lists.queue.every((each, at) => each === all[at + 1]));
  assert.equal(lists.queue.length, MANY - 1);
});

test("an append is notified with the earliest due time of its rows, however many", () => {
  const row = { ...rowOf("pn_1", {}), change: "put" } as const;
  const due = (at: number) => ({ ...row, work: { automation: "renewing", due: at } });
  const rows = [row, ...Array.from({ length: MANY }, (_, at) => due(at + 7)), due(9)] as const;
  assert.equal(appendedOf({ ...appendTo("one"), rows }).due, 7);
  assert.equal(appendedOf({ ...appendTo("one"), rows: [row] }).due, null);
});

test("the number of appends in each statement is told", async () => {
  const organizations = Array.from({ length: 5 }, newOrganization);
  const sizes: number[] = [];
  const onBatch = (size: number) => void sizes.push(size);
  const queue = openAppendQueue(openDatabase(organizations), openPatience(), 1, 1, onBatch);
  await Promise.all(organizations.map((organization) => queue.append(appendTo(organization))));
  assert.deepEqual(sizes, [5]);
});

test("an append is taken at whatever moment it comes after the last one", async () => {
  for (const lanes of [1, 2]) {
    for (let turns = 0; turns < 4; turns++) {
      for (let microtasks = 0; microtasks < 12; microtasks++) {
        const [first = "", second = ""] = [newOrganization(), newOrganization()];
        const queue = openAppendQueue(openDatabase([first, second]), openPatience(), lanes);
        await queue.append(appendTo(first));
        await pass(turns, microtasks);
        const { outcome } = await inTime(() => queue.append(appendTo(second)));
        const when = `${lanes} lanes, ${turns} turns and ${microtasks} microtasks later`;
        assert.equal(outcome, "appended", when);
        await queue.drained();
      }
    }
  }
});
