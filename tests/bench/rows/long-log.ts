/** Whether a purchase costs more in an organization of which much has happened. */
import { rebuildOrganization } from "../../../adapters/ledger/rebuild/mod.ts";
import type { Ledger } from "../../../adapters/ledger/mod.ts";
import { OPERATOR } from "../../../core/values/identity.ts";
import { numberAt, openBenchLedger, UNLIMITED, withLog } from "../engine.ts";
import { writeLog } from "../synthetic-log.ts";
import { alternate, median, ratioOf, type Round, timed_ms } from "../measure.ts";
import type { Row } from "../report.ts";

const EVENTS = 100_000;
const PURCHASES = 5;

/** Buys new numbers one after the other; returns milliseconds for each of them. */
const buyer = (ledger: Ledger, organization: string, take: () => number): Round => async () => {
  const buyAll = async (): Promise<void> => {
    for (let bought = 0; bought < PURCHASES; bought++) {
      const caller = { organization, actor: OPERATOR };
      const answer = await ledger.purchase(caller, { e164: numberAt(take()) });
      if (!answer.ok || answer.value.number.status !== "active") throw new Error("not bought");
    }
  };
  return await timed_ms(buyAll) / PURCHASES;
};

export const longLog: Row = {
  name: "long-log",
  run: ({ count, rounds }) =>
    withLog(async (log) => {
      const events = count(EVENTS);
      await writeLog(log, "long", events);
      await rebuildOrganization(log, "long");
      const ledger = openBenchLedger(log);
      await ledger.operator.open("new", { name: "New", plan: UNLIMITED });
      let bought = 0;
      const take = (): number => bought++;
      const taken = await alternate(3 * rounds, {
        long: buyer(ledger, "long", take),
        new: buyer(ledger, "new", take),
      });
      return [{
        what: `purchase with ${events.toLocaleString("en")} events`,
        figure: median(taken.long),
        unit: "ms",
        baseline: { what: "ms with an empty log", figure: median(taken.new) },
        ratio: ratioOf(taken.long, taken.new),
        goal: { atMost: 1.3 },
      }];
    }),
};
