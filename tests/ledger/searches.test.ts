/** Searches by features, digits, towns and nearby area codes, as the ledger makes them. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import type { Caller, SearchInput, SearchOptions } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { toFact } from "../../core/events/vocabulary.ts";
import { matches } from "../../core/number/search.ts";
import type { Carrier, EventLog, SearchFilters } from "../../core/ports/mod.ts";
import { nearbyAreaCodes } from "../../core/values/area-codes.ts";
import { failed, ok } from "../../core/values/result.ts";
import { openTestApp } from "../support/app.ts";
import { runs } from "../support/runs.ts";

const FILTERS: SearchFilters = { country: "US", type: "local", areaCode: "415", limit: 5 };

/** A ledger whose carrier has nothing in the area codes that are `empty`. */
const open = async (
  { empty = [], change = (carrier) => carrier }: {
    readonly empty?: readonly string[];
    readonly change?: (carrier: Carrier) => Carrier;
  } = {},
) => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const log = openMemoryLog();
  const sandbox = change(openSandboxCarrier({ clock }));
  const asked: SearchFilters[] = [];
  const search: Carrier["search"] = (filters) => {
    asked.push(filters);
    const isEmpty = empty.includes(filters.areaCode ?? "");
    return isEmpty ? Promise.resolve(ok([])) : sandbox.search(filters);
  };
  const loads: string[] = [];
  const load: EventLog["load"] = (organization, needs) => {
    loads.push(organization);
    return log.load(organization, needs);
  };
  const app = openTestApp({
    carrier: { ...sandbox, search },
    log: { ...log, load },
    clock,
    setClock: clock.set,
  });
  after(() => app.close());
  const caller: Caller = await app.ledger.authenticate(await app.organization("one")) ??
    assert.fail();
  const find = async (filters: Partial<SearchInput>, options?: SearchOptions) => {
    const found = await app.ledger.search(caller, { ...FILTERS, ...filters }, options);
    return found.ok ? found.value : assert.fail(found.error.message);
  };
  const noted = async () =>
    (await log.events("one", 0, 1_000)).map(toFact).flatMap((fact) =>
      fact.type === "NumberSearched" ? [fact.data] : []
    );
  return { ledger: app.ledger, caller, find, asked, noted, loads };
};

test("what was searched by is in the log, and can be bought at its price", async () => {
  const { ledger, caller, find, noted } = await open();
  const wish = {
    features: ["sms", "voice", "sms"],
    locality: "san francisco",
    startsWith: "41555",
    contains: "50",
    endsWith: "5",
  } as const;
  const { offers, nearby } = await find(wish);
  const [offer = assert.fail()] = offers;
  assert.deepEqual(nearby, []);
  for (const one of offers) assert.ok(matches(one, { ...FILTERS, ...wish }), one.e164);
  const [search] = await noted();
  assert.deepEqual(search?.filters, { ...FILTERS, ...wish, features: ["voice", "sms"] });
  assert.ok((await ledger.purchase(caller, { e164: offer.e164 })).ok);
});

test("a search reads its organization once, whether what it found is noted already or not", async () => {
  const { find, loads } = await open();
  await find({ areaCode: "212" });
  for (const areaCode of ["415", "415", "212"]) {
    loads.length = 0;
    await find({ areaCode });
    assert.equal(loads.filter((organization) => organization === "one").length, 1);
  }
});

test("the same search in other words is the same search, and another one is not", async () => {
  const { find, asked } = await open();
  const first = await find({ locality: "San Francisco", features: ["voice", "sms"] });
  for (const locality of ["SAN FRANCISCO", " san  francisco"]) {
    assert.deepEqual(await find({ locality, features: ["sms", "voice", "sms"] }), first);
  }
  assert.equal(asked.length, 1);
  for (const name of ["contains", "startsWith", "endsWith"]) await find({ [name]: "4" });
  await find({ features: ["voice"] });
  assert.equal(asked.length, 5);
});

test("an area code that is empty stays empty where nothing nearby was asked for", async () => {
  const { find, asked, noted } = await open({ empty: ["415"] });
  for (const nearby of [undefined, false]) {
    const wish = nearby === undefined ? {} : { nearby };
    assert.deepEqual(await find(wish), { carrier: "sandbox", offers: [], nearby: [] });
  }
  assert.deepEqual([...new Set(asked.map(({ areaCode }) => areaCode))], ["415"]);
  assert.ok((await noted()).every(({ offers }) => offers.length === 0));
});

test("an area code that has something is not left, though nearby ones were asked for", async () => {
  const { find, asked } = await open();
  const { offers, nearby } = await find({ nearby: true });
  assert.ok(offers.length === 5 && offers.every(({ e164 }) => e164.startsWith("+1415")));
  assert.deepEqual([nearby, asked.length], [[], 1]);
});

test("the nearest area code that has something replaces an empty one", async () => {
  const { ledger, caller, find, asked, noted } = await open({ empty: ["415", "628", "510"] });
  const { offers, nearby } = await find({ nearby: true, features: ["sms"], contains: "7" });
  assert.deepEqual(nearby, ["628", "510", "341"]);
  assert.ok(offers.length > 0);
  for (const { e164 } of offers) assert.match(e164, /^\+1341.*7/);
  assert.deepEqual(asked.map(({ areaCode }) => areaCode), ["415", ...nearby]);
  // Each is a separate search, with the filters by which the carrier was asked.
  assert.deepEqual((await noted()).map(({ filters }) => filters), asked);
  const [offer = assert.fail()] = offers;
  assert.ok((await ledger.purchase(caller, { e164: offer.e164 })).ok);
});

test("no more than five area codes are searched, nor any that is not near", async () => {
  const california = ["415", ...nearbyAreaCodes("415", { country: "US", isTollFree: false })];
  const { find, asked } = await open({ empty: [...california, "202", "771", "999"] });
  const { offers, nearby } = await find({ nearby: true });
  assert.deepEqual([offers, nearby], [
    [],
    nearbyAreaCodes("415", { country: "US", isTollFree: false }).slice(0, 5),
  ]);
  assert.equal(asked.length, 6);
  assert.deepEqual((await find({ areaCode: "202", nearby: true })).nearby, ["771"]);
  // No such area code: nothing is near it.
  assert.deepEqual((await find({ areaCode: "999", nearby: true })).nearby, []);
  const free = await find({ type: "tollFree", areaCode: "822", nearby: true });
  assert.deepEqual([free.offers, free.nearby], [[], []]);
});

test("a toll-free code that is empty has the other toll-free codes near it", async () => {
  const { find } = await open({ empty: ["800", "833"] });
  const { offers, nearby } = await find({ type: "tollFree", areaCode: "800", nearby: true });
  assert.deepEqual(nearby, ["833", "844"]);
  assert.ok(offers.every(({ type, e164 }) => type === "tollFree" && e164.startsWith("+1844")));
});

test("the search limit says how many more are made", async () => {
  const { find, asked } = await open({ empty: ["415", "628", "510", "341"] });
  let left = 2;
  const mayGoOn = () => Promise.resolve(left-- > 0);
  assert.deepEqual((await find({ nearby: true }, { mayGoOn })).nearby, ["628", "510"]);
  assert.equal(asked.length, 3);
});

test("what fails nearby does not spoil what is known", async () => {
  const { find, asked } = await open({
    empty: ["415", "628"],
    change: (carrier) => ({
      ...carrier,
      search: (filters) =>
        filters.areaCode === "510"
          ? Promise.resolve(failed({ kind: "unknown", message: "silence" }))
          : carrier.search(filters),
    }),
  });
  assert.deepEqual(await find({ nearby: true }), {
    carrier: "sandbox",
    offers: [],
    nearby: ["628"],
  });
  assert.equal(asked.length, 3);
});

test("what the carrier cannot search by is refused before it is asked", async () => {
  const { ledger, caller, asked } = await open({
    change: (carrier) => ({
      ...carrier,
      searchesBy: { features: ["voice", "sms"], patterns: ["startsWith"] },
    }),
  });
  const wishes: readonly (readonly [string, Partial<SearchInput>])[] = [
    ["features", { features: ["voice", "whatsapp"] }],
    ["contains", { contains: "5" }],
    ["endsWith", { startsWith: "415", endsWith: "5" }],
  ];
  for (const [filter, wish] of wishes) {
    const found = await ledger.search(caller, { ...FILTERS, ...wish, nearby: true });
    assert.ok(!found.ok && found.error.code === "SEARCH_NOT_SUPPORTED");
    assert.equal(found.error.filter, filter);
  }
  assert.equal(asked.length, 0);
});

test("an adapter that is older than the filters is never asked by them", async () => {
  const { ledger, caller, find, asked } = await open({
    change: (carrier) => {
      const { searchesBy: _, ...older } = carrier;
      return older;
    },
  });
  for (const wish of [{ features: ["sms"] }, { contains: "5" }] as const) {
    const found = await ledger.search(caller, { ...FILTERS, ...wish });
    assert.ok(!found.ok && found.error.code === "SEARCH_NOT_SUPPORTED");
  }
  assert.equal(asked.length, 0);
  assert.equal((await find({ locality: "san rafael", features: [] })).offers.length, 5);
});

test("an adapter that leaves digits or features aside gives no number that does not have them", async () => {
  const deaf: Carrier["search"] = () => openSandboxCarrier().search({ ...FILTERS, limit: 100 });
  const { find } = await open({ change: (carrier) => ({ ...carrier, search: deaf }) });
  const digits = fc.stringMatching(/^\d{1,2}$/);
  await fc.assert(
    fc.asyncProperty(
      digits,
      digits,
      fc.subarray(["sms", "mms", "fax"] as const),
      async (...wish) => {
        const [contains, endsWith, features] = wish;
        const filters = { ...FILTERS, contains, endsWith, features };
        const { offers } = await find(filters);
        for (const offer of offers) assert.ok(matches(offer, filters), JSON.stringify(wish));
      },
    ),
    { numRuns: runs(30) },
  );
});

test("arguments that do not fit are refused by their names", async () => {
  const { ledger, caller, asked } = await open();
  const long = "5".repeat(1_000_000);
  const wishes: readonly (readonly [string, unknown])[] = [
    ["filters.contains", { contains: long }],
    ["filters.contains", { contains: "" }],
    ["filters.startsWith", { startsWith: "+1415" }],
    ["filters.startsWith", { startsWith: 415 }],
    ["filters.endsWith", { endsWith: "12x" }],
    ["filters.endsWith", { endsWith: "1".repeat(15) }],
    ["filters.features", { features: "sms" }],
    ["filters.features.0", { features: ["telepathy"] }],
    ["filters.features", { features: Array.from({ length: 1_000 }, () => "sms") }],
    ["filters.nearby", { nearby: "true" }],
    ["filters.nearby", { nearby: true, areaCode: undefined }],
    ["filters.near", { near: true }],
    ["options.mayGoOn", {}],
  ];
  for (const [path, wish] of wishes) {
    const filters = { ...FILTERS, ...Object(wish) };
    if (filters.areaCode === undefined) delete filters.areaCode;
    const options = path === "options.mayGoOn" ? { mayGoOn: true as never } : {};
    const found = await ledger.search(caller, filters, options);
    assert.ok(!found.ok && found.error.code === "INVALID_ARGUMENT", path);
    assert.ok(found.error.message.includes(path), `${path}: ${found.error.message.slice(0, 200)}`);
    assert.ok(found.error.message.length < 500);
  }
  assert.equal(asked.length, 0);
});
