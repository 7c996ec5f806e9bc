/** What servers print: lines that can be read by machines, and never what is secret or personal. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, describe, test } from "node:test";
import { linesOf } from "../../adapters/runtimes/server/report.ts";
import { requestReporter } from "../../adapters/runtimes/server/application.ts";
import type { Ledger } from "../../adapters/ledger/api/mod.ts";
import { createApp } from "../../http/app.ts";
import { ADMIN_TOKEN, requester } from "../support/app.ts";
import { BUSINESS } from "../http/speko-support.ts";
import { freePort } from "../support/port.ts";
import { removeServers, startServer, type TestServer } from "../support/server.ts";

/** Collects what is printed. */
const openOutput = () => {
  const [out, err]: [string[], string[]] = [[], []];
  return {
    out,
    err,
    output: {
      log: (line: string) => void out.push(line),
      error: (line: string) => void err.push(line),
    },
  };
};

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

describe("a line of JSON", () => {
  test("has the time, the level, the message, and what it belongs to", () => {
    const { out, err, output } = openOutput();
    const lines = linesOf({ logFormat: "json" }, output);
    lines.announce("listening");
    lines.note("is back");
    lines.warn("is away");
    lines.fail("ends");
    lines.report("working", new TypeError("a\nbug"), { requestId: "r-1", organization: "acme" });
    lines.report("working", "a thrown text");
    const read = [...out, ...err].map((line) => {
      assert.ok(!line.includes("\n"));
      const { time, ...rest } = JSON.parse(line);
      assert.equal(new Date(time).toISOString(), time);
      return rest;
    });
    const stack = read[4].error.stack;
    assert.match(stack, /^TypeError: a\nbug\n/);
    assert.deepEqual(read, [
      { level: "info", message: "listening" },
      { level: "info", message: "is back" },
      { level: "warn", message: "is away" },
      { level: "error", message: "ends" },
      {
        level: "error",
        message: "working",
        requestId: "r-1",
        organization: "acme",
        error: { type: "TypeError", message: "a\nbug", stack },
      },
      { level: "error", message: "working", error: { message: "a thrown text" } },
    ]);
  });
});

describe("a line of text", () => {
  test("is as it always was", () => {
    const { out, err, output } = openOutput();
    const lines = linesOf({ logFormat: "text" }, output);
    lines.announce("ledgerline listening on http://localhost:8787");
    lines.fail("no port");
    lines.warn("is away");
    lines.report("answering a request", "x", { requestId: "r-1", organization: "acme" });
    assert.deepEqual(out, ["ledgerline listening on http://localhost:8787"]);
    const [fail, ...others] = err;
    assert.equal(fail, "ledgerline: no port");
    const read = others.map((line) => {
      const { at: _, ...rest } = JSON.parse(line);
      return rest;
    });
    assert.deepEqual(read, [
      { what: "is away" },
      { what: "request r-1", organization: "acme", error: "x" },
    ]);
  });
});

/** All places of a text in base64: after none, one or two bytes of something else. */
const encodedOf = (text: string): readonly string[] =>
  ["", "x", "xy"].flatMap((before) => {
    const bytes = Buffer.from(`${before}${text}z`);
    return [bytes.toString("base64"), bytes.toString("base64url")];
  });

describe("a line with a secret of the settings", () => {
  const settings = {
    adminToken: "admin-secret-of-tests,the-next?one>of~them",
    metricsToken: "prometheus-reads",
    reviewersSecret: `whsec_${btoa("0123456789abcdef0123456789abcdef")}`,
    webhookProxy: "http://webhooks:password%2Fof-it@proxy.example:3128",
    carrier: { name: "telnyx", apiKey: 'KEY018"quoted\\key', baseUrl: "http://localhost" },
    databaseUrl: "postgres://user:pass%3Fw%C3%B6rd%E2%82%AC-of-it@a.example:1,b.example:2/db",
  } as const;
  const secrets = [
    ...settings.adminToken.split(","),
    settings.metricsToken,
    settings.reviewersSecret,
    settings.carrier.apiKey,
    "pass%3Fw%C3%B6rd%E2%82%AC-of-it",
    "password%2Fof-it",
    "password/of-it",
    "pass?wörd€-of-it",
  ];

  for (const logFormat of ["json", "text"] as const) {
    test(`has [secret] in its place, as ${logFormat}`, () => {
      const { out, err, output } = openOutput();
      const lines = linesOf({ logFormat, ...settings }, output);
      for (const secret of secrets) {
        for (const text of [secret, ...encodedOf(secret)]) {
          lines.report(`asked ${text}`, new Error(text), { requestId: text, traceId: text });
          for (const say of [lines.warn, lines.note, lines.fail, lines.announce]) say(`x${text}`);
        }
      }
      for (const line of [...out, ...err]) {
        assert.match(line, /\[secret\]/);
        for (const secret of secrets) assert.ok(!line.includes(secret), line);
        for (const part of line.split(/[^\w+/=-]+/)) {
          for (const start of [0, 1, 2, 3]) {
            const read = Buffer.from(part.slice(start), "base64").toString("utf8");
            assert.ok(!secrets.some((secret) => read.includes(secret)), line);
          }
        }
        if (logFormat === "json") JSON.parse(line);
      }
    });
  }

  test("is as it is where the settings have no secret, or a short one that is in words", () => {
    const { err, output } = openOutput();
    const short = { ...settings, databaseUrl: "postgres://postgres:postgres@localhost/postgres" };
    linesOf({ logFormat: "text" }, output).fail("prometheus-reads");
    linesOf({ logFormat: "text", ...short }, output).fail("postgres is away");
    assert.deepEqual(err, ["ledgerline: prometheus-reads", "ledgerline: postgres is away"]);
  });
});

describe("a line of an error", () => {
  test("has the ids of its request, trace, organization and command", async () => {
    const { err, output } = openOutput();
    const caller = {
      organization: "acme",
      actor: { kind: "user", tokenId: "tk_1", name: "Ann", email: "ann@example.com" },
    };
    const parts: Readonly<Record<string, unknown>> = {
      authenticate: () => Promise.resolve(caller),
    };
    const ledger = new Proxy({}, {
      get: (_, name) => parts[String(name)] ?? (() => Promise.reject(new Error("a bug"))),
    }) as Ledger;
    const onError = requestReporter(linesOf({ logFormat: "json" }, output));
    const app = createApp({ ledger, adminToken: null, onError });
    const token = "tk_1.0pen-sesame";
    const { status } = await requester((asked) => app.fetch(asked))(
      "DELETE",
      "/v1/phone-numbers/pn_1",
      {
        token,
        headers: {
          "x-request-id": "r-1",
          "idempotency-key": "k-1",
          traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
        },
      },
    );
    assert.equal(status, 500);
    assert.equal(err.length, 1);
    const { time: _, error, ...rest } = JSON.parse(err[0] ?? "");
    assert.equal(error.message, "a bug");
    assert.deepEqual(rest, {
      level: "error",
      message: "answering a request",
      requestId: "r-1",
      traceId: TRACE,
      organization: "acme",
      commandId: `tk_1:${createHash("sha256").update("k-1").digest("hex").slice(0, 16)}`,
    });
    for (const key of [token, "0pen-sesame", "ann@example.com", "For Ann Lee"]) {
      await requester((asked) => app.fetch(asked))("DELETE", "/v1/phone-numbers/pn_1", {
        token,
        headers: { "x-request-id": `x=${key.replace("tk_1.", "")}`, "idempotency-key": key },
      });
    }
    assert.equal(err.length, 5);
    for (const secret of ["0pen-sesame", "ann@", "Ann"]) assert.ok(!err.join().includes(secret));
  });
});

const WEBHOOK_SECRET = `whsec_${btoa("0123456789abcdef0123456789abcdef")}`;
const METRICS_TOKEN = "prometheus-reads";

/** Lives as tenants do, with all that is personal; gives what must not be printed. */
const live = async ({ request, admin }: TestServer): Promise<readonly string[]> => {
  const secrets = [ADMIN_TOKEN, METRICS_TOKEN, WEBHOOK_SECRET];
  for (const [place, plan] of ["Growth", "Prepaid", "Free"].entries()) {
    const email = `owner-${place}@people.example`;
    const name = `Zebedee ${place} Quux`;
    await admin("PUT", `/admin/organizations/org_${place}`, { name: `Firm ${place} Ltd`, plan });
    const { token } = await admin("POST", `/admin/organizations/org_${place}/tokens`, {
      email,
      name,
      sandbox: true,
    });
    secrets.push(token, token.split(".")[1], email, name, `Firm ${place} Ltd`);
    const phone = `+1415555019${place}`;
    const person = `representative-${place}@people.example`;
    secrets.push(phone, person, `Legal Name ${place}`);
    const draft = {
      businessProfile: {
        ...BUSINESS.businessProfile,
        legalName: `Legal Name ${place}`,
        address: { ...BUSINESS.businessProfile.address, street: `${place} Secret Street` },
      },
      authorizedRepresentative: { name, title: "Owner", email: person, phone },
    };
    secrets.push(`${place} Secret Street`);
    const call = (method: string, path: string, body?: unknown) =>
      request(method, path, {
        token,
        body,
        headers: { "idempotency-key": `key-${method}${path}` },
      });
    await call("PUT", "/v1/phone-numbers/kyb/draft", draft);
    const submitted = { ...draft, attestationAccepted: true };
    const { status } = await call("POST", "/v1/phone-numbers/kyb/submit", submitted);
    assert.equal(status, 200);
    const offers = await call("GET", "/v1/phone-numbers/available?areaCode=415&limit=3");
    for (const { e164 } of offers.json) {
      secrets.push(e164);
      await call("POST", "/v1/phone-numbers", { e164, label: `${name} ${email}` });
    }
    // The sandbox's number whose answers are lost, and what cannot be read.
    await call("POST", "/v1/phone-numbers", { e164: "+14155550199" });
    await call("POST", "/v1/phone-numbers", { e164: email, agentId: { [token]: token } });
    await call("GET", `/v1/phone-numbers/${encodeURIComponent(email)}`);
    await call("GET", `/api/v1/phone-numbers?search=${encodeURIComponent(email)}&token=${token}`);
    await request("GET", "/v1/phone-numbers", { token: `${token}x` });
    await request("GET", "/ledger/numbers", { token, headers: { "x-request-id": token } });
    await request("POST", "/webhooks/telnyx", { body: { token } });
  }
  return secrets;
};

describe("a server", { timeout: 600_000 }, () => {
  after(removeServers);

  for (const LOG_FORMAT of ["json", "text"]) {
    test(`prints nothing that is secret or personal, as ${LOG_FORMAT}`, async () => {
      const environment = {
        LOG_FORMAT,
        METRICS: "token",
        METRICS_TOKEN,
        PURCHASE_WAIT_MS: "200",
        REVIEWERS_WEBHOOK_URL: `http://127.0.0.1:${await freePort()}/hook`,
        REVIEWERS_WEBHOOK_SECRET: WEBHOOK_SECRET,
      };
      const server = await startServer({ environment });
      const secrets = await live(server);
      assert.deepEqual(await server.kill("SIGTERM"), { code: 0, signal: null });
      const { out, err } = server.printed();
      const all = out + err;
      assert.match(all, /ledgerline listening on/);
      for (const secret of secrets) {
        assert.ok(secret.length > 5);
        assert.ok(!all.includes(secret), `${secret} in ${all}`);
      }
      if (LOG_FORMAT === "text") return;
      for (const line of all.trimEnd().split("\n")) {
        const { time, level, message } = JSON.parse(line);
        assert.equal(new Date(time).toISOString(), time, line);
        assert.match(level, /^(?:info|warn|error)$/, line);
        assert.equal(typeof message, "string", line);
      }
    });
  }

  test("opens no organization to try it with where its lines are kept", async () => {
    const server = await startServer({ environment: { LOG_FORMAT: "json", ADMIN_TOKEN: "" } });
    await server.kill("SIGTERM");
    const { out } = server.printed();
    assert.equal(out.trimEnd().split("\n").length, 3, out);
    assert.doesNotMatch(out, /tk_/);
  });
});
