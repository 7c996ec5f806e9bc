/**
 * A server whose disk fills up: 503 while it is full, one line at each end, and nothing is lost.
 */
import assert from "node:assert/strict";
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { mountSmall, unmountAll } from "../support/mount.ts";
import { newFolder, removeServers, startServer } from "../support/server.ts";
import { assertNoneLost, readFolder } from "../runtimes/folder.ts";
import { until } from "../support/eventually.ts";

after(async () => {
  unmountAll();
  await removeServers();
});

const NOT_MOUNTED =
  "NOT TRIED: no file system can be mounted here. The same with injected faults, " +
  "without HTTP, is in tests/contract/log/pglite-disk.test.ts";

test("a full disk is answered 503 with Retry-After, and /readyz too, until there is space", async (context) => {
  const place = mountSmall(join(newFolder(), "disk"), 64);
  if (place === null) return context.diagnostic(NOT_MOUNTED);
  const folder = join(place, "data");
  const server = await startServer({ folder, environment: { RATE_LIMITS: "off" } });
  const { request, organization } = server;
  const token = await organization("acme", "Scale");
  const buy = (line: number) =>
    request("POST", "/v1/phone-numbers", {
      token,
      body: { e164: `+1415555${String(line).padStart(4, "0")}`, label: "x".repeat(100) },
    });
  assert.equal((await buy(1)).status, 200);

  const { bavail, bsize } = statfsSync(place);
  writeFileSync(join(place, "ballast"), new Uint8Array(bavail * bsize - 100_000));
  const bought = ["+14155550001"];
  let refused = null;
  for (let line = 2; refused === null && line < 100; line += 1) {
    const answer = await buy(line);
    if (answer.status === 200) bought.push(answer.json.e164);
    else refused = answer;
  }
  assert.equal(refused?.status, 503, JSON.stringify(refused?.json));
  assert.ok(refused.headers.has("retry-after"));
  assert.equal((await request("GET", "/readyz")).status, 503);
  assert.equal((await request("GET", "/healthz")).status, 200);
  const list = await request("GET", "/v1/phone-numbers", { token });
  assert.equal(list.status, 200);
  for (let line = 200; line < 203; line += 1) {
    assert.ok([200, 503].includes((await buy(line)).status));
  }
  const said = () =>
    server.printed().err.split("\n").filter((line) => line.includes("the database"));
  assert.equal(said().length, 1, server.printed().err);
  assert.match(said()[0] ?? "", /the database is unavailable: the disk is full/);

  rmSync(join(place, "ballast"));
  await until(async () => (await request("GET", "/readyz")).status === 200);
  assert.equal((await buy(300)).status, 200);
  assert.equal(said().length, 2, server.printed().err);
  assert.match(said()[1] ?? "", /the database is available again/);
  assert.doesNotMatch(server.printed().err, /\bat .*\.[jt]s/);
  await server.kill("SIGTERM");
  const contents = await readFolder(folder);
  assertNoneLost(contents);
  const held = contents.books.get("acme")?.held;
  for (const e164 of bought) assert.ok(held?.has(e164), e164);
});
