/** What counting requests costs: the same application on the same ledger, with and without it. */
import { openMemoryLimiter } from "../../../adapters/limiter/memory.ts";
import { OPERATOR } from "../../../core/values/identity.ts";
import { createApp } from "../../../http/app.ts";
import { COUNTED, numberAt, openBenchLedger, withLog } from "../engine.ts";
import type { LoadRequest } from "../load.ts";
import { type Fetch, getRequest, postRequest, sending } from "../load-requests.ts";
import { alternate, median, ratioOf } from "../measure.ts";
import type { Line, Row, Scale } from "../report.ts";

const NUMBERS = 20;
const ORGANIZATION = "acme";
const PATH = "/v1/phone-numbers";
const GOAL = { atLeast: 0.97 };

const compared = async (
  what: string,
  { count, rounds }: { readonly count: number; readonly rounds: number },
  apps: { readonly counted: Fetch; readonly uncounted: Fetch },
  next: () => LoadRequest,
): Promise<Line> => {
  const taken = await alternate(rounds, {
    counted: sending(apps.counted, count, next),
    uncounted: sending(apps.uncounted, count, next),
  });
  return {
    what: `${what} with rate limits, in process`,
    figure: median(taken.counted),
    unit: "requests/s",
    baseline: { what: "without", figure: median(taken.uncounted) },
    ratio: ratioOf(taken.counted, taken.uncounted),
    goal: GOAL,
  };
};

export const limits: Row = {
  name: "limits",
  run: ({ count, rounds }: Scale) =>
    withLog(async (log) => {
      const ledger = openBenchLedger(log);
      await ledger.operator.open(ORGANIZATION, { name: "Acme", plan: COUNTED });
      const user = { email: "alice@example.com", name: "Alice Johnson", sandbox: false };
      const issued = await ledger.operator.issueToken(ORGANIZATION, user);
      if (!issued.ok) throw new Error(issued.error.message);
      const { token } = issued.value;
      const caller = { organization: ORGANIZATION, actor: OPERATOR };
      for (let index = 0; index < NUMBERS; index++) {
        await ledger.purchase(caller, { e164: numberAt(index) });
      }
      const [counted, uncounted] = [openMemoryLimiter(), null].map((limiter) =>
        createApp({ ledger, adminToken: null, limiter })
      );
      if (counted === undefined || uncounted === undefined) throw new Error("no application");
      const apps = {
        counted: (asked: Request) => counted.fetch(asked),
        uncounted: (asked: Request) => uncounted.fetch(asked),
      };
      const list = getRequest(PATH, token);
      const lists = await compared(
        `list of ${NUMBERS}`,
        { count: count(600), rounds },
        apps,
        () => list,
      );
      let sold = NUMBERS;
      const buy = () => postRequest(PATH, { e164: numberAt(sold++) }, token);
      return [lists, await compared("purchase", { count: count(100), rounds }, apps, buy)];
    }),
};
