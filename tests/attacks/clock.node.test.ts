/** Real servers whose clock is set while they run, and before they start. */
import assert from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, describe, it } from "node:test";
import { DAY_MS, HOUR_MS } from "../../core/values/calendar.ts";
import { until } from "../support/eventually.ts";
import { newFolder, removeServers, startServer, type TestServer } from "../support/server.ts";

/** A module loaded before the server: its clock is ahead by the content of a file. */
const PRELOAD = `
import { readFileSync } from "node:fs";
const file = new URL("./ahead", import.meta.url);
const real = Date.now.bind(Date);
Date.now = () => real() + Number(readFileSync(file, "utf8") || 0);
`;

after(removeServers);

/** A server in a new folder, and how its clock is set. */
const withClock = () => {
  const [tools, folder] = [newFolder(), newFolder()];
  const preload = join(tools, "clock.mjs");
  writeFileSync(preload, PRELOAD);
  // The server reads the file whenever it asks for the time, so it is replaced whole.
  const set = (ahead: number): void => {
    writeFileSync(join(tools, "next"), String(ahead));
    renameSync(join(tools, "next"), join(tools, "ahead"));
  };
  set(0);
  const environment = {
    NODE_OPTIONS: `--import ${pathToFileURL(preload).href}`,
    RECOVERY_MS: "20",
  };
  return { set, start: () => startServer({ folder, environment }) };
};

const clockOf = async ({ request }: TestServer): Promise<unknown> =>
  (await request("GET", "/readyz")).json.clock ?? null;

const buy = async ({ request }: TestServer, token: string): Promise<string> => {
  const path = "/v1/phone-numbers";
  const offers = await request("GET", `${path}/available?areaCode=415`, { token });
  const body = { e164: offers.json[0].e164 };
  const bought = await request("POST", path, { token, body });
  assert.equal(bought.status, 200, JSON.stringify(bought.json));
  return bought.json.id;
};

/** Waits until work that falls due later than all other was done. */
const rounds = async (server: TestServer): Promise<void> => {
  const token = await server.organization("org_rounds", "Growth");
  for (let done = 0; done < 2; done++) {
    const id = await buy(server, token);
    await server.request("DELETE", `/v1/phone-numbers/${id}`, { token });
  }
};

describe("server whose clock is set", () => {
  it("ends no trial six days ahead, says so, and goes on when the operator confirms", async () => {
    const { set, start } = withClock();
    const server = await start();
    const token = await server.organization("org_1", "Free");
    const path = `/v1/phone-numbers/${await buy(server, token)}`;
    assert.equal(await clockOf(server), null);
    set(6 * DAY_MS);
    await until(async () => (await clockOf(server)) === "jumped");
    await rounds(server);
    assert.equal((await server.request("GET", path, { token })).status, 200);
    set(0);
    assert.equal((await server.request("GET", path, { token })).status, 200);
    const lines = server.printed().err.split("\n").filter((line) => line.includes("the clock"));
    assert.equal(lines.length, 1, server.printed().err);
    assert.match(lines[0] ?? "", /518400 s later than the time that has passed/);
    const { now } = await server.admin("POST", "/admin/clock/confirm");
    assert.ok(Math.abs(Date.parse(now) - Date.now()) < HOUR_MS);
    assert.equal(await clockOf(server), null);
    // A clock that the operator confirms is trusted: the trial is then over.
    set(6 * DAY_MS);
    await until(async () => (await clockOf(server)) === "jumped");
    await server.admin("POST", "/admin/clock/confirm");
    await until(async () => (await server.request("GET", path, { token })).status === 404);
    await server.kill("SIGTERM");
  });

  it("ends no trial when it was set before the start", async () => {
    const { set, start } = withClock();
    const first = await start();
    const token = await first.organization("org_1", "Free");
    const path = `/v1/phone-numbers/${await buy(first, token)}`;
    await first.kill("SIGKILL");
    set(6 * DAY_MS);
    const second = await start();
    assert.equal(await clockOf(second), "unconfirmed");
    await rounds(second);
    assert.equal((await second.request("GET", path, { token })).status, 200);
    await second.kill("SIGTERM");
  });
});
