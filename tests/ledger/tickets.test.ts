/** Tickets for places: which call enters next, and what a ticket that is given back leaves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openTickets, type Tickets } from "../../adapters/ledger/engine/tickets.ts";
import { endsWithin } from "../../adapters/ledger/engine/time-limit.ts";

/** Takes a ticket for each of these parties, in turn. */
const take = (tickets: Tickets, parties: string) =>
  [...parties].map((party) => tickets.take(party) ?? assert.fail(`${party} got no ticket`));

const inside = (taken: ReturnType<typeof take>): string =>
  taken.filter(({ isIn, isOver }) => isIn && !isOver).map(({ party }) => party).join("");

test("parties take turns, each with no more than its places, and in its own order", () => {
  const tickets = openTickets({ places: 2, each: 1, waiting: 10 });
  const taken = take(tickets, "aaabc");
  assert.equal(inside(taken), "ab");
  assert.deepEqual(["a", "b", "c", "d"].map((party) => tickets.count(party)), [3, 1, 1, 0]);
  const entered: number[] = [];
  for (const [place, ticket] of taken.entries()) ticket.enter = () => void entered.push(place);
  for (const place of [0, 3, 1, 4, 2]) tickets.giveBack(taken[place] ?? assert.fail());
  assert.deepEqual(entered, [1, 4, 2]);
  assert.deepEqual(["a", "b", "c"].map((party) => tickets.count(party)), [0, 0, 0]);
});

test("a ticket that is given back while it waits takes no place, and no other's turn", () => {
  const tickets = openTickets({ places: 1, each: 1, waiting: 10 });
  const taken = take(tickets, "abbc");
  const [a, first, second, c] = taken;
  assert.ok(a && first && second && c);
  tickets.giveBack(first);
  assert.deepEqual([inside(taken), tickets.count("b")], ["a", 1]);
  tickets.giveBack(first);
  assert.equal(tickets.count("b"), 1, "once more does nothing");
  tickets.giveBack(second);
  assert.equal(tickets.count("b"), 0);
  tickets.giveBack(a);
  assert.equal(inside(taken), "c");
  assert.equal(second.isIn, false);
  tickets.giveBack(a);
  assert.deepEqual([inside(taken), inside(take(tickets, "d"))], ["c", ""]);
});

test("no more of a party wait than may", () => {
  const tickets = openTickets({ places: 1, each: 1, waiting: 2 });
  const [first] = take(tickets, "aaa");
  assert.equal(tickets.take("a"), null);
  assert.equal(tickets.count("a"), 3);
  assert.notEqual(tickets.take("b"), null);
  tickets.giveBack(first ?? assert.fail());
  // The one that waited longest is the next.
  assert.equal(tickets.count("b"), 1);
  assert.notEqual(tickets.take("a"), null);
});

test("work that takes too long is not waited for, and what it then throws reaches nobody", async () => {
  assert.equal(await endsWithin(60_000, Promise.resolve()), true);
  await assert.rejects(endsWithin(60_000, Promise.reject(new Error("a storm"))), /a storm/);
  let fail: (error: Error) => void = () => undefined;
  const work = new Promise<void>((_resolve, reject) => fail = reject);
  assert.equal(await endsWithin(1, work), false);
  fail(new Error("a storm"));
  await assert.rejects(work, /a storm/);
});
