/** What it costs that a server counts what it answers, with `METRICS`; nothing asks for it here. */
import { CALLERS, customer, NUMBERS } from "../customer.ts";
import { alternate, median, ratioOf } from "../measure.ts";
import { withLoad, withServer } from "../processes.ts";
import type { Line, Row, Scale } from "../report.ts";

const GOAL = { atLeast: 0.97 };
const METRICS = { METRICS: "token", METRICS_TOKEN: "for-nobody-but-a-benchmark" };

const run = ({ count, rounds }: Scale): Promise<readonly Line[]> =>
  withLoad((load) =>
    withServer(METRICS, (measuring) =>
      withServer({}, async (plain) => {
        const [measured, unmeasured] = [
          await customer(measuring, load),
          await customer(plain, load),
        ];
        const lineOf = async (what: "list" | "purchase", each: number): Promise<Line> => {
          const taken = await alternate(3 * rounds, {
            measured: measured[what](each),
            unmeasured: unmeasured[what](each),
          });
          const name = what === "list" ? `list of ${NUMBERS}` : what;
          return {
            what: `${name} with metrics, HTTP, ${CALLERS} callers`,
            figure: median(taken.measured),
            unit: "requests/s",
            baseline: { what: "without", figure: median(taken.unmeasured) },
            ratio: ratioOf(taken.measured, taken.unmeasured),
            goal: GOAL,
          };
        };
        return [await lineOf("list", count(2_000)), await lineOf("purchase", count(100))];
      }))
  );

export const observed: Row = { name: "metrics", run };
