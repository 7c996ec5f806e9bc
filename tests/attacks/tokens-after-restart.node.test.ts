/**
 * After a restart no token is known, and unknown clients come first: a tenant's token is still
 * served.
 */
import assert from "node:assert/strict";
import { type ClientRequest, request as httpRequest } from "node:http";
import process from "node:process";
import { after, describe, test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { startListening } from "../../adapters/runtimes/node/listen.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { clientOf, noteClient } from "../../http/client-address.ts";
import { openGuard } from "../../http/unknown-tokens.ts";
import { callerOf } from "../properties/runs.ts";
import { openTestApp } from "../support/app.ts";
import { pause } from "../support/pause.ts";

const LIST = "/v1/phone-numbers";
const ACME = callerOf("acme");
/** Only Linux has all addresses of the loopback network without configuration. */
const ELSEWHERE = process.platform === "linux" ? "127.0.0.2" : "127.0.0.1";
const stranger = (place: number): string => `tk_${"0".repeat(20)}${place}.${"s".repeat(43)}`;

/** Look-ups that end when they are released, one after the other. */
const openLookUps = () => {
  const held: (() => void)[] = [];
  let [begun, isOpen] = [0, false];
  return {
    begun: () => begun,
    hold: async <Value>(answer: () => Value | Promise<Value>): Promise<Value> => {
      begun += 1;
      if (!isOpen) await new Promise<void>((go) => held.push(go));
      return await answer();
    },
    next: () => held.shift()?.(),
    open: () => {
      isOpen = true;
      for (const go of held.splice(0)) go();
    },
  };
};

const outcome = (asked: Promise<unknown>): Promise<unknown> =>
  asked.catch((error: Error) => error.constructor.name);

describe("a token's first use", () => {
  test("waits for one turn of each other client, and not for all their requests", async () => {
    const looks = openLookUps();
    const guard = openGuard();
    const strangers = Array.from(
      { length: 1_100 },
      (_, place) => outcome(guard(stranger(place), () => looks.hold(() => null), "10.0.0.1")),
    );
    const ours = guard("ours", () => looks.hold(() => ACME), "10.0.0.2");
    let isOurs = false;
    void ours.then(() => isOurs = true);
    for (let turns = 0; turns < 1_000 && !isOurs; turns++) {
      looks.next();
      await new Promise((resolve) => setTimeout(resolve));
    }
    assert.equal(await ours, ACME);
    assert.ok(looks.begun() <= 10, `${looks.begun()} were looked up before`);
    looks.open();
    const answers = await Promise.all(strangers);
    assert.equal(answers.filter((answer) => answer === "Busy").length, 96);
    assert.equal(answers.filter((answer) => answer === null).length, 1_004);
  });

  test("is served after a burst of unknown clients, also where no addresses are known", async () => {
    const looks = openLookUps();
    const guard = openGuard();
    const strangers = Array.from(
      { length: 1_100 },
      (_, place) => outcome(guard(stranger(place), () => looks.hold(() => null))),
    );
    const ours = guard("ours", () => looks.hold(() => ACME));
    looks.open();
    assert.equal(await ours, ACME);
    const answers = await Promise.all(strangers);
    assert.equal(answers.filter((answer) => answer === "Busy").length, 97, "the first that waited");
    assert.ok(answers.slice(4, 101).every((answer) => answer === "Busy"));
  });

  test("is served though unknown clients of many addresses fill the queue", async () => {
    const looks = openLookUps();
    const guard = openGuard();
    const strangers = Array.from(
      { length: 24_000 },
      (_, place) =>
        outcome(guard(stranger(place), () => looks.hold(() => null), `10.0.0.${place % 20}`)),
    );
    const ours = guard("ours", () => looks.hold(() => ACME), "10.0.1.1");
    looks.open();
    assert.equal(await ours, ACME);
    const answers = await Promise.all(strangers);
    assert.equal(answers.filter((answer) => answer === null).length, 10_003, "one gave its place");
  });
});

test("a token's first use is served by a server whose unknown clients have another address", async () => {
  const log = openMemoryLog();
  const looks = openLookUps();
  const find: EventLog["find"] = (kind, key) => looks.hold(() => log.find(kind, key));
  const setting = openTestApp({ log: { ...log, close: () => Promise.resolve() } });
  const token = await setting.organization("acme");
  await setting.close();
  const app = openTestApp({ log: { ...log, find } });
  after(() => app.close());
  const options = { port: 0, host: "127.0.0.1", maxConnections: 4_096 };
  const clients = new Set<string>();
  const listening = await startListening((request) => {
    clients.add(clientOf(request));
    return app.fetch(request);
  }, options);
  const asked: ClientRequest[] = [];
  const get = (localAddress: string, bearer: string): Promise<number | undefined> =>
    new Promise((resolve) => {
      const headers = { authorization: `Bearer ${bearer}` };
      const to = { host: "127.0.0.1", port: listening.port, path: LIST, agent: false };
      const request = httpRequest({ ...to, localAddress, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on("error", () => resolve(undefined));
      asked.push(request.end());
    });
  const strangers = Array.from(
    { length: 1_050 },
    (_, place) => get("127.0.0.2", stranger(place)),
  );
  // The queue is full, since the first request beyond it was refused.
  assert.equal(await Promise.race(strangers), 503);
  const ours = get("127.0.0.1", token);
  await pause(50, "the request gets to the queue in it, which nothing outside shows");
  looks.open();
  assert.equal(await ours, 200);
  assert.deepEqual(clients, new Set([ELSEWHERE, "127.0.0.1"]));
  for (const request of asked) request.destroy();
  await Promise.all(strangers);
  await listening.end(0);
});

test("a client is an IPv4 address, or the network of an IPv6 one", () => {
  const clientAt = (address: string | undefined): string => {
    const request = new Request("http://localhost/");
    noteClient(request, address);
    return clientOf(request);
  };
  assert.equal(clientAt(undefined), "");
  assert.equal(clientAt("192.0.2.7"), "192.0.2.7");
  assert.equal(clientAt("::ffff:192.0.2.7"), "192.0.2.7");
  assert.equal(clientAt("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2");
  assert.equal(clientAt("2001:db8:1:2::6"), "2001:db8:1:2");
  assert.equal(clientAt("2001:db8::1:2:3"), "2001:db8:0:0");
  assert.equal(clientAt("::1"), "0:0:0:0");
  assert.notEqual(clientAt("2001:db8:1:3::6"), clientAt("2001:db8:1:2::6"));
});
