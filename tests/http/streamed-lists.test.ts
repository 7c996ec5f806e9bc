/** Lists that have no pages are sent as they are read, and are of one moment. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { Unavailable } from "../../core/log/unavailable.ts";
import { gate } from "../support/gate.ts";
import { e164At, openWithNumbers } from "../support/many-numbers.ts";

/** Several pages and, on each wire, several chunks. */
const COUNT = 450;

const get = (path: string, token: string, method = "GET") =>
  new Request(`http://localhost${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
  });

type Numbers = readonly { readonly id: string }[];

/** The lists, with where their numbers are in the body, and what else is there. */
const LISTS: Readonly<
  Record<string, { readonly path: string; readonly of: (body: never) => Numbers; rest?: object }>
> = {
  Talkturo: {
    path: "/api/phone-numbers/purchase?teamId=acme",
    of: ({ numbers }: { numbers: Numbers }) => numbers,
    rest: { success: true, count: COUNT },
  },
  Talkover: {
    path: "/api/v1/phone-numbers",
    of: ({ data }: { data: Numbers }) => data,
    rest: { success: true },
  },
  Speko: { path: "/v1/phone-numbers", of: (body: Numbers) => body },
  ledger: {
    path: "/ledger/numbers",
    of: ({ numbers }: { numbers: Numbers }) => numbers,
    rest: { next: null },
  },
};

describe("a list of all numbers", () => {
  const opened = openWithNumbers(COUNT);
  after(async () => await (await opened).close());

  for (const [name, { path, of, rest }] of Object.entries(LISTS)) {
    test(`has each of them once, the oldest first, on ${name}'s wire`, async () => {
      const app = await opened;
      const ids = (await app.ledger.numbers.list(app.caller)).map(({ holding }) => holding.id);
      const response = await app.fetch(get(path, app.token));
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("content-type"), "application/json");
      assert.match(response.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
      const body = await response.json();
      assert.deepEqual(of(body as never).map(({ id }) => id), ids);
      if (rest !== undefined) {
        const others = Object.entries(body).filter(([, value]) => !Array.isArray(value));
        assert.deepEqual(Object.fromEntries(others), rest);
      }
    });
  }

  test("is as it was when it was asked for, whatever is done while it is sent", async () => {
    const app = await openWithNumbers(COUNT);
    const path = "/ledger/numbers";
    const before = await (await app.fetch(get(path, app.token))).text();
    const response = await app.fetch(get(path, app.token));
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader() ?? assert.fail();
    let text = "";
    for (let chunk = 0;; chunk += 1) {
      const { done, value } = await reader.read();
      if (done) break;
      text += value;
      if (chunk > 0) continue;
      const all = await app.ledger.numbers.list(app.caller);
      for (const place of [1, 201, 301, COUNT - 1]) {
        assert.ok((await app.ledger.removeImport(app.caller, all[place]?.holding.id ?? "")).ok);
      }
      const via = { sipConnection: "sip_1" };
      assert.ok((await app.ledger.import(app.caller, { e164: e164At(COUNT), via })).ok);
      assert.ok((await app.ledger.assign(app.caller, "other", [all[300]?.holding.id ?? ""])).ok);
    }
    assert.equal(text, before);
    await app.close();
  });

  test("is read no further when the client has gone away, and not for HEAD", async () => {
    let pages = 0;
    const app = await openWithNumbers(COUNT, (log) => ({
      list: (...asked) => (pages++, log.list(...asked)),
    }));
    const response = await app.fetch(get("/ledger/numbers", app.token));
    await response.body?.cancel();
    assert.ok(pages < COUNT / 50, `${pages} pages`);
    const read = pages;
    const head = await app.fetch(get("/ledger/numbers", app.token, "HEAD"));
    assert.equal(head.status, 200);
    assert.equal(await head.text(), "");
    assert.ok(pages - read < COUNT / 50, `${pages - read} pages`);
    await app.close();
  });
});

test("a client that goes away while more is read is not an error", async () => {
  const [asked, more] = [gate(), gate()];
  let pages = 0;
  const app = await openWithNumbers(COUNT, (log) => ({
    list: async (...given) => {
      const page = await log.list(...given);
      if (++pages < COUNT / 50) return page;
      asked.open();
      await more.opened;
      return page;
    },
  }));
  const response = await app.fetch(get("/ledger/numbers", app.token));
  const reader = response.body?.getReader() ?? assert.fail();
  const reading = (async () => {
    while (!(await reader.read()).done);
  })();
  await asked.opened;
  const cancelled = reader.cancel();
  more.open();
  await cancelled;
  await reading;
  // It would report what was thrown.
  await app.close();
});

describe("a list of all numbers that cannot be read", () => {
  test("breaks off where the log fails in the middle of it, which is reported", async () => {
    let pages = 0;
    const app = await openWithNumbers(2 * COUNT, (log) => ({
      list: (...asked) => {
        if (++pages < 16) return log.list(...asked);
        return Promise.reject(new Error("a page is lost"));
      },
    }));
    const response = await app.fetch(get("/ledger/numbers", app.token));
    assert.equal(response.status, 200);
    await assert.rejects(response.text(), /a page is lost/);
    await assert.rejects(app.close(), AggregateError);
  });

  test("is refused as ever where the log fails at its beginning", async () => {
    const app = await openWithNumbers(3, () => ({
      list: () => Promise.reject(new Unavailable("no connection")),
    }));
    const response = await app.fetch(get("/api/phone-numbers/purchase?teamId=acme", app.token));
    assert.equal(response.status, 503);
    assert.equal((await response.json()).success, false);
    await app.close();
  });
});

test("a short list is one text, and may be empty", async () => {
  const app = await openWithNumbers(2);
  const response = await app.fetch(get("/v1/phone-numbers", app.token));
  assert.equal((await response.json()).length, 2);
  const nobody = await app.organization("nobody");
  assert.equal(await (await app.fetch(get("/v1/phone-numbers", nobody))).text(), "[]");
  await app.close();
});
