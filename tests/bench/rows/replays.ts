/** A purchase that is repeated under its `Idempotency-Key` against a read of its number. */
import { CALLERS, customer, PATH } from "../customer.ts";
import { numberAt } from "../engine.ts";
import { getRequest, loadRound, postRequest } from "../load-requests.ts";
import { alternate, median, ratioOf } from "../measure.ts";
import { withLoad, withServer } from "../processes.ts";
import type { Line, Row, Scale } from "../report.ts";

const KEY = { "idempotency-key": "order-1" };

const run = ({ count, rounds }: Scale): Promise<readonly Line[]> =>
  withLoad((load) =>
    withServer({}, async (server) => {
      const { token } = await customer(server, load);
      const authorization = `Bearer ${token}`;
      const list = await fetch(`${server.url}${PATH}`, { headers: { authorization } });
      const [{ id }] = await list.json();
      const bought = postRequest(PATH, { e164: numberAt(1_000) }, token);
      const order = { ...bought, headers: { ...bought.headers, ...KEY } };
      await load({ url: server.url, callers: 1, count: 1, requests: [order] });
      const asking = { url: server.url, callers: CALLERS, count: count(2_000) };
      const taken = await alternate(3 * rounds, {
        replay: loadRound(load, () => ({ ...asking, requests: [order] })),
        read: loadRound(load, () => ({
          ...asking,
          requests: [getRequest(`${PATH}/${id}`, token)],
        })),
      });
      return [{
        what: `purchase that is repeated under its key, HTTP, ${CALLERS} callers`,
        figure: median(taken.replay),
        unit: "requests/s",
        baseline: { what: "a read of a number", figure: median(taken.read) },
        ratio: ratioOf(taken.replay, taken.read),
        // It takes 1.2 times as long as a read at the most.
        goal: { atLeast: 1 / 1.2 },
      }];
    })
  );

export const replays: Row = { name: "replays", run };
