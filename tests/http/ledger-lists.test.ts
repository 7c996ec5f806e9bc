/** Lists of the ledger's own API: pages, filters and past times. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { openWithNumbers } from "../support/many-numbers.ts";
import { SIP } from "../support/app.ts";
import { assertProblem, bought, expected } from "./ledger-support.ts";
import { type Talk, userOf, withTeam } from "./talk-support.ts";

const PATH = "/ledger/numbers";
const ABSENT = "pn_00000000000000000000000000";

type Row = { readonly id: string; readonly e164: string; readonly status: string };

/** All pages of a list, each of at most so many numbers. */
const pagesOf = async (call: Talk, query: string, limit: number): Promise<readonly Row[][]> => {
  const pages: Row[][] = [];
  for (let after = "";;) {
    const answer = await call("GET", `${PATH}?limit=${limit}${query}${after}`);
    const { numbers, next, ...others } = expected(answer, 200);
    assert.deepEqual(others, {});
    assert.ok(numbers.length <= limit);
    pages.push(numbers);
    if (next === null) return pages;
    after = `&after=${next}`;
  }
};

const idsOf = (rows: readonly Row[]): readonly string[] => rows.map(({ id }) => id);

describe("a list of many numbers", () => {
  const COUNT = 250;
  const opened = openWithNumbers(COUNT);
  const callOf = async () => {
    const app = await opened;
    return userOf(app, app.token);
  };
  after(async () => await (await opened).close());

  test("is the same whole and in pages of any size, the last of which has no next", async () => {
    const call = await callOf();
    const whole = expected(await call("GET", PATH), 200);
    assert.deepEqual([whole.numbers.length, whole.next], [COUNT, null]);
    for (const limit of [7, 50, 100]) {
      const pages = await pagesOf(call, "", limit);
      assert.deepEqual(pages.flat(), whole.numbers);
      assert.equal(pages.length, Math.ceil(COUNT / limit));
    }
    const rest = await call("GET", `${PATH}?after=${whole.numbers[199].id}`);
    assert.deepEqual(rest.json, { numbers: whole.numbers.slice(200), next: null });
  });

  test("has what fits all filters, in pages too", async () => {
    const call = await callOf();
    const whole = expected(await call("GET", `${PATH}?assistant=agent`), 200).numbers;
    assert.equal(whole.length, COUNT / 2);
    for (
      const [query, count] of [
        ["&assistant=agent", COUNT / 2],
        ["&assistant=nobody", 0],
        ["&source=imported", COUNT],
        ["&source=managed", 0],
        ["&direction=both", COUNT],
        ["&direction=inbound", 0],
        ["&status=active", COUNT],
        ["&status=suspended", 0],
        ["&search=(415)%20555-10", 100],
        ["&search=5551001", 1],
        ["&search=+14155551001", 1],
        ["&assistant=agent&search=55510&status=active&source=imported", 50],
      ] as const
    ) {
      const rows = (await pagesOf(call, query, 40)).flat();
      assert.equal(rows.length, count, query);
      const all = expected(await call("GET", `${PATH}?${query.slice(1)}`), 200);
      assert.deepEqual(all, { numbers: rows, next: null }, query);
    }
  });
});

test("a page goes on where the last ended when numbers came and went meanwhile", async () => {
  const app = await openWithNumbers(30);
  const call = userOf(app, app.token);
  const [first, rest] = await pagesOf(call, "", 15) as [Row[], Row[]];
  const last = first.at(-1)?.id ?? "";
  assert.ok((await app.ledger.removeImport(app.caller, first[1]?.id ?? "")).ok);
  assert.ok((await app.ledger.assign(app.caller, "agent", [])).ok);
  // The page goes on after a number that has itself been released.
  assert.ok((await app.ledger.removeImport(app.caller, last)).ok);
  const via = { sipConnection: SIP.id };
  assert.ok((await app.ledger.import(app.caller, { e164: "+4922812345678", via })).ok);
  const next = expected(await call("GET", `${PATH}?limit=100&after=${last}`), 200).numbers;
  assert.deepEqual(idsOf(next).slice(0, -1), idsOf(rest));
  assert.equal(next.at(-1).e164, "+4922812345678");
  await app.close();
});

test("a list is as it was at a time, in pages and with filters too", async () => {
  const app = await openWithNumbers(30);
  const call = userOf(app, app.token);
  const then = new Date(app.clock.now()).toISOString();
  const rows = (await pagesOf(call, "", 100)).flat();
  app.clock.set(app.clock.now() + 60_000);
  for (const place of [1, 3, 29]) {
    assert.ok((await app.ledger.removeImport(app.caller, rows[place]?.id ?? "")).ok);
  }
  assert.ok((await app.ledger.assign(app.caller, "agent", [])).ok);
  assert.equal((await pagesOf(call, "", 100)).flat().length, 27);
  assert.deepEqual((await pagesOf(call, `&asOf=${then}`, 8)).flat(), rows);
  const assigned = (await pagesOf(call, `&asOf=${then}&assistant=agent`, 4)).flat();
  assert.deepEqual(idsOf(assigned), idsOf(rows.filter((_, place) => place % 2 === 0)));
  assert.deepEqual((await pagesOf(call, `&asOf=${then}&search=5551003`, 4)).flat(), [rows[3]]);
  await app.close();
});

test("a page by status looks at so many numbers, and the next one goes on", async () => {
  const COUNT = 2_150;
  const app = await openWithNumbers(COUNT);
  const call = userOf(app, app.token);
  const first = expected(await call("GET", `${PATH}?status=failed&limit=10`), 200);
  assert.deepEqual(first.numbers, []);
  assert.notEqual(first.next, null);
  const second = await call("GET", `${PATH}?status=failed&limit=10&after=${first.next}`);
  assert.deepEqual(second.json, { numbers: [], next: null });
  const active = (await pagesOf(call, "&status=active", 100)).flat();
  assert.equal(new Set(idsOf(active)).size, COUNT);
  await app.close();
});

test("a list has numbers of every status, and is filtered by it", () =>
  withTeam(async ({ call }) => {
    const { id } = await bought(call, "+14155550101");
    const failed = await call("POST", PATH, { body: { e164: "+14155550112" } });
    assert.equal(failed.status, 502);
    for (const query of ["", "&limit=5"]) {
      const shown = async (status: string): Promise<readonly Row[]> =>
        expected(await call("GET", `${PATH}?status=${status}${query}`), 200).numbers;
      assert.deepEqual(idsOf(await shown("active")), [id]);
      const [row, ...others] = await shown("failed");
      assert.deepEqual([row?.e164, others], ["+14155550112", []]);
      assert.deepEqual(await shown("purchasing"), []);
    }
  }));

test("a list refuses what it does not know by its name, and a cursor that no page gave", () =>
  withTeam(async ({ app, call }) => {
    await bought(call, "+14155550101");
    const other = userOf(app, await app.organization("team_2"));
    const theirs = await bought(other, "+14155550102");
    for (
      const [query, field] of [
        ["limit=0", "limit"],
        ["limit=101", "limit"],
        ["limit=1e1", "limit"],
        ["limit=", "limit"],
        ["limit=1&limit=2", "limit"],
        ["status=released", "status"],
        ["status=ACTIVE", "status"],
        ["direction=up", "direction"],
        ["source=sip", "source"],
        ["assistant=", "assistant"],
        [`search=${"1".repeat(201)}`, "search"],
        ["asOf=yesterday", "asOf"],
        ["asOf=2027-01-01", "asOf"],
        [`after=${ABSENT}`, "after"],
        [`after=${theirs.id}`, "after"],
        ["after=__proto__&limit=5", "after"],
        ["after=%00", "after"],
      ] as const
    ) {
      const answer = await call("GET", `${PATH}?${query}`);
      assertProblem(answer, 400, "VALIDATION_ERROR");
      assert.deepEqual(Object.keys(answer.json.errors), [field], query);
    }
  }));

test("one number is shown as it was at a time, and not before it came or once it was gone", () =>
  withTeam(async ({ app, call }) => {
    const { id } = await bought(call, "+14155550101", { label: "Front desk" });
    await app.advance(3_600);
    await call("PATCH", `${PATH}/${id}`, { body: { label: "Back office" } });
    await app.advance(3_600);
    assert.equal((await call("DELETE", `${PATH}/${id}`)).status, 200);
    const then = async (time: string) => await call("GET", `${PATH}/${id}?asOf=2026-01-31T${time}`);
    assert.equal(expected(await then("10:30:00Z"), 200).label, "Front desk");
    assert.equal(expected(await then("11:30:00Z"), 200).label, "Back office");
    assertProblem(await then("09:59:59Z"), 404, "NUMBER_UNKNOWN");
    assertProblem(await then("12:00:00Z"), 404, "NUMBER_UNKNOWN");
    assertProblem(await then("12:00:01Z"), 400, "VALIDATION_ERROR");
    const other = userOf(app, await app.organization("team_2"));
    const theirs = await other("GET", `${PATH}/${id}?asOf=2026-01-31T10:30:00Z`);
    assertProblem(theirs, 404, "NUMBER_UNKNOWN");
  }));
