import assert from "node:assert/strict";
import { test } from "node:test";
import { Closed } from "../../../adapters/ledger/engine/errors.ts";
import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import type { EventLog } from "../../../core/ports/mod.ts";
import { openTestApp } from "../../support/app.ts";
import { gate } from "../../support/gate.ts";
import { openWithNumbers } from "../../support/many-numbers.ts";
import { counting, NEVER_MS, takeUntil } from "./support.ts";

test("a ledger that closes ends those who follow, whether they wait, read or handle", async () => {
  const { log, count } = counting(openMemoryLog());
  // Reads of this organization never come back before the log is closed.
  const closed = gate();
  const slow: EventLog = {
    ...log,
    events: async (organization, ...rest) => {
      if (organization === "slow") await closed.opened;
      return await log.events(organization, ...rest);
    },
    close: async () => {
      await log.close();
      closed.open();
    },
  };
  const app = openTestApp({ log: slow });
  await app.organization("acme");
  const { ledger } = app;
  const options = { pollMs: NEVER_MS };
  const caughtUp = gate();
  const waiting = takeUntil(ledger.follow("acme", options), ({ length }) => {
    if (length === 2) caughtUp.open();
    return false;
  });
  const reading = takeUntil(ledger.follow("slow", options), () => false);
  const all = takeUntil(ledger.followAll(options), () => false);
  const handling = ledger.follow("acme", options)[Symbol.asyncIterator]();
  assert.equal((await handling.next()).value.position, 1);
  await caughtUp.opened;
  await app.close();
  assert.equal((await waiting).length, 2);
  assert.deepEqual(await reading, []);
  await all;
  assert.deepEqual(await handling.next(), { done: true, value: undefined });
  assert.equal(count(), 0);
  for (const late of [ledger.follow("acme"), ledger.followAll()]) {
    await assert.rejects(late[Symbol.asyncIterator]().next(), Closed);
  }
  await assert.rejects(ledger.ready(), Closed);
});

const readAll = (all: AsyncIterable<unknown>) => takeUntil(all, () => false);

test("a ledger that closes ends the lists that are read, and nothing is reported", async () => {
  const [asked, closed] = [gate(), gate()];
  let isHeld = false;
  const app = await openWithNumbers(300, (log) => ({
    list: async (...given) => {
      if (isHeld) {
        asked.open();
        await closed.opened;
      }
      return await log.list(...given);
    },
  }));
  const { ledger, caller, token } = app;
  const [between, reading] = [ledger.numberPages(caller), ledger.numberPages(caller)];
  const rest = between[Symbol.asyncIterator]();
  await rest.next();
  const headers = { authorization: `Bearer ${token}` };
  const response = await app.fetch(new Request("http://localhost/v1/phone-numbers", { headers }));
  isHeld = true;
  const held = assert.rejects(readAll(reading), Closed);
  await asked.opened;
  await app.close();
  closed.open();
  await held;
  await assert.rejects(readAll({ [Symbol.asyncIterator]: () => rest }), Closed);
  await assert.rejects(response.text(), Closed);
  await assert.rejects(readAll(ledger.numberPages(caller)), Closed);
  // It would report what was thrown.
  await app.close();
});
