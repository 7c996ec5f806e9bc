/** Whole purchases over HTTP: intent, quote, order and confirmation, each of them synced. */
import { numberAt } from "../engine.ts";
import type { LoadOrder, LoadRequest } from "../load.ts";
import { loadRound, postRequest } from "../load-requests.ts";
import { alternate, median, percentile, ratioOf } from "../measure.ts";
import { type Field, openOrganization, withServers } from "../processes.ts";
import type { Line, Row, Scale } from "../report.ts";

/** How many organizations take turns: enough that no two callers ever meet in one. */
const ORGANIZATIONS = 64;
const LEVELS = [
  { callers: 1, count: 60 },
  { callers: 8, count: 96 },
  { callers: 32, count: 192 },
];
const INSERTS_PER_PURCHASE = 2;

/** Purchases of numbers that were not bought yet, by one organization after the other. */
const openShop = (tokens: readonly string[]) => {
  let sold = 0;
  const next = (): LoadRequest => {
    const token = tokens[sold % tokens.length];
    const body = { e164: numberAt(sold++), direction: "both" };
    return postRequest("/v1/phone-numbers", body, token);
  };
  return (count: number): readonly LoadRequest[] => Array.from({ length: count }, next);
};

const measure = async (
  { server, bare, load }: Field,
  shop: ReturnType<typeof openShop>,
  { callers, count }: (typeof LEVELS)[number],
  rounds: number,
): Promise<Line> => {
  const latencies_ms: number[] = [];
  const insert = postRequest("/row", { e164: numberAt(0), direction: "both" });
  const purchases = (): LoadOrder => ({ url: server.url, callers, count, requests: shop(count) });
  const inserts = (): LoadOrder => ({
    url: bare,
    callers,
    count: INSERTS_PER_PURCHASE * count,
    requests: [insert],
  });
  const taken = await alternate(rounds, {
    ours: loadRound(load, purchases, latencies_ms),
    bare: loadRound(load, inserts),
  });
  const [p50, p99] = [percentile(latencies_ms, 0.5), percentile(latencies_ms, 0.99)];
  return {
    what: `purchase over HTTP, ${callers} ${callers === 1 ? "caller" : "callers"}`,
    figure: median(taken.ours),
    unit: "requests/s",
    baseline: { what: "Hono, one synced insert", figure: median(taken.bare) },
    ratio: ratioOf(taken.ours, taken.bare),
    goal: null,
    note: `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
  };
};

export const purchases: Row = {
  name: "purchase",
  run: ({ count, rounds }: Scale) =>
    withServers(async (field) => {
      const tokens: string[] = [];
      for (let place = 0; place < ORGANIZATIONS; place++) {
        tokens.push(await openOrganization(field.server, `organization-${place}`));
      }
      const shop = openShop(tokens);
      const lines: Line[] = [];
      for (const level of LEVELS) {
        lines.push(await measure(field, shop, { ...level, count: count(level.count) }, rounds));
      }
      return lines;
    }),
};
