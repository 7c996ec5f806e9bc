/** Invalid tokens: what they cost, and that they keep no caller out. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { openTestApp } from "../support/app.ts";
import { until } from "../support/eventually.ts";
import { gate } from "../support/gate.ts";
import { pause } from "../support/pause.ts";

const LIST = "/v1/phone-numbers";

/** An application whose look-ups of tokens are counted, and wait while they are held. */
const open = () => {
  const log = openMemoryLog();
  let [looks, underWay, most] = [0, 0, 0];
  let held: Promise<void> = Promise.resolve();
  const find: EventLog["find"] = async (kind, key) => {
    looks += 1;
    underWay += 1;
    most = Math.max(most, underWay);
    await held;
    underWay -= 1;
    return await log.find(kind, key);
  };
  const app = openTestApp({ log: { ...log, find } });
  after(() => app.close());
  return {
    app,
    looks: () => looks,
    most: () => most,
    /** Holds look-ups until the returned function is called. */
    hold: () => {
      const { opened, open: release } = gate();
      held = opened;
      return release;
    },
  };
};

const stranger = (place: number): string => `tk_${"0".repeat(20)}${place}.${"s".repeat(43)}`;

test("a refused token is not looked up again and again", async () => {
  const { app, looks } = open();
  for (let count = 0; count < 50; count++) {
    assert.equal((await app.request("GET", LIST, { token: stranger(1) })).status, 401);
  }
  assert.equal(looks(), 1);
});

test("unknown clients wait for one another, and a token in use waits for none of them", async () => {
  const { app, most, hold } = open();
  const token = await app.organization("acme");
  assert.equal((await app.request("GET", LIST, { token })).status, 200);
  const release = hold();
  const strangers = Array.from(
    { length: 300 },
    (_, place) => app.request("GET", LIST, { token: stranger(place) }),
  );
  const ours = app.request("GET", LIST, { token });
  await until(() => most() >= 5);
  await pause(20, "a sixth would be looked up in it");
  assert.equal(most(), 5, "four strangers and the caller are looked up");
  release();
  assert.equal((await ours).status, 200);
  for (const { status } of await Promise.all(strangers)) assert.equal(status, 401);
});

test("a token that was never seen is served while unknown clients come", async () => {
  const { app } = open();
  const token = await app.organization("acme");
  const strangers = Array.from(
    { length: 500 },
    (_, place) => app.request("GET", LIST, { token: stranger(place) }),
  );
  assert.equal((await app.request("GET", LIST, { token })).status, 200);
  await Promise.all(strangers);
});

test("more unknown clients than can wait are asked to retry, not answered with an error", async () => {
  const { app, hold } = open();
  const release = hold();
  const strangers = Array.from(
    { length: 1_100 },
    (_, place) => app.request("GET", LIST, { token: stranger(place) }),
  );
  await pause(20, "all of them get as far as they can");
  release();
  const answers = await Promise.all(strangers);
  const busy = answers.filter(({ status }) => status === 503);
  assert.equal(busy.length, 96);
  assert.equal(busy[0]?.headers.get("retry-after"), "1");
  assert.ok(answers.every(({ status }) => status === 401 || status === 503));
});

test("a token that is revoked is refused at the next request", async () => {
  const { app } = open();
  const token = await app.organization("acme");
  assert.equal((await app.request("GET", LIST, { token })).status, 200);
  await app.admin("DELETE", `/admin/tokens/${token.split(".")[0]}`);
  assert.equal((await app.request("GET", LIST, { token })).status, 401);
});
