/** The command line's `follow`, as a process: what it prints, and how it ends. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openPostgresLog } from "../../adapters/log/postgres/mod.ts";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { add } from "../ledger/feed/support.ts";
import { startPostgres } from "../support/postgres.ts";
import { newFolder, removeServers } from "../support/server.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const folder = newFolder();

const begin = (
  parameters: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
) => {
  const program = ["--import", "tsx", "adapters/cli/main.ts", "follow", ...parameters];
  const env = {
    ...process.env,
    DATA_DIR: folder,
    DURABILITY: "relaxed",
    DATABASE_URL: "",
    ...environment,
  };
  const child = spawn(process.execPath, program, { cwd: ROOT, env });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => said += part);
  return {
    child,
    lines: createInterface({ input: child.stdout }),
    ended: once(child, "close").then(([code, signal]) => ({ code, signal, said })),
  };
};

const WELL = { code: 0, signal: null, said: "" };

before(async () => {
  const log = await openPgliteLog({ folder, durability: "relaxed" });
  await add(log, "acme", 3);
  await add(log, "other", 1);
  await add(log, "much", 3_000);
  await log.close();
});
after(removeServers);

test("follow prints all events and waits for more until it is stopped", async () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const { child, lines, ended } = begin();
    const places = new Set<string>();
    for await (const line of lines) {
      const { organization, position } = JSON.parse(line);
      places.add(`${organization} ${position}`);
      if (places.size === 3_004) child.kill(signal);
    }
    assert.deepEqual(await ended, WELL);
    for (const last of ["acme 3", "other 1", "much 3000"]) assert.ok(places.has(last), last);
  }
});

test("follow prints what others append to a PostgreSQL meanwhile", async () => {
  const postgres = await startPostgres();
  const url = await postgres.database();
  const log = await openPostgresLog({ url });
  await add(log, "acme", 2);
  const { child, lines, ended } = begin(["acme"], { DATABASE_URL: url });
  const positions: number[] = [];
  for await (const line of lines) {
    positions.push(JSON.parse(line).position);
    if (positions.length === 2) await add(log, "acme", 3);
    if (positions.length === 5) child.kill("SIGTERM");
  }
  assert.deepEqual(positions, [1, 2, 3, 4, 5]);
  assert.deepEqual(await ended, WELL);
  await log.close();
  await postgres.stop();
});

test("follow begins after a position, and ends when nobody reads on", async () => {
  const { child, lines, ended } = begin(["much", "--after", "2"]);
  const [line] = await once(lines, "line");
  const { organization, position } = JSON.parse(line);
  assert.deepEqual([organization, position], ["much", 3]);
  child.stdout.destroy();
  assert.deepEqual(await ended, WELL);
});

test("follow says what is wrong when it cannot begin", async () => {
  const short = await begin(["acme", "--after", "4"]).ended;
  assert.equal(short.code, 1);
  assert.match(
    short.said,
    /^ledgerline: the log of acme is not the one that was followed: it ends at position 3, and position 4/,
  );
  const wrong = await begin(["acme", "--after", "-1"]).ended;
  assert.equal(wrong.code, 2);
  assert.match(
    wrong.said,
    /^--after must be a position and the hash of the event there, .*, and not "-1"\n$/,
  );
});
