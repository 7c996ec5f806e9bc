/** Traces: from a request through the ledger and the log to the carrier. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { Application } from "../../adapters/runtimes/server/listening.ts";
import { open } from "../../adapters/runtimes/server/checked-log.ts";
import { openTraces } from "../../adapters/runtimes/tracing/mod.ts";
import { requester } from "../support/app.ts";
import { settingsOf } from "./metrics.ts";

type Span = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: number };
  readonly attributes: readonly {
    readonly key: string;
    readonly value: { readonly stringValue?: string; readonly intValue?: number };
  }[];
};

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = "00f067aa0ba902b7";
/** The trace of a purchase that is refused. */
const AGAIN = "0af7651916cd43dd8448eb211c80319c";

const received: Span[] = [];
const services: unknown[] = [];
const paths = new Set<string | undefined>();
let collector: Server;
let url: string;

before(async () => {
  collector = createServer((request, response) => {
    paths.add(request.url);
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => text += part).on("end", () => {
      for (const { resource, scopeSpans } of JSON.parse(text).resourceSpans) {
        services.push(resource.attributes);
        for (const { spans } of scopeSpans) received.push(...spans);
      }
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});

after(() => {
  collector.closeAllConnections();
  collector.close();
});

/** A purchase with this `traceparent`, on a server that is closed afterwards. */
const purchase = async (server: Application, traceparent: string) => {
  const { operator } = server.ledger;
  await operator.open("acme", { name: "Acme", plan: "Growth" });
  const user = { email: "ann@example.com", name: "Ann", sandbox: true };
  const issued = await operator.issueToken("acme", user);
  assert.ok(issued.ok);
  const { token } = issued.value;
  const request = requester(async (asked) => await server.fetch(asked));
  const body = { e164: "+14155550101" };
  const headers = { traceparent, "x-request-id": "r-1" };
  const bought = await request("POST", "/v1/phone-numbers", { token, body, headers });
  assert.equal(bought.status, 200);
  const again = { traceparent: `00-${AGAIN}-${PARENT}-01` };
  const refused = await request("POST", "/v1/phone-numbers", { token, body, headers: again });
  assert.equal(refused.status, 409);
  await server.ledger.close();
  return token;
};

const attributesOf = ({ attributes }: Span) =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]),
  );

describe("a purchase", () => {
  test("is one trace of the caller's, from the request to the log and the carrier", async () => {
    const server = await open(settingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: url }));
    const token = await purchase(server, `00-${TRACE}-${PARENT}-01`);
    assert.deepEqual([...paths], ["/v1/traces"]);
    assert.match(JSON.stringify(services), /"service.name","value":\{"stringValue":"ledgerline"/);
    const spans = received.filter(({ traceId }) => traceId === TRACE);
    const [root] = spans.filter(({ parentSpanId }) => parentSpanId === PARENT);
    assert.ok(root !== undefined);
    assert.equal(root.name, "POST /v1/phone-numbers");
    assert.deepEqual(attributesOf(root), {
      "http.request.method": "POST",
      "http.route": "/v1/phone-numbers",
      "ledgerline.dialect": "speko",
      "ledgerline.request.id": "r-1",
      "http.response.status_code": 200,
    });
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const wayTo = (name: string): readonly string[] => {
      const way: string[] = [];
      let at = spans.find((span) => span.name === name);
      while (at !== undefined) {
        way.unshift(at.name);
        at = byId.get(at.parentSpanId ?? "");
      }
      return way;
    };
    const call = ["POST /v1/phone-numbers", "ledger purchase"];
    assert.deepEqual(wayTo("carrier order"), [...call, "carrier order"]);
    const command = [...call, "command RequestPurchase"];
    assert.deepEqual(wayTo("log load"), [...command, "log load"]);
    assert.deepEqual(wayTo("log append"), [...command, "log append"]);
    for (const { startTimeUnixNano: start, endTimeUnixNano: end } of spans) {
      assert.ok(BigInt(start) <= BigInt(end));
    }
    const failed = received.find(({ traceId, name }) =>
      traceId === AGAIN && name === "ledger purchase"
    );
    assert.ok(failed !== undefined);
    assert.equal(attributesOf(failed)["error.type"], "NUMBER_ALREADY_YOURS");
    const all = JSON.stringify(received);
    for (const secret of [token, "ann@", "Ann", "+14155550101"]) {
      assert.ok(!all.includes(secret), secret);
    }
  });

  test("is not sent where its caller records no trace, and is where there is no caller's", async () => {
    received.length = 0;
    const quiet = await open(settingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: url }));
    await purchase(quiet, `00-${TRACE}-${PARENT}-00`);
    assert.deepEqual(received.filter(({ traceId }) => traceId === TRACE), []);
    received.length = 0;
    const own = await open(settingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: url }));
    await purchase(own, "not valid");
    const root = received.find(({ name }) => name === "POST /v1/phone-numbers");
    assert.match(root?.traceId ?? "", /^[\da-f]{32}$/);
    assert.ok(root?.parentSpanId === undefined || root.parentSpanId === "");
  });

  test("is served as ever while nothing takes traces", async () => {
    const server = await open(settingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" }));
    await purchase(server, `00-${TRACE}-${PARENT}-01`);
  });
});

describe("a trace", () => {
  test("shows no secret that its caller has put into an id", async () => {
    received.length = 0;
    const ADMIN_TOKEN = "0123456789abcdef0123456789abcdef";
    const server = await open(settingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: url, ADMIN_TOKEN }));
    const { operator } = server.ledger;
    await operator.open("acme", { name: "Acme", plan: "Growth" });
    const user = { email: "ann@example.com", name: "Ann", sandbox: true };
    const issued = await operator.issueToken("acme", user);
    assert.ok(issued.ok);
    const { token } = issued.value;
    const secret = token.slice(token.indexOf(".") + 1);
    const request = requester(async (asked) => await server.fetch(asked));
    const sent: readonly Readonly<Record<string, string>>[] = [
      ...[token, secret, ADMIN_TOKEN].flatMap((text) => [
        { "x-request-id": text },
        { "x-request-id": `x=${text}` },
        { "x-request-id": Buffer.from(text).toString("base64") },
      ]),
      { traceparent: `00-${ADMIN_TOKEN}-${PARENT}-01` },
      { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: `a=${secret}` },
      { baggage: `token=${secret}`, "user-agent": secret, "idempotency-key": secret },
    ];
    for (const headers of sent) {
      const given = { token, headers: { traceparent: `00-${TRACE}-${PARENT}-01`, ...headers } };
      const { status } = await request("GET", `/v1/phone-numbers?x=${secret}`, given);
      assert.equal(status, 200);
      assert.equal((await request("DELETE", `/v1/phone-numbers/${secret}`, given)).status, 404);
    }
    await server.ledger.close();
    const roots = received.filter(({ name }) => name.endsWith("/v1/phone-numbers"));
    assert.equal(roots.length, sent.length);
    const all = JSON.stringify(received);
    for (const text of [secret, ADMIN_TOKEN]) {
      for (const form of [text, Buffer.from(text).toString("base64").replaceAll("=", "")]) {
        assert.ok(!all.includes(form), form);
      }
    }
  });
});

describe("the carrier that the settings name", () => {
  const told: unknown[] = [];
  let carrier: Server;

  before(async () => {
    carrier = createServer((request, response) => {
      told.push(request.headers["traceparent"]);
      response.writeHead(422, { "content-type": "application/json" })
        .end('{"errors":[{"code":"10015","title":"not here"}]}');
    });
    await new Promise<void>((resolve) => carrier.listen(0, "127.0.0.1", resolve));
  });

  after(() => {
    carrier.closeAllConnections();
    carrier.close();
  });

  /** A search at the carrier, with a `traceparent` of its caller's. */
  const search = async (more: Readonly<Record<string, string>>): Promise<void> => {
    told.length = 0;
    const server = await open(settingsOf({
      CARRIER: "telnyx",
      TELNYX_API_KEY: "KEY",
      TELNYX_BASE_URL: `http://127.0.0.1:${(carrier.address() as AddressInfo).port}`,
      ...more,
    }));
    await server.ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
    const user = { email: "ann@example.com", name: "Ann", sandbox: false };
    const issued = await server.ledger.operator.issueToken("acme", user);
    assert.ok(issued.ok);
    const request = requester(async (asked) => await server.fetch(asked));
    await request("GET", "/v1/phone-numbers/available?areaCode=415", {
      token: issued.value.token,
      headers: { traceparent: `00-${TRACE}-${PARENT}-01` },
    });
    await server.ledger.close();
    assert.ok(told.length > 0);
  };

  test("is sent the span of its call, by which its own are part of the trace", async () => {
    received.length = 0;
    await search({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
    const ids = received.filter(({ name }) => name === "carrier search").map(({ spanId }) =>
      spanId
    );
    assert.equal(ids.length, 1);
    for (const one of told) assert.equal(one, `00-${TRACE}-${ids.join()}-01`);
  });

  test("is sent nothing where nothing is traced", async () => {
    await search({});
    assert.deepEqual([...new Set(told)], [undefined]);
  });
});

test("other systems are sent nothing where OTEL_PROPAGATORS leaves them out", async () => {
  for (
    const [propagators, isTold] of [
      [undefined, true],
      ["", true],
      ["baggage, tracecontext", true],
      ["none", false],
      ["b3", false],
    ] as const
  ) {
    const traces = await openTraces(url, { OTEL_PROPAGATORS: propagators });
    assert.equal(traces.traceparent !== null, isTold, propagators);
    await traces.close();
  }
});
