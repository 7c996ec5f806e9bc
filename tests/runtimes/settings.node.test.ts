/**
 * How a server starts: its settings, what it prints, and what it refuses
 * (adapters/runtimes/README.md).
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { promisify } from "node:util";
import { readSettings } from "../../adapters/runtimes/server/settings.ts";
import { readSettingsFile } from "../../adapters/runtimes/server/settings-files.ts";
import { serverWarningsOf } from "../../adapters/runtimes/server/warnings.ts";
import { until } from "../support/eventually.ts";
import { newFolder, removeServers, startProcess, startServer } from "../support/server.ts";
import { refusesToStart, UNFIT } from "./unfit.ts";

const execute = promisify(execFile);

const doubts = (environment: Readonly<Record<string, string>>): readonly string[] => {
  const read = readSettings(environment);
  assert.ok(read.ok);
  return serverWarningsOf(read.value).map((warning) => warning.split(":")[0] ?? "");
};

test("the settings lead to a warning where any host is elsewhere and not verified", () => {
  for (
    const rest of [
      "db.example/x",
      "db.example",
      "10.0.0.7:5432/x?sslmode=disable",
      "[2001:db8::1]:5432/x",
      "db.example/x?sslmode=verify-full&sslmode=require",
      "localhost:1,db.example:2/x",
      "a.example:1,b.example:2/x?sslmode=require",
      "localhost@db.example/x",
      "localhost.example/x",
    ]
  ) {
    assert.deepEqual(doubts({ DATABASE_URL: `postgres://u:hunter2@${rest}` }), ["DATABASE_URL"]);
  }
  for (
    const rest of [
      "u@localhost,127.0.0.1:2,[::1]:3/x",
      "u@a.example:1,b.example:2/x?sslmode=verify-full",
      "/x",
      "u@%2Fvar%2Frun/x",
      "u:p@0123.hyperdrive.local:5432/x",
      "u@db.example/x?sslrootcert=system",
    ]
  ) assert.deepEqual(doubts({ DATABASE_URL: `postgres://${rest}` }), [], rest);
});

describe("the settings", () => {
  test("lead to a warning when a certificate is not verified, or a notice not signed", () => {
    const at = (mode: string, host = "db.example") => ({
      DATABASE_URL: `postgres://u:hunter2@${host}/x?sslmode=${mode}`,
    });
    for (const mode of ["require", "prefer", "allow"]) {
      assert.deepEqual(doubts(at(mode)), ["DATABASE_URL"]);
    }
    for (const mode of ["verify-full", "verify-ca"]) assert.deepEqual(doubts(at(mode)), []);
    assert.deepEqual(doubts(at("require", "localhost")), []);
    const reviewers = { REVIEWERS_WEBHOOK_URL: "https://reviewers.example/hook" };
    assert.deepEqual(doubts(reviewers), ["REVIEWERS_WEBHOOK_URL"]);
    const secret = `whsec_${btoa("0123456789abcdef0123456789abcdef")}`;
    assert.deepEqual(doubts({ ...reviewers, REVIEWERS_WEBHOOK_SECRET: secret }), []);
    assert.deepEqual(doubts({ ALLOW_PRIVATE_WEBHOOKS: "on" }), ["ALLOW_PRIVATE_WEBHOOKS"]);
    assert.deepEqual(doubts({ ALLOW_PRIVATE_WEBHOOKS: "off" }), []);
  });

  test("give /admin a separate port, which is not the other's, with a token alone", () => {
    const admin = (environment: Readonly<Record<string, string>>) => {
      const read = readSettings(environment);
      return read.ok ? [read.value.adminHost, read.value.adminPort] : read.error;
    };
    const ADMIN_TOKEN = "0123456789abcdef";
    assert.deepEqual(admin({ ADMIN_TOKEN }), ["127.0.0.1", null]);
    assert.deepEqual(admin({ ADMIN_TOKEN, ADMIN_PORT: "9000" }), ["127.0.0.1", 9_000]);
    assert.match(String(admin({ ADMIN_PORT: "9000" })), /^ADMIN_PORT: /);
    assert.match(String(admin({ ADMIN_TOKEN, ADMIN_PORT: "8787" })), /^ADMIN_PORT: /);
  });

  test("is refused when DATABASE_URL cannot be parsed, and reveals no password", () => {
    const settings = (url: string) => readSettings({ DATABASE_URL: url });
    for (
      const rest of ["u:hunter2%zz@h/x", "u:hunter2@[::1/x", "u:hunter2 a#b@h/x", "u@h:port/x"]
    ) {
      const read = settings(`postgres://${rest}`);
      assert.match(read.ok ? "" : read.error, /^DATABASE_URL: must be a URL, with/);
    }
    for (
      const rest of [
        "u:a,b%2F%25@h/x",
        "u:p@h:1,i:2/x",
        "u:p@h,i?prepare=false",
        "/x",
        "u@[::1]:5/x",
      ]
    ) {
      assert.equal(settings(`postgresql://${rest}`).ok, true, rest);
    }
  });
});

describe("the server's start with Telnyx", { timeout: 600_000 }, () => {
  after(removeServers);

  test("is refused with one line and status 2 when the key is missing, or there is a test clock", async () => {
    const telnyx = { CARRIER: "telnyx", TELNYX_API_KEY: "KEY_of_nobody" };
    for (
      const [name, environment] of [
        ["TELNYX_API_KEY", { ...telnyx, TELNYX_API_KEY: "" }],
        ["TEST_CLOCK", { ...telnyx, TEST_CLOCK: "2026-01-31T10:00:00Z" }],
      ] as const
    ) {
      const refused = startProcess(newFolder(), { environment });
      assert.deepEqual(await refused.ended, { code: 2, signal: null });
      const { out, err } = refused.printed();
      assert.equal(out, "");
      assert.match(err, new RegExp(`^ledgerline: ${name}: [^\\n]+\\n$`));
      assert.doesNotMatch(err, /KEY_of_nobody/);
    }
  });
});

describe("the server's start with an unfit setting", { timeout: 600_000 }, () => {
  after(removeServers);

  for (const [name, value] of UNFIT) {
    test(`is refused with one line when ${name} is ${value}`, () => {
      const read = readSettings({ [name]: value }, readSettingsFile);
      assert.match(read.ok ? "" : read.error, new RegExp(`^${name}: [^\\n]+$`));
    });
  }

  // One of each kind; `test:long` starts a process for each.
  for (const name of ["ADMIN_TOKEN", "PLANS", "REVIEWERS_WEBHOOK_SECRET"]) {
    test(`is refused with status 2 when ${name} is unfit`, async () => {
      const [, value = assert.fail()] = UNFIT.find(([unfit]) => unfit === name) ?? [];
      await refusesToStart(name, value);
    });
  }

  test("is refused when orphans are to be adopted, and nobody is to adopt them", () => {
    const settings = (environment: Readonly<Record<string, string>>) => {
      const read = readSettings(environment);
      return read.ok ? read.value.orphans : read.error;
    };
    assert.match(String(settings({ ORPHANS: "adopt" })), /^ADOPT_INTO: must be set/);
    const adopt = { ORPHANS: "adopt", ADOPT_INTO: "adopter" };
    assert.deepEqual(settings(adopt), { kind: "adopt", into: "adopter" });
    assert.deepEqual(settings({ ORPHANS: "release" }), { kind: "release" });
    assert.deepEqual(settings({}), { kind: "report" });
  });
});

/** Limits are on, as where nothing is set; and what is set but empty counts as not set. */
const AS_SHIPPED = { DURABILITY: "", RATE_LIMITS: "on" };

describe("the server's start", { timeout: 600_000 }, () => {
  after(removeServers);

  test("is refused with one line and status 1 when the port is taken", async () => {
    const first = await startServer({ folder: "memory" });
    const folder = newFolder();
    const second = startProcess(folder, { environment: { PORT: String(first.port) } });
    assert.deepEqual(await second.ended, { code: 1, signal: null });
    assert.match(second.printed().err, new RegExp(`^ledgerline: .*${first.port}.*\\n$`));
    await first.kill("SIGTERM");
    await startServer({ folder }).then((third) => third.kill("SIGTERM"));
  });

  test("is reported in one line, and keeps nothing, when DATA_DIR is memory", async () => {
    const server = await startServer({ folder: "memory", environment: AS_SHIPPED });
    await until(() => server.printed().out.split("\n").length > 2);
    const [first, second, ...rest] = server.printed().out.split("\n");
    assert.equal(first, `ledgerline listening on http://localhost:${server.port}`);
    assert.match(
      second ?? "",
      /^ledgerline \d+\.\d+\.\d+, database: PGlite in memory, carrier: sandbox, off: .*HEADS_FILE/,
    );
    assert.deepEqual(rest, [""]);
    const token = await server.organization("acme");
    await server.kill("SIGTERM");
    const again = await startServer({ folder: "memory" });
    assert.equal((await again.request("GET", "/v1/phone-numbers", { token })).status, 401);
    assert.deepEqual(await again.kill("SIGTERM"), { code: 0, signal: null });
  });

  test("shows a call that works, and hides the operator's API, without an admin token", async () => {
    const server = await startServer({ environment: { ADMIN_TOKEN: "" } });
    for (const token of [undefined, "", "admin-secret-of-tests"]) {
      const asked = token === undefined ? {} : { token };
      const { status } = await server.request("GET", "/admin/organizations/demo", asked);
      assert.equal(status, 404);
    }
    let call: string | undefined;
    while (call === undefined) {
      const { out } = server.printed();
      call = /^Try it:\n((?: .*\n)+)/m.exec(out)?.[1];
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { stdout } = await execute("sh", ["-c", call.replace("curl", "curl -sS")]);
    const [offer] = JSON.parse(stdout);
    assert.match(offer.e164, /^\+1415\d{7}$/);
    const token = /Bearer ([^"]+)/.exec(call)?.[1] ?? "";
    const [, path] = /in a browser: http:\/\/[^/]+(\S+)/.exec(server.printed().out) ?? [];
    assert.equal((await fetch(`${server.url}${path}`)).status, 200, path);
    await server.kill("SIGTERM");
    const again = await startServer({ folder: server.folder });
    assert.equal((await again.request("GET", "/v1/phone-numbers", { token })).status, 401);
    await again.kill("SIGTERM");
  });
});

describe("the server's start with custom plans", { timeout: 600_000 }, () => {
  after(removeServers);

  test("opens the demo on the first plan of a catalogue without Growth", async () => {
    const limits = {
      imports: 0,
      purchasesPerDay: 1,
      purchasesPer30Days: 1,
      highestSetup: "2.00",
      highestMonthly: "2.00",
      requestsPerMinute: 100,
      searchesPerMinute: 10,
    };
    const team = { maxNumbers: 1, billing: "subscription", verification: "none", limits };
    const file = join(newFolder(), "plans.json");
    writeFileSync(file, JSON.stringify({ Team: team }));
    const server = await startServer({ environment: { ADMIN_TOKEN: "", PLANS: file } });
    let token: string | undefined;
    while (token === undefined) {
      token = /Bearer ([^"]+)/.exec(server.printed().out)?.[1];
      await new Promise((resolve) => setImmediate(resolve));
    }
    const buy = (e164: string) =>
      server.request("POST", "/v1/phone-numbers", { token: token ?? "", body: { e164 } });
    assert.equal((await buy("+14155550101")).status, 200);
    assert.equal((await buy("+14155550102")).json.code, "PLAN_LIMIT_REACHED");
    await server.kill("SIGTERM");
  });
});
