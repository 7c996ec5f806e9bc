import { rebuildAll } from "../../adapters/ledger/rebuild/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { allEventsOf } from "../../core/log/pages.ts";
import type { EventLog } from "../../core/ports/mod.ts";

/** Events that have version 2 since worlds were introduced. */
const SINCE_WORLDS = new Set([
  "PurchaseRequested",
  "NumberPurchased",
  "NumberImported",
  "NumberAdopted",
  "Renewed",
  "ReleaseRequested",
  "ReleaseStarted",
  "Released",
]);

/** What an event had before worlds and notices were introduced. */
const before = (data: unknown): object => {
  const { world: _world, place: _place, importedIn: _in, noticeAt: _at, ...had } = Object(data);
  if (!("term" in had)) return had;
  const { noticeAt: _notice, ...term } = had.term;
  return { ...had, term };
};

/** A copy of a log, with its rows, as it would have been written before worlds were introduced. */
export const withoutWorlds = async (log: EventLog): Promise<EventLog> => {
  const copy = openMemoryLog();
  for await (const page of allEventsOf(log)) {
    for (const { organization, at, actor, type, version, data } of page) {
      if (type === "NoticeGiven") continue;
      const event = SINCE_WORLDS.has(type)
        ? { type, version: 1, data: before(data) }
        : { type, version, data };
      const none = { command: null, rows: [], claims: [], free: [] };
      await copy.append({ organization, expected: "any", at, actor, events: [event], ...none });
    }
  }
  await rebuildAll(copy);
  return copy;
};
