/**
 * What a process remembers of its callers is bounded, however many there are: what was used longest
 * ago gives way, and is looked up again.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import * as Effect from "effect/Effect";
import { makeBreakers } from "../../adapters/carrier/telnyx/breaker.ts";
import { openOffers } from "../../adapters/carrier/telnyx/offers.ts";
import { systemClock } from "../../adapters/clock/system.ts";
import { openShares } from "../../adapters/limiter/postgres.ts";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { openBlocked } from "../../adapters/log/sql/blocked-organizations.ts";
import { waitingFor } from "../../adapters/log/sql/pending-append.ts";
import type { E164 } from "../../core/values/e164.ts";
import { openPlanMemo } from "../../http/limits.ts";
import { openGuard } from "../../http/unknown-tokens.ts";
import { written } from "../../adapters/numbering/written-number.ts";
import { appendTo } from "../harness/contract/log/support.ts";
import { callerOf } from "../properties/runs.ts";

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

/** A number of San Francisco for each of these. */
const numberAt = (at: number): E164 => `+1415${2_000_000 + at}` as E164;

test("refused tokens: the latest 2,000", async () => {
  const guard = openGuard(() => 0);
  let looks = 0;
  const use = (at: number) =>
    guard(`token-${at}`, () => {
      looks += 1;
      return Promise.resolve(null);
    });
  for (const at of upTo(2_001)) await use(at);
  await use(2_000);
  await use(1);
  assert.equal(looks, 2_001);
  await use(0);
  assert.equal(looks, 2_002);
});

test("tokens that were valid: the 20,000 that were used last", async () => {
  const guard = openGuard();
  /** Whose token it is known to be before it is looked up. */
  const use = async (at: number): Promise<string | null> => {
    let known: string | null = null;
    await guard(`token-${at}`, (organization) => {
      known = organization;
      return Promise.resolve(callerOf("acme"));
    });
    return known;
  };
  for (const at of upTo(20_001)) assert.equal(await use(at), null);
  assert.deepEqual([await use(1), await use(20_000), await use(0)], ["acme", "acme", null]);
});

test("plans of organizations: 10,000; shares of rate limits: 50,000", () => {
  for (const [memory, most] of [[openPlanMemo(), 10_000], [openShares(), 50_000]] as const) {
    for (const at of upTo(most + 1)) memory.set(`org-${at}`, {} as never);
    const kept = upTo(most + 1).filter((at) => memory.get(`org-${at}`) !== undefined);
    assert.deepEqual([kept.length, kept[0]], [most, 1]);
  }
});

test("blocked organizations: the 1,000 that were blocked last", () => {
  const blocked = openBlocked();
  const note = (at: number): void =>
    blocked.note(waitingFor(appendTo(`org-${at}`), () => {}, () => {}));
  for (const at of upTo(1_000)) note(at);
  note(0);
  note(1_000);
  const forgotten = upTo(1_001).filter((at) => !blocked.has(`org-${at}`));
  assert.deepEqual(forgotten, [1]);
});

test("numbers that Telnyx offered: the latest 10,000", async () => {
  const count = 10_001;
  const body = {
    data: upTo(count).map((at) => ({
      phone_number: numberAt(at),
      cost_information: { upfront_cost: "1.00", monthly_cost: "1.00", currency: "USD" },
      features: [{ name: "voice" }],
      region_information: [],
      best_effort: false,
    })),
  };
  const send = () => Effect.succeed({ accepted: true, body, at: null } as const);
  const offers = openOffers({ send }, systemClock);
  const filters = { country: "US", type: "local", areaCode: "415", limit: count } as const;
  assert.equal((await Effect.runPromise(offers.search(filters))).length, count);
  const fresh = upTo(count).filter((at) => offers.isFresh(numberAt(at)));
  assert.deepEqual([fresh.length, fresh[0]], [10_000, 1]);
});

test("circuits to a carrier: the 1,000 that were used last", () => {
  const breakers = makeBreakers({ failures: 1, coolMs: 1 });
  const first = upTo(1_000).map((at) => breakers(`circuit-${at}`));
  assert.equal(breakers("circuit-0"), first[0]);
  breakers("circuit-1000");
  const lost = [0, ...upTo(1_000).slice(2), 1]
    .filter((at) => breakers(`circuit-${at}`) !== first[at]);
  assert.deepEqual(lost, [1]);
});

test("numbers as people write them: the latest 10,000", () => {
  const first = written(numberAt(0));
  for (const at of upTo(10_000)) assert.equal(written(numberAt(at)), written(numberAt(at)));
  assert.equal(written(numberAt(0)), first);
  written(numberAt(10_000));
  assert.notEqual(written(numberAt(0)), first);
  assert.deepEqual(written(numberAt(0)), first);
});

test("prepared statements of an embedded database: the latest 256", async () => {
  const log = await openPgliteLog({ folder: "memory" });
  after(() => log.close());
  const ask = async (at: number) => (await log.database.query(`select ${at} as at`, []))[0];
  for (const at of upTo(300)) assert.deepEqual({ ...await ask(at) }, { at: String(at) });
  const prepared = "select count(*) as statements from pg_prepared_statements";
  for (const _ of upTo(2)) {
    const [row] = await log.database.query(prepared, []);
    assert.deepEqual({ ...row }, { statements: "256" });
  }
  assert.deepEqual({ ...await ask(0) }, { at: "0" });
});
