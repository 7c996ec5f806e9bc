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

/** A copy of a log, with its rows, as it would have been written before worlds were introduced. */
export const withoutWorlds = async (log: EventLog): Promise<EventLog> => {
  const copy = openMemoryLog();
  for await (const page of allEventsOf(log)) {
    for (const { organization, at, actor, type, version, data } of page) {
      const { world: _world, place: _place, importedIn: _in, ...had } = Object(data);
      const event = SINCE_WORLDS.has(type)
        ? { type, version: 1, data: had }
        : { type, version, data };
      const none = { command: null, rows: [], claims: [], free: [] };
      await copy.append({ organization, expected: "any", at, actor, events: [event], ...none });
    }
  }
  await rebuildAll(copy);
  return copy;
};
