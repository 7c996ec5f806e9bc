/**
 * What counting requests costs: two servers over HTTP, one of which counts; and one ledger behind
 * two applications in process, where nothing else is in the way.
 */
import type { RateLimiter } from "../../../core/ports/mod.ts";
import { openMemoryLimiter } from "../../../adapters/limiter/memory.ts";
import { OPERATOR } from "../../../core/values/identity.ts";
import { createApp } from "../../../http/app.ts";
import { COUNTED, numberAt, openBenchLedger, withLog } from "../engine.ts";
import { CALLERS, customer, NUMBERS, ORGANIZATION, PATH } from "../customer.ts";
import { type Fetch, getRequest, sending } from "../load-requests.ts";
import { alternate, median, ratioOf, type Samples } from "../measure.ts";
import { withLoad, withServer } from "../processes.ts";
import type { Line, Row, Scale } from "../report.ts";

const GOAL = { atLeast: 0.97 };

type Subject = "counted" | "uncounted";

const lineOf = (what: string, taken: Samples<Subject>, goal: Line["goal"]): Line => ({
  what,
  figure: median(taken.counted),
  unit: "requests/s",
  baseline: { what: "without", figure: median(taken.uncounted) },
  ratio: ratioOf(taken.counted, taken.uncounted),
  goal,
});

const overHttp = ({ count, rounds }: Scale): Promise<readonly Line[]> =>
  withLoad((load) =>
    withServer({ RATE_LIMITS: "on" }, (counting) =>
      withServer({}, async (plain) => {
        const counted = await customer(counting, load);
        const uncounted = await customer(plain, load);
        const compared = async (what: "list" | "purchase", each: number) =>
          await alternate(3 * rounds, {
            counted: counted[what](each),
            uncounted: uncounted[what](each),
          });
        const how = `with rate limits, HTTP, ${CALLERS} callers`;
        return [
          lineOf(`list of ${NUMBERS} ${how}`, await compared("list", count(2_000)), GOAL),
          lineOf(`purchase ${how}`, await compared("purchase", count(100)), GOAL),
        ];
      }))
  );

const inProcess = ({ count, rounds }: Scale): Promise<readonly Line[]> =>
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
    const roundOf = (limiter: RateLimiter | null) => {
      const app = createApp({ ledger, adminToken: null, limiter });
      const fetch: Fetch = (asked) => app.fetch(asked);
      return sending(fetch, count(2_000), () => getRequest(PATH, token));
    };
    const taken = await alternate(3 * rounds, {
      counted: roundOf(openMemoryLimiter()),
      uncounted: roundOf(null),
    });
    return [lineOf(`list of ${NUMBERS} with rate limits, in process`, taken, null)];
  });

export const limits: Row = {
  name: "limits",
  run: async (scale) => [...await overHttp(scale), ...await inProcess(scale)],
};
