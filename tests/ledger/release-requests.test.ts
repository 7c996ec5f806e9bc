/** Release requests by the page and by their ids: what is read for them does not grow with time. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { InvalidArgument } from "../../adapters/validation/argument.ts";
import { REQUEST_STATUSES } from "../../core/number/release-requests.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { appended, appendTo, rowOf } from "../harness/contract/log/support.ts";
import { callerOf as userOf } from "../properties/runs.ts";
import { openTestApp, type TestApp } from "../support/app.ts";
import { runs } from "../support/runs.ts";

const COUNT = 30;
const ABSENT = "rr_00000000000000000000000000";

/** A log that notes how many release requests each read gave, and which kinds were read whole. */
const watched = () => {
  const log = openMemoryLog();
  const read: number[] = [];
  const kinds = new Set<string>();
  const watching: EventLog = {
    ...log,
    load: async (organization, needs) => {
      const loaded = await log.load(organization, needs);
      for (const kind of needs.kinds ?? []) kinds.add(kind);
      read.push(loaded.rows.filter(({ kind }) => kind === "releaseRequest").length);
      return loaded;
    },
    rowsOf: async (...asked) => {
      const rows = await log.rowsOf(...asked);
      read.push(rows.length);
      return rows;
    },
  };
  return { log: watching, read, kinds };
};

const { log, read, kinds } = watched();
let app: TestApp;

const callerOf = async (id: string) =>
  await app.ledger.authenticate(await app.organization(id, "Scale")) ?? assert.fail();

type Known = Awaited<ReturnType<typeof callerOf>>;
let [alice, bob]: [Known | null, Known | null] = [null, null];
const own = (): Known => alice ?? assert.fail();
const other = (): Known => bob ?? assert.fail();

/** Makes so many requests in turns, of which all but the last are decided in some way. */
const request = async (caller: Known, e164: "+14155550101" | "+14155550102", count: number) => {
  const { ledger } = app;
  const bought = await ledger.purchase(caller, { e164 });
  assert.ok(bought.ok);
  const { id: holding } = bought.value.number.holding;
  for (let turn = 0; turn < count; turn += 1) {
    // Several come in the same second.
    if (turn % 4 === 0) await app.advance(1);
    const made = await ledger.releaseRequests.request(caller, { holding, reason: `Why ${turn}` });
    assert.ok(made.ok);
    if (turn === count - 1) return;
    const { id } = made.value;
    const done = turn % 3 === 0
      ? await ledger.operator.resolveReleaseRequest(id, { kind: "reject", reason: "Not yet." })
      : await ledger.releaseRequests.cancel(caller, id);
    assert.ok(done.ok);
  }
};

before(async () => {
  app = openTestApp({ log });
  [alice, bob] = [await callerOf("acme"), await callerOf("bolt")];
  await request(own(), "+14155550101", COUNT);
  await request(other(), "+14155550102", 3);
});

after(() => app.close());

test("pages of any length have what the whole list has, in its order, by any status", async () => {
  const { releaseRequests } = app.ledger;
  const all = await releaseRequests.list(own());
  assert.equal(all.length, COUNT);
  const statuses = fc.option(fc.constantFrom(...REQUEST_STATUSES), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(statuses, fc.integer({ min: 1, max: COUNT + 1 }), async (status, limit) => {
      const found = [];
      let next: string | null = null;
      do {
        const asked = { status, limit, after: next ?? undefined };
        const page = await releaseRequests.page(own(), asked);
        assert.ok(page.requests.length === limit || page.next === null);
        found.push(...page.requests);
        ({ next } = page);
      } while (next !== null);
      assert.deepEqual(
        found,
        all.filter(({ outcome }) => [undefined, outcome.status].includes(status)),
      );
    }),
    { numRuns: runs(100) },
  );
});

test("a request is found by its id by its own organization alone", async () => {
  const { releaseRequests } = app.ledger;
  const all = await releaseRequests.list(own());
  for (const one of all) assert.deepEqual(await releaseRequests.get(own(), one.id), one);
  for (const id of [ABSENT, "constructor", all[0]?.holding ?? ""]) {
    assert.equal(await releaseRequests.get(own(), id), null);
  }
  assert.equal(await releaseRequests.get(other(), all[0]?.id ?? ""), null);
});

test("no page begins behind a request of another organization", async () => {
  const { releaseRequests } = app.ledger;
  const [theirs] = await releaseRequests.list(other());
  for (const id of [theirs?.id ?? "", ABSENT]) {
    await assert.rejects(
      () => releaseRequests.page(own(), { after: id }),
      (error) => error instanceof InvalidArgument && error.path === "list.after",
    );
  }
  assert.equal((await releaseRequests.page(other())).requests.length, 3);
});

test("what is of the other world is on no page, and no page begins or ends with it", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const carrier = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const memory = openMemoryLog();
  const twoWorlds = openTestApp({ log: memory, clock, carrier: { ...carrier, name: "acme-tel" } });
  const { releaseRequests } = twoWorlds.ledger;
  const pending = (await app.ledger.releaseRequests.page(own(), { status: "pending" })).requests[0];
  const rejected = (await app.ledger.releaseRequests.page(own(), { status: "rejected" }))
    .requests[0];
  const idAt = (place: number) => `rr_${String(place).padStart(26, "0")}`;
  const rows = Array.from({ length: 4_500 }, (_, place) => {
    const world = place % 2 === 1 ? "live" : "sandbox";
    const id = idAt(place);
    return rowOf(id, { ...(place < 2 ? rejected : pending), id, world }, "releaseRequest");
  });
  await appended(memory, appendTo("acme", { rows }));
  const first = await releaseRequests.page(userOf("acme"), { status: "rejected" });
  // It looked at 2,000 of its own.
  assert.deepEqual(first, { requests: [], next: idAt(501) });
  const second = { status: "rejected", after: idAt(501) } as const;
  const { requests, next } = await releaseRequests.page(userOf("acme"), second);
  assert.deepEqual([requests.map(({ id }) => id), next], [[idAt(1)], null]);
  await assert.rejects(
    () => releaseRequests.page(userOf("acme"), { after: idAt(500) }),
    (error) => error instanceof InvalidArgument && error.path === "list.after",
  );
  await twoWorlds.close();
});

test("one request is read for one, and a page for a page, however many there are", async () => {
  const token = await app.organization("acme", "Scale");
  const [newest] = await app.ledger.releaseRequests.list(own());
  const most = async (path: string): Promise<number> => {
    read.length = 0;
    assert.equal((await app.request("GET", path, { token })).status, 200);
    return Math.max(...read);
  };
  assert.equal(await most(`/ledger/release-requests/${newest?.id}`), 1);
  // A page reads some rows at a time, here as many as there are, and never the whole kind.
  kinds.clear();
  await most("/ledger/release-requests?limit=2");
  await most("/api/v1/phone-numbers/release-requests");
  await most("/api/v1/phone-numbers/release-requests?page=1");
  assert.equal(kinds.has("releaseRequest"), false);
});
