/** Whole purchases over HTTP against synced inserts: intent, quote, order and confirmation. */
import { who } from "./appending.ts";
import { numberAt } from "./engine.ts";
import type { LoadOrder, LoadRequest } from "./load.ts";
import { loadRound, postRequest } from "./load-requests.ts";
import { alternate, median, percentile, ratioOf } from "./measure.ts";
import { type Field, openOrganization } from "./processes.ts";
import type { Goal, Line, Scale } from "./report.ts";

/** How many organizations take turns: enough that no two callers ever meet in one. */
const ORGANIZATIONS = 64;
const INSERTS_PER_PURCHASE = 2;

/** How many callers buy, and how many numbers in a round. */
export type Level = {
  readonly callers: number;
  readonly count: number;
  readonly goal?: Goal;
};

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
  where: string,
  { callers, count, goal }: Level,
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
    what: `purchase over HTTP${where}, ${who(callers)}`,
    figure: median(taken.ours),
    unit: "requests/s",
    baseline: { what: "Hono, one synced insert", figure: median(taken.bare) },
    ratio: ratioOf(taken.ours, taken.bare),
    goal: goal ?? null,
    note: `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
  };
};

/** Measures purchases by each of these numbers of callers; `where` is said of all of them. */
export const measurePurchases = async (
  field: Field,
  where: string,
  levels: readonly Level[],
  { count, rounds }: Scale,
): Promise<readonly Line[]> => {
  const tokens: string[] = [];
  for (let place = 0; place < ORGANIZATIONS; place++) {
    tokens.push(await openOrganization(field.server, `organization-${place}`));
  }
  const shop = openShop(tokens);
  const lines: Line[] = [];
  for (const level of levels) {
    const scaled = { ...level, count: count(level.count) };
    lines.push(await measure(field, shop, where, scaled, rounds));
  }
  return lines;
};
