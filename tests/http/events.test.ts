/** The feed over HTTP: pages, waiting, streams, and whose it is. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ADMIN_TOKEN, openTestApp, type TestApp } from "../support/app.ts";
import { assertProblem, assertRefusedByField, bought, expected } from "./ledger-support.ts";
import { parsed, reading } from "../support/event-streams.ts";
import { type Talk, userOf } from "./talk-support.ts";

const PATH = "/ledger/events";

let app: TestApp;
let token = "";
let call: Talk;

before(async () => {
  app = openTestApp();
  token = await app.organization("acme");
  call = userOf(app, token);
  await bought(call, "+14155550101");
});
after(() => app.close());

const stream = (path = PATH, headers: Readonly<Record<string, string>> = {}) =>
  app.fetch(
    new Request(`http://localhost${path}`, {
      headers: { authorization: `Bearer ${token}`, accept: "text/event-stream", ...headers },
    }),
  );

const ask: Talk = (method, path) => call(method, path);

describe("a page of the feed", { timeout: 300_000 }, () => {
  test("has what happened, with a cursor in each event and one for what follows", async () => {
    const { events, next } = expected(await call("GET", PATH), 200);
    const types = events.map(({ type }: { readonly type: string }) => type);
    assert.deepEqual(types.slice(-2), ["number.purchase_requested", "number.purchased"]);
    assert.equal(events.at(-1).cursor, next);
    assert.equal(events.at(-1).organization, "acme");
    const { subject, data } = events.at(-1);
    assert.equal(data.e164, "+14155550101");
    assert.equal(expected(await call("GET", subject), 200).id, data.number);
    assert.deepEqual(expected(await call("GET", `${PATH}?after=${next}`), 200), {
      events: [],
      next,
    });
    const page = expected(await call("GET", `${PATH}?after=${events[0].cursor}&limit=2`), 200);
    assert.deepEqual(page.events, events.slice(1, 3));
  });

  test("has only the wanted types, in one parameter or several", async () => {
    for (
      const query of [
        "types=number.purchased,token.issued",
        "types=number.purchased&types=token.issued",
      ]
    ) {
      const { events } = expected(await call("GET", `${PATH}?${query}`), 200);
      assert.deepEqual(
        events.map(({ type }: { readonly type: string }) => type),
        ["token.issued", "number.purchased"],
      );
    }
  });

  test("refuses what does not fit by its field", async () => {
    const refused = [
      ["after=x", "after"],
      ["after=1", "after"],
      [`after=${"9".repeat(200)}`, "after"],
      ["types=number.bought", "types"],
      ["types=", "types"],
      ["limit=0", "limit"],
      ["limit=101", "limit"],
      ["wait=31", "wait"],
      ["wait=-1", "wait"],
      ["organization=umbrella", "organization"],
      ["envelope=cloudevent", "envelope"],
      ["envelope=", "envelope"],
    ];
    for (const [query, field] of refused) {
      await assertRefusedByField(ask, "GET", `${PATH}?${query}`, [[undefined, field ?? ""]]);
    }
    assert.equal((await stream(PATH, { "last-event-id": "x" })).status, 400);
  });

  test("is 409 where the cursor is of another log, as a page and as a stream", async () => {
    const other = `1-${"0".repeat(64)}`;
    assertProblem(await call("GET", `${PATH}?after=${other}`), 409, "FEED_FORKED");
    assert.equal((await stream(`${PATH}?after=${other}`)).status, 409);
  });
});

describe("the feed", { timeout: 300_000 }, () => {
  test("is one organization's alone, and any that the operator names", async () => {
    const theirs = userOf(app, await app.organization("umbrella"));
    const { events } = expected(await theirs("GET", PATH), 200);
    assert.equal(JSON.stringify(events).includes("acme"), false);
    const operator: Talk = (method, path) => app.request(method, path, { token: ADMIN_TOKEN });
    const named = expected(await operator("GET", `${PATH}?organization=acme&limit=1`), 200);
    assert.equal(named.events[0].organization, "acme");
    assertProblem(await operator("GET", PATH), 400, "VALIDATION_ERROR");
    assert.equal((await app.request("GET", PATH, { token: "not a token" })).status, 401);
    assert.equal((await app.request("GET", PATH)).status, 401);
  });

  test("answers HEAD without waiting", async () => {
    const head = await call("HEAD", `${PATH}?after=latest&wait=30`);
    assert.deepEqual([head.status, head.json], [200, null]);
    const streamed = await app.fetch(
      new Request(`http://localhost${PATH}`, {
        method: "HEAD",
        headers: { authorization: `Bearer ${token}`, accept: "text/event-stream" },
      }),
    );
    assert.deepEqual([streamed.status, await streamed.text()], [200, ""]);
  });

  test("waits for the next event where there is none", async () => {
    const waiting = call("GET", `${PATH}?after=latest&wait=30&types=number.auto_renewal_changed`);
    const { numbers } = expected(await call("GET", "/ledger/numbers"), 200);
    const path = `/ledger/numbers/${numbers[0].id}`;
    // It may have begun before or after the first of these, and waits for one of them.
    for (const autoRenewal of [false, true]) {
      expected(await call("PATCH", path, { body: { autoRenewal } }), 200);
    }
    const { events } = expected(await waiting, 200);
    assert.ok(events.length > 0);
    for (const { type } of events) assert.equal(type, "number.auto_renewal_changed");
  });
});

describe("a stream of the feed", { timeout: 300_000 }, () => {
  test("has all that happened, and then what happens, with the cursor as its id", async () => {
    const whole = expected(await call("GET", PATH), 200).events;
    const response = await stream();
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    assert.equal(response.headers.get("cache-control"), "no-store");
    const read = reading(response);
    const text = await read.until((got) => parsed(got).length === whole.length);
    assert.deepEqual(parsed(text).map(({ data }) => data), whole);
    assert.deepEqual(parsed(text).map(({ id }) => id), parsed(text).map(({ data }) => data.cursor));
    await app.admin("POST", "/admin/organizations/acme/credits", { amount: "25.00" });
    const more = parsed(await read.until((got) => got.includes("credits.added")));
    assert.equal(more.at(-1)?.data.data.amount, "25.00");
    await read.leave();
    const { id = "" } = more.at(-2) ?? {};
    const again = reading(await stream(`${PATH}?after=0`, { "last-event-id": id }));
    const rest = parsed(await again.until((got) => got.includes("credits.added")));
    assert.deepEqual(rest, more.slice(-1));
    await again.leave();
  });

  test("ends, as waiting does, when the ledger closes", async () => {
    const own = openTestApp();
    const key = await own.organization("acme");
    const headers = { authorization: `Bearer ${key}` };
    const asked = (init: RequestInit, query: string) =>
      own.fetch(new Request(`http://localhost${PATH}?after=latest${query}`, init));
    const streamed = await asked({ headers: { ...headers, accept: "text/event-stream" } }, "");
    const read = reading(streamed);
    await read.until((text) => text.includes("retry"));
    const waiting = asked({ headers }, "&wait=30");
    await own.close();
    await read.until(() => false);
    assert.ok([200, 503].includes((await waiting).status));
  });
});
