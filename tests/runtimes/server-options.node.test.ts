/** A program starts the whole server with what settings cannot say. */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { after, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/package/sandbox.ts";
import { openTestClock } from "../../adapters/package/mod.ts";
import { readSettings, type ServerOptions, startServer } from "../../adapters/package/node.ts";
import type { Charge } from "../../core/ports/mod.ts";
import { NO_LIMITS } from "../../core/values/plan.ts";
import { BUSINESS } from "../http/speko-support.ts";
import { operatorOf, requesterTo } from "../support/app.ts";
import { ROOT } from "../tidy/command.ts";
import { eventually } from "../support/eventually.ts";
import { follow, inherited, removeServers } from "../support/server.ts";

after(removeServers);

const ADMIN_TOKEN = "0perators-secret";

const settingsOf = (more: Readonly<Record<string, string>> = {}) => {
  const read = readSettings({ PORT: "0", DATA_DIR: "memory", ADMIN_TOKEN, ...more });
  assert.ok(read.ok);
  return read.value;
};

const serving = async (
  options: ServerOptions,
  use: (
    calls: ReturnType<typeof operatorOf> & { readonly request: ReturnType<typeof requesterTo> },
  ) => Promise<void>,
): Promise<void> => {
  const server = await startServer(settingsOf(), options);
  try {
    const request = requesterTo(server.url);
    await use({ request, ...operatorOf(request, ADMIN_TOKEN) });
  } finally {
    await server.stop();
  }
};

const TEAM = {
  name: "Team",
  maxNumbers: 3,
  billing: "subscription",
  verification: "none",
  limits: NO_LIMITS,
} as const;

test("a server charges by the payments, buys from the carrier and has the plans that it is given", async () => {
  const charged: Charge[] = [];
  const sandbox = openSandboxCarrier({ clock: openTestClock(Date.now()) });
  const orders: string[] = [];
  const options: ServerOptions = {
    plans: { Team: TEAM },
    payments: {
      charge: (charge) => {
        charged.push(charge);
        return Promise.resolve("paid");
      },
      refund: () => Promise.resolve("refunded"),
    },
    carrier: {
      ...sandbox,
      name: "trunkline",
      order: (...given) => {
        orders.push(given[0].e164);
        return sandbox.order(...given);
      },
    },
  };
  await serving(options, async ({ request, admin, organization }) => {
    const { plans } = await admin("GET", "/admin/plans");
    assert.deepEqual(plans.map(({ name }: { name: string }) => name), ["Team"]);
    const token = await organization("acme", "Team");
    const bought = await request("POST", "/v1/phone-numbers", {
      token,
      body: { e164: "+14155550101" },
    });
    assert.equal(bought.status, 200, JSON.stringify(bought.json));
    const { numbers: [number] } = await admin("GET", "/admin/numbers");
    assert.deepEqual([number.carrier, number.status], ["trunkline", "active"]);
    assert.deepEqual(orders, ["+14155550101"]);
    assert.deepEqual(charged.map(({ organization: of }) => of), ["acme"]);
    assert.ok((charged[0]?.amount.micros ?? 0) > 0);
  });
});

test("a server announces submissions by the notifier that it is given", async () => {
  const announced: string[] = [];
  const notifier: ServerOptions["notifier"] = {
    announce: ({ organization }) => {
      announced.push(organization);
      return Promise.resolve({ ok: true, value: { jobId: "job_1" } });
    },
  };
  await serving({ notifier }, async ({ request, organization }) => {
    const token = await organization("acme");
    const filed = await request("POST", "/v1/phone-numbers/kyb/submit", { token, body: BUSINESS });
    assert.equal(filed.status, 200, JSON.stringify(filed.json));
    await eventually(() => announced, (all) => all.length > 0);
    assert.deepEqual(announced, ["acme"]);
  });
});

test("what is called for a loss may stand alone, and a carrier is refused beside a test clock", async () => {
  const server = await startServer(settingsOf(), () => {});
  await server.stop();
  const sandbox = openSandboxCarrier();
  const settings = settingsOf({ TEST_CLOCK: "2026-01-31T10:00:00Z" });
  await assert.rejects(startServer(settings, { carrier: { ...sandbox, name: "trunkline" } }), {
    name: "InvalidArgument",
    path: "options.carrier",
  });
});

const REFUSED = `
  import { readSettings, startServer } from "./adapters/package/node.ts";
  const settings = readSettings({
    PORT: "0",
    // A file, where a folder must be.
    DATA_DIR: "package.json",
    METRICS: "token",
    METRICS_TOKEN: "prometheus-reads",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
  });
  await startServer(settings.value).catch(({ name }) => console.log(name));
`;

test("a program whose server could not start ends when it has nothing else to do", async () => {
  const given = ["--import", "tsx", "--input-type=module", "--eval", REFUSED];
  // Where something is left open, it is ended then.
  const bounds = { cwd: ROOT, timeout: 60_000 };
  const { stdout } = await promisify(execFile)(process.execPath, given, bounds);
  assert.equal(stdout, "SettingUnfit\n");
});

/** A program that runs the server with all that settings cannot say. */
const programFor = (runtime: "node" | "deno"): string => `
  import { run } from "./adapters/package/${runtime}.ts";
  import { openSandboxCarrier } from "./adapters/package/sandbox.ts";
  await run({
    carrier: { ...openSandboxCarrier(), name: "trunkline" },
    plans: { Team: ${JSON.stringify(TEAM)} },
    payments: {
      charge: () => Promise.resolve("declined"),
      refund: () => Promise.resolve("refunded"),
    },
    notifier: { announce: () => Promise.resolve({ ok: true, value: { jobId: "job_1" } }) },
  });
`;

const COMMANDS = {
  node: [process.execPath, "--import", "tsx", "--input-type=module", "--eval", programFor("node")],
  deno: ["node_modules/.bin/deno", "eval", "--no-lock", "--no-check", programFor("deno")],
};

for (const [runtime, [program = "", ...given]] of Object.entries(COMMANDS)) {
  test(`run() runs a server with what it is given, until a signal, on ${runtime}`, async () => {
    const server = follow(spawn(program, given, {
      cwd: ROOT,
      env: { ...inherited(), PORT: "0", DATA_DIR: "memory", ADMIN_TOKEN },
    }));
    const [, url = ""] = /^ledgerline listening on (\S+)$/.exec(await server.firstLine()) ?? [];
    const { admin, organization } = operatorOf(requesterTo(url), ADMIN_TOKEN);
    const { plans } = await admin("GET", "/admin/plans");
    assert.deepEqual(plans.map(({ name }: { name: string }) => name), ["Team"]);
    const token = await organization("acme", "Team");
    const body = { e164: "+14155550101" };
    const declined = await requesterTo(url)("POST", "/v1/phone-numbers", { token, body });
    assert.equal(declined.status, 402, JSON.stringify(declined.json));
    assert.deepEqual(await server.kill("SIGTERM"), { code: 0, signal: null });
    const { out, err } = server.printed();
    assert.match(out, /^ledgerline \S+, database: PGlite in memory, carrier: trunkline, off: /m);
    assert.doesNotMatch(out, /notices to reviewers/);
    assert.equal(err, "");
  });
}
