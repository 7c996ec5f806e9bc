/** How much of an organization's log is read to answer a page of a number's history. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { EventLog, RecordedEvent } from "../../core/ports/mod.ts";
import { openTestApp, type TestApp } from "../support/app.ts";
import { buy, type Talk, userOf } from "./talk-support.ts";

/** So many that one would see it if they were read. */
const EARLIER = 1_200;

/** What was read of the log since it was last asked. */
let read: { calls: number; events: number };
let app: TestApp;
let call: Talk;

const counted = (log: EventLog): EventLog => {
  const count = (page: readonly RecordedEvent[]): readonly RecordedEvent[] => {
    read = { calls: read.calls + 1, events: read.events + page.length };
    return page;
  };
  return {
    ...log,
    events: async (...asked) => count(await log.events(...asked)),
    eventsAbout: async (...asked) => count(await log.eventsAbout(...asked)),
  };
};

before(async () => {
  read = { calls: 0, events: 0 };
  app = openTestApp({ log: counted(openMemoryLog()) });
  const token = await app.organization("team_1", "Scale");
  for (let name = 0; name < EARLIER; name += 1) {
    await app.ledger.operator.nameAssistant("team_1", { assistant: "a", name: `n${name}` });
  }
  call = userOf(app, token);
});

after(() => app.close());

/** A page of a history, and what was read for it. */
const historyOf = async (id: string, query = "") => {
  read = { calls: 0, events: 0 };
  const { status, json } = await call("GET", `/ledger/numbers/${id}/history${query}`);
  return { status, json, read };
};

const lastOf = async (id: string): Promise<number> => {
  const { json } = await historyOf(id);
  return json.events.at(-1).position;
};

test("asking for what came after a held number's last event reads nothing before it", async () => {
  const id = await buy(call, "+14155550101");
  const last = await lastOf(id);
  const nothing = await historyOf(id, `?after=${last}`);
  assert.deepEqual([nothing.status, nothing.json], [200, { events: [], next: null }]);
  assert.deepEqual(nothing.read, { calls: 1, events: 0 });
  await call("PATCH", `/ledger/numbers/${id}`, { body: { label: "Desk" } });
  const one = await historyOf(id, `?after=${last}`);
  assert.equal(one.json.events.length, 1);
  assert.equal(one.read.events, 1);
});

test("a released number is still distinguished from one that never was, by the log", async () => {
  const id = await buy(call, "+14155550102");
  await call("DELETE", `/ledger/numbers/${id}`);
  await app.ledger.work.run();
  const last = await lastOf(id);
  const gone = await historyOf(id, `?after=${last}`);
  assert.deepEqual([gone.status, gone.json], [200, { events: [], next: null }]);
  assert.ok(gone.read.calls > 1 && gone.read.events < 20, `${gone.read.events} events`);
  const never = await historyOf("pn_nobody", `?after=${last}`);
  assert.deepEqual([never.status, never.json.code], [404, "NUMBER_UNKNOWN"]);
});
