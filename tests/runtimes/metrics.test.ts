/** What a server measures of itself, and who may read it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import { openMeasures } from "../../adapters/runtimes/metrics/mod.ts";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { ADMIN_TOKEN, requester } from "../support/app.ts";
import { BOTH, METRICS_TOKEN, openServers, read, readBy, settingsOf, valueIn } from "./metrics.ts";

const { openServer, closeAll } = openServers();
after(closeAll);

describe("GET /metrics", () => {
  test("is 404 where nothing is measured, and where /admin has a port of its own", async () => {
    const off = await openServer({ ADMIN_TOKEN });
    assert.equal((await read(off.fetch, ADMIN_TOKEN)).status, 404);
    const apart = await openServer({ ...BOTH, ADMIN_PORT: "0" });
    assert.ok(apart.adminFetch !== null);
    for (const token of [METRICS_TOKEN, ADMIN_TOKEN]) {
      assert.equal((await read(apart.fetch, token)).status, 404);
      assert.equal((await read(apart.adminFetch, token)).status, 200);
    }
  });

  test("is for the operator and for who has the token, which opens nothing else", async () => {
    const server = await openServer(BOTH);
    const request = requester(async (asked) => await server.fetch(asked));
    const { ledger } = server;
    await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
    const user = { email: "a@example.com", name: "A", sandbox: true };
    const issued = await ledger.operator.issueToken("acme", user);
    assert.ok(issued.ok);
    for (const token of [null, issued.value.token, `${METRICS_TOKEN}x`, "x"]) {
      const { status, text, headers } = await read(server.fetch, token);
      assert.equal(status, 401);
      assert.equal(headers.get("content-type"), "application/problem+json");
      assert.doesNotMatch(text, /ledgerline_/);
    }
    for (const token of [METRICS_TOKEN, ADMIN_TOKEN]) {
      assert.equal((await read(server.fetch, token)).status, 200);
    }
    for (const path of ["/admin/heads", "/v1/phone-numbers", "/ledger/numbers"]) {
      assert.equal((await request("GET", path, { token: METRICS_TOKEN })).status, 401, path);
    }
    const { status, headers } = await request("POST", "/metrics", { token: METRICS_TOKEN });
    assert.deepEqual([status, headers.get("allow")], [405, "GET, HEAD"]);
  });

  test("is for the operator alone where there is no token for it", async () => {
    const server = await openServer({ ADMIN_TOKEN, METRICS: "token" });
    assert.equal((await read(server.fetch, ADMIN_TOKEN)).status, 200);
    assert.equal((await read(server.fetch, METRICS_TOKEN)).status, 401);
  });

  test("is open on the port of /admin alone, where the settings say so", async () => {
    const server = await openServer({ ADMIN_TOKEN, METRICS: "open", ADMIN_PORT: "0" });
    assert.ok(server.adminFetch !== null);
    assert.equal((await read(server.adminFetch, null)).status, 200);
    assert.equal((await read(server.fetch, ADMIN_TOKEN)).status, 404);
  });
});

/** Two requests a minute. */
const SMALL = {
  maxNumbers: 1,
  billing: "subscription",
  verification: "none",
  limits: {
    imports: 1,
    purchasesPerDay: 1,
    purchasesPer30Days: 1,
    highestSetup: "1.00",
    highestMonthly: "1.00",
    requestsPerMinute: 2,
    searchesPerMinute: 2,
  },
};

describe("what is measured", () => {
  const served = openServer(BOTH);

  test("is a purchase, from the request to the carrier", async () => {
    const server = await served;
    const request = requester(async (asked) => await server.fetch(asked));
    await server.ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
    const user = { email: "ann@example.com", name: "Ann", sandbox: true };
    const issued = await server.ledger.operator.issueToken("acme", user);
    assert.ok(issued.ok);
    const { token } = issued.value;
    const available = "/v1/phone-numbers/available?areaCode=415";
    const { json } = await request("GET", available, { token });
    const { e164 } = json[0];
    const bought = await request("POST", "/v1/phone-numbers", { token, body: { e164 } });
    assert.equal(bought.status, 200);
    await request("GET", `/v1/phone-numbers/${bought.json.id}`, { token });
    await request("GET", `/v1/phone-numbers/${bought.json.id}x`, { token });
    await request("DELETE", `/v1/phone-numbers`, { token });
    await request("GET", "/v1/some/where", { token });
    const text = await readBy(server);
    const counted = (labels: string) => valueIn(text, `ledgerline_http_requests_total{${labels}}`);
    const speko = (route: string, method: string, status: number) =>
      counted(`dialect="speko",route="${route}",method="${method}",status="${status}"`);
    assert.equal(speko("/v1/phone-numbers", "POST", 200), 1);
    assert.equal(speko("/v1/phone-numbers/:id", "GET", 200), 1);
    assert.equal(speko("/v1/phone-numbers/:id", "GET", 404), 1);
    assert.equal(speko("/v1/phone-numbers", "DELETE", 405), 1);
    assert.equal(speko("", "GET", 404), 1);
    const buying = 'dialect="speko",route="/v1/phone-numbers",method="POST"';
    const seconds = "ledgerline_http_request_duration_seconds";
    assert.equal(valueIn(text, `${seconds}_count{${buying}}`), 1);
    assert.equal(valueIn(text, `${seconds}_bucket{${buying},le="+Inf"}`), 1);
    const calls = 'ledgerline_carrier_calls_total{carrier="sandbox"';
    assert.equal(valueIn(text, `${calls},call="order",outcome="ok"}`), 1);
    assert.ok((valueIn(text, 'ledgerline_log_appends_total{outcome="appended"}') ?? 0) > 3);
    assert.ok((valueIn(text, "ledgerline_log_batch_size_count") ?? 0) > 0);
    assert.ok((valueIn(text, "process_resident_memory_bytes") ?? 0) > 1e6);
    assert.equal(valueIn(text, "ledgerline_clock_doubted"), 0);
    assert.equal(valueIn(text, "ledgerline_log_available"), 1);
    for (
      const secret of [token, bought.json.id, e164, "acme", "ann@", METRICS_TOKEN, ADMIN_TOKEN]
    ) {
      assert.ok(!text.includes(secret), secret);
    }
  });

  test("has as many series as before, whatever callers send", async () => {
    const server = await served;
    const send = async (from: number) => {
      for (let count = from; count < from + 20; count++) {
        const path = `/v1/phone-numbers/pn_${count}`;
        await server.fetch(new Request(`http://localhost${path}`));
        await server.fetch(new Request(`http://localhost${path}/x`, { method: "PUT" }));
        await server.fetch(new Request(`http://localhost${path}`, { method: `M${count}` }));
        await server.fetch(new Request(`http://localhost/nowhere/${count}?a=${count}`));
      }
      const names = (await readBy(server)).split("\n").map((line) => line.replace(/ \S*$/, ""));
      return new Set(names).size;
    };
    assert.equal(await send(20), await send(40));
  });
});

describe("what is measured of tenants", () => {
  test("is a throttled one, without its name", async () => {
    const server = await openServer({
      ...BOTH,
      PLANS: JSON.stringify({ Small: SMALL }),
    });
    await server.ledger.operator.open("acme", { name: "Acme", plan: "Small" });
    const user = { email: "a@example.com", name: "A", sandbox: true };
    const issued = await server.ledger.operator.issueToken("acme", user);
    assert.ok(issued.ok);
    const request = requester(async (asked) => await server.fetch(asked));
    const statuses: number[] = [];
    for (let count = 0; count < 4; count++) {
      const { token } = issued.value;
      statuses.push((await request("GET", "/v1/phone-numbers", { token })).status);
    }
    assert.deepEqual(statuses, [200, 200, 429, 429]);
    const available = "/v1/phone-numbers/available?areaCode=415";
    const searched = await request("GET", available, { token: issued.value.token });
    assert.equal(searched.status, 429);
    const text = await readBy(server);
    assert.equal(valueIn(text, 'ledgerline_throttled_total{asked="searches"}'), 1);
    assert.equal(valueIn(text, 'ledgerline_throttled_total{asked="requests"}'), 2);
  });

  test("are followers of the log, and how late they get events", async () => {
    const server = await openServer(BOTH);
    await server.ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
    const feed = 'feed="organization"';
    const followers = async () =>
      valueIn(await readBy(server), `ledgerline_feed_followers{${feed}}`);
    assert.equal(await followers(), 0);
    for await (const _ of server.ledger.follow("acme")) {
      assert.equal(await followers(), 1);
      break;
    }
    assert.equal(await followers(), 0);
    assert.equal(valueIn(await readBy(server), `ledgerline_feed_lag_seconds_count{${feed}}`), 1);
  });
});

/** A query of a panel. */
type Target = { readonly expr: string; readonly legendFormat: string };

/** What is shown of each process of a server. */
const OF_PROCESSES = /^(?:process_|ledgerline_event_loop_)/;

/** The metric that a series is of. */
const familyOf = (series: string): string => series.replace(/_(?:bucket|sum|count)$/, "");

/** That a query names metrics that there are, and groups them by labels that they have. */
const assertFits = (
  { expr, legendFormat }: Target,
  known: ReadonlyMap<string, ReadonlySet<string>>,
): void => {
  const selectors = [...expr.matchAll(/(\w+)\{([^}]*)\}/g)];
  assert.ok(selectors.length > 0, expr);
  const labels = selectors.flatMap(([, series = "", matchers = ""]) => {
    const has = known.get(familyOf(series));
    assert.ok(has !== undefined, `${series} in ${expr}`);
    for (const [, label = ""] of matchers.matchAll(/(\w+)=~?"/g)) {
      assert.ok(label === "job" || has.has(label), `${label} of ${series} in ${expr}`);
    }
    return [...has];
  });
  // Each process of a server has series of its own, which only its processes' panels show.
  const isOfProcess = selectors.every(([, series = ""]) => OF_PROCESSES.test(series));
  const grouped = isOfProcess
    ? ["instance", "process"]
    : [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, by = ""]) => by.split(", "));
  if (!isOfProcess) {
    assert.equal(expr.match(/\b(?:sum|min|max)\b/g)?.length, selectors.length, expr);
    for (const label of grouped) assert.ok([...labels, "le"].includes(label), expr);
  }
  for (const [, label = ""] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
    assert.ok(grouped.includes(label), `${label} of ${expr}`);
  }
};

describe("the documents of the metrics", () => {
  /** Every metric that a server has, once each of its parts has been used, with its labels. */
  const families = async (): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
    const measures = openMeasures(settingsOf(BOTH));
    measures.circuitsOf("telnyx");
    const server = await openServer(BOTH);
    for (let count = 0; count < 2; count++) await readBy(server);
    const carrier = measures.carrier(openSandboxCarrier());
    await carrier.has({ carrierId: "sandbox_1", e164: "+14155550101" as never });
    const text = await readBy(server) + await measures.http.text();
    const found = new Map<string, Set<string>>(
      [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = ""]) => [name, new Set<string>()]),
    );
    for (const [, series = "", labels = ""] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
      const has = found.get(found.has(series) ? series : familyOf(series));
      assert.ok(has !== undefined, series);
      for (const [, label = ""] of labels.matchAll(/(\w+)="/g)) has.add(label);
    }
    return found;
  };
  const file = (path: string) =>
    readFileSync(new URL(`../../adapters/runtimes/${path}`, import.meta.url), "utf8");
  const namedIn = (text: string): ReadonlySet<string> =>
    new Set(
      [...text.matchAll(/\b(?:ledgerline_[a-z]+_[a-z_]+|process_[a-z]+_[a-z_]+)\b/g)].map((
        [name],
      ) => familyOf(name)),
    );

  test("the README has each metric, and no other", async () => {
    const [, section = ""] = /### Metrics\n(.*?)\n### /s.exec(file("README.md")) ?? [];
    assert.deepEqual([...namedIn(section)].sort(), [...(await families()).keys()].sort());
  });

  test("the dashboard asks for metrics that are there, by labels that they have", async () => {
    const known = await families();
    const dashboard = JSON.parse(file("metrics/dashboard.json"));
    const panels: readonly { readonly targets?: readonly Target[] }[] = dashboard.panels;
    const targets = panels.flatMap(({ targets: of = [] }) => of);
    assert.ok(targets.length > 15);
    for (const target of targets) assertFits(target, known);
    // What no panel shows is in the table above alone.
    const shown = namedIn(targets.map(({ expr }) => expr).join("\n"));
    assert.deepEqual(
      [...known.keys()].filter((name) => !shown.has(name)),
      ["process_start_time_seconds"],
    );
    const { list } = dashboard.templating;
    for (const { query } of list.filter(({ type }: { type: string }) => type === "query")) {
      for (const name of namedIn(query.query)) assert.ok(known.has(name), name);
    }
  });
});
