/** `doctor` names what is wrong, and how to mend it. */
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { after, describe, test } from "node:test";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { openPostgresLog } from "../../adapters/log/postgres/mod.ts";
import { ADMIN_TOKEN } from "../support/app.ts";
import { freePort } from "../support/port.ts";
import { startPostgres } from "../support/postgres.ts";
import { newFolder, removeServers, startServer } from "../support/server.ts";
import { listening } from "./listening.ts";
import { run } from "./session.ts";

after(removeServers);

type Found = { readonly state: string; readonly says: string; readonly mend: string | null };

/** What each check found, and with which status that ends. */
const examine = async (environment: Readonly<Record<string, string>>) => {
  const { status, out } = await run(["doctor", "--json"], environment);
  const found = out.map((line) => JSON.parse(line) as Found & { readonly check: string });
  return {
    status,
    of: (check: string): Found =>
      found.find((one) => one.check === check) ?? { state: "none", says: "", mend: null },
    wrong: found.filter(({ state }) => state === "wrong").map(({ check }) => check),
  };
};

const newLedger = async (): Promise<string> => {
  const folder = newFolder();
  await (await openPgliteLog({ folder })).close();
  return folder;
};

const listen = async (answer: RequestListener): Promise<string> => {
  const { url, close } = await listening(answer);
  after(close);
  return url;
};

describe("doctor, of a folder that cannot be opened", { timeout: 600_000 }, () => {
  const elsewhere: Readonly<Record<string, readonly [(path: string) => void, RegExp]>> = {
    "is a file": [(path) => writeFileSync(path, ""), /^DATA_DIR: ENOTDIR/],
    "is a link to nothing": [
      (path) => symlinkSync("nowhere", path),
      /^DATA_DIR: \S+ is a link to what is not there$/,
    ],
    "is a link to itself": [(path) => symlinkSync(path, path), /^DATA_DIR: ELOOP/],
    "has a file in place of the database": [
      (path) => {
        mkdirSync(path);
        writeFileSync(join(path, "pglite"), "");
      },
      /pglite in it is not a folder of its own/,
    ],
    "may not be entered": [(path) => mkdirSync(path, { mode: 0 }), /^DATA_DIR: EACCES/],
  };
  for (const [what, [make, says]] of Object.entries(elsewhere)) {
    test(`says why it cannot look into a folder that ${what}`, {
      skip: what === "may not be entered" && process.getuid?.() === 0 && "root may enter all",
    }, async () => {
      const folder = join(newFolder(), "data");
      make(folder);
      const { wrong, of } = await examine({ DATA_DIR: folder });
      assert.deepEqual(wrong, ["database"]);
      assert.match(of("database").says, says);
      assert.match(of("database").mend ?? "", /^see whether DATA_DIR is the folder of a ledger, /);
    });
  }
});

describe("doctor, of what this machine's settings name", { timeout: 600_000 }, () => {
  test("finds nothing wrong with a ledger in a folder", async () => {
    const folder = await newLedger();
    const { status, out, err } = await run(["doctor"], { DATA_DIR: folder, ADMIN_TOKEN });
    assert.deepEqual([status, err], [0, ""]);
    assert.deepEqual(out.map((line) => line.split(/ +/).slice(0, 2).join(" ")), [
      "ok settings",
      "ok database",
      "ok clock",
      "ok work",
      "ok carrier",
      "ok webhooks",
    ]);
  });

  test("finds nothing wrong with one in a PostgreSQL", async (context) => {
    const postgres = await startPostgres();
    context.after(() => postgres.stop());
    const DATABASE_URL = await postgres.database();
    const none = await examine({ DATABASE_URL });
    assert.deepEqual([none.status, none.wrong], [2, ["database"]]);
    assert.match(none.of("database").says, /there is no ledger in the database/);
    await (await openPostgresLog({ url: DATABASE_URL })).close();
    const { status, wrong } = await examine({ DATABASE_URL });
    assert.deepEqual([status, wrong], [0, []]);
  });

  test("names a setting that does not fit, and looks no further", async () => {
    const { status, wrong, of } = await examine({ PORT: "http", DATA_DIR: newFolder() });
    assert.deepEqual([status, wrong], [2, ["settings"]]);
    assert.equal(of("settings").says, "PORT: must be a whole number");
    assert.equal(of("database").state, "none");
  });

  test("says what is unwise, which is not wrong", async () => {
    const { status, of } = await examine({ DATA_DIR: await newLedger() });
    assert.equal(status, 0);
    assert.match(of("settings").says, /^ADMIN_TOKEN is not set/);
  });

  test("names a database that is not there, or does not answer", async () => {
    const none = await examine({ DATA_DIR: newFolder() });
    assert.deepEqual([none.status, none.wrong], [2, ["database"]]);
    assert.match(none.of("database").mend ?? "", /^ledgerline init makes a ledger/);
    const DATABASE_URL = `postgres://nobody@127.0.0.1:${await freePort()}/nothing`;
    const away = await examine({ DATABASE_URL });
    assert.deepEqual([away.status, away.wrong], [3, ["database"]]);
    assert.doesNotMatch(away.of("database").says, /nobody@/);
  });

  test("says who has the folder, and looks at the rest", async () => {
    const folder = newFolder();
    const server = await startServer({ folder });
    const { status, of } = await examine({ DATA_DIR: folder });
    assert.equal(status, 0);
    assert.match(of("database").says, new RegExp(`is in use by process ${server.pid} `));
    assert.equal(of("carrier").state, "ok");
    await server.kill("SIGTERM");
  });
});

describe("doctor, of what is elsewhere", { timeout: 600_000 }, () => {
  test("names a carrier that refuses the key, and webhooks that are not taken", async () => {
    const TELNYX_BASE_URL = await listen((_, response) => {
      response.writeHead(401, { "content-type": "application/json" });
      response.end('{"errors":[{"code":"10009","title":"Authentication failed"}]}');
    });
    const { status, wrong, of } = await examine({
      DATA_DIR: await newLedger(),
      CARRIER: "telnyx",
      TELNYX_API_KEY: "KEY0123456789_secret",
      TELNYX_BASE_URL,
    });
    assert.deepEqual([status, wrong], [3, ["carrier"]]);
    assert.match(of("carrier").mend ?? "", /TELNYX_API_KEY/);
    assert.doesNotMatch(JSON.stringify(of("carrier")), /KEY0123456789/);
    assert.equal(of("webhooks").state, "note");
  });

  test("names reviewers' address where it does not answer", async () => {
    const DATA_DIR = await newLedger();
    const there = await listen((_, response) => void response.writeHead(405).end());
    const fine = await examine({ DATA_DIR, REVIEWERS_WEBHOOK_URL: there });
    assert.deepEqual([fine.status, fine.of("reviewers").state], [0, "ok"]);
    const REVIEWERS_WEBHOOK_URL = `http://127.0.0.1:${await freePort()}/`;
    const away = await examine({ DATA_DIR, REVIEWERS_WEBHOOK_URL });
    assert.deepEqual([away.status, away.wrong], [3, ["reviewers"]]);
  });
});

describe("doctor, of a server", { timeout: 600_000 }, () => {
  test("finds nothing wrong with one that runs, and looks at the tokens that are set", async () => {
    const server = await startServer();
    const LEDGERLINE_TOKEN = await server.organization("acme");
    const environment = { LEDGERLINE_URL: server.url, ADMIN_TOKEN, LEDGERLINE_TOKEN };
    const { status, wrong, of } = await examine(environment);
    assert.deepEqual([status, wrong], [0, []]);
    assert.equal(of("LEDGERLINE_TOKEN").says, "a token of acme");
    assert.equal(of("carrier").says, "sandbox answers searches");
    assert.equal(of("clock").says, "the server believes it");
    const without = await examine({ LEDGERLINE_URL: server.url });
    assert.deepEqual([without.status, without.wrong], [0, []]);
    assert.equal(without.of("ADMIN_TOKEN").state, "note");
    const others = await examine({
      LEDGERLINE_URL: server.url,
      ADMIN_TOKEN: "another-operators-secret",
      LEDGERLINE_TOKEN: "tk_1.nonsense",
    });
    assert.deepEqual([others.status, others.wrong], [1, ["ADMIN_TOKEN", "LEDGERLINE_TOKEN"]]);
    await server.kill("SIGTERM");
  });

  test("names one that is not there, or is something else", async () => {
    const away = await examine({ LEDGERLINE_URL: `http://127.0.0.1:${await freePort()}` });
    assert.deepEqual([away.status, away.wrong], [3, ["server"]]);
    const page = await listen((_, response) => void response.end("<p>Hello"));
    assert.deepEqual((await examine({ LEDGERLINE_URL: page })).status, 3);
    const json = await listen((_, response) => void response.end('{"name":"else"}'));
    const other = await examine({ LEDGERLINE_URL: json, ADMIN_TOKEN });
    assert.equal(other.status, 3);
    assert.match(other.of("server").says, /does not say that it is Ledgerline$/);
  });

  test("names a database that takes no writes, and a clock that is doubted", async () => {
    const answers: Readonly<Record<string, readonly [number, unknown]>> = {
      "/": [200, { name: "ledgerline", version: "0.0.1" }],
      "/readyz": [503, { status: "unavailable", database: "read-only", clock: "jumped" }],
      "/webhooks/telnyx": [400, {}],
    };
    const LEDGERLINE_URL = await listen(({ url = "" }, response) => {
      const [status, body] = answers[url] ?? [404, {}];
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    });
    const { status, wrong, of } = await examine({ LEDGERLINE_URL });
    assert.deepEqual([status, wrong], [3, ["database", "clock"]]);
    assert.equal(of("database").says, "it takes no writes");
    assert.match(of("clock").says, /\(jumped\)/);
    assert.match(of("server").says, /^Ledgerline 0\.0\.1 at .*; this program is /);
    assert.equal(of("webhooks").state, "ok");
  });
});
