/** Searches in Talkturo's and in Speko's words: what they find, and how they refuse. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryLimiter } from "../../adapters/limiter/memory.ts";
import type { Carrier, Offer } from "../../core/ports/mod.ts";
import { ok } from "../../core/values/result.ts";
import { openTestApp, type TestResponse } from "../support/app.ts";

type Wish = Readonly<Record<string, unknown>>;

const open = async (options: Parameters<typeof openTestApp>[0] = {}, plan?: string) => {
  const app = openTestApp(options);
  after(() => app.close());
  const token = await app.organization("acme", plan);
  const talkturo = (filters: Wish): Promise<TestResponse> =>
    app.request("POST", "/api/phone-numbers/search", {
      token,
      body: { filters: { countryCode: "US", ...filters } },
    });
  const speko = (query: string): Promise<TestResponse> =>
    app.request("GET", `/v1/phone-numbers/available?${query}`, { token });
  return { app, token, talkturo, speko };
};

/** A sandbox without numbers in these area codes. */
const emptied = (...empty: readonly string[]): Carrier => {
  const sandbox = openSandboxCarrier();
  return {
    ...sandbox,
    search: (filters) =>
      empty.includes(filters.areaCode ?? "") ? Promise.resolve(ok([])) : sandbox.search(filters),
  };
};

const numbersIn = ({ status, json }: TestResponse): readonly string[] => {
  assert.equal(status, 200, JSON.stringify(json));
  const offers: readonly Record<string, string>[] = Array.isArray(json) ? json : json.numbers;
  return offers.map(({ phoneNumber, e164 }) => phoneNumber ?? e164 ?? "");
};

test("both dialects search by features, digits and towns, and find the same", async () => {
  const { talkturo, speko } = await open();
  const wishes: readonly (readonly [Wish, string, RegExp])[] = [
    [{ contains: "5550" }, "contains=5550", /5550/],
    [{ areaCode: "415", startsWith: "41577" }, "areaCode=415&startsWith=41577", /^\+141577/],
    [{ endsWith: "2020" }, "endsWith=2020", /2020$/],
    [{ features: ["mms", "sms"] }, "features=mms,sms", /5$/],
    [{ features: ["mms", "sms"] }, "features=mms&features=sms", /5$/],
    [{ locality: "st louis" }, "locality=Saint%20Louis", /^\+1(314|557)/],
    [
      { locality: "Ft. Worth", features: ["mms"], contains: "99" },
      "locality=FORT+WORTH&features=mms&contains=99",
      /^\+1(682|817).*99.*5$/,
    ],
    [{ locality: "St. Louis, MO" }, "locality=saint+louis+missouri", /^\+1(314|557)/],
    [{ locality: "Austin, TX" }, "locality=Austin%20TX", /^\+1(512|737)/],
    // As people write digits.
    [{ contains: "(555) 01-0" }, "contains=555.010", /555010/],
  ];
  for (const [wish, query, form] of wishes) {
    const found = numbersIn(await talkturo({ ...wish, limit: 10 }));
    assert.ok(found.length > 0, query);
    for (const e164 of found) assert.match(e164, form);
    assert.deepEqual(numbersIn(await speko(`${query}&limit=10`)), found, query);
  }
});

test("a search that no number matches is an empty list", async () => {
  const { talkturo, speko } = await open();
  const none: readonly (readonly [Wish, string])[] = [
    [{ features: ["whatsapp"] }, "features=whatsapp"],
    [{ areaCode: "415", startsWith: "212" }, "areaCode=415&startsWith=212"],
    [{ areaCode: "415", contains: "2125550101" }, "areaCode=415&contains=2125550101"],
    [{ startsWith: "0" }, "startsWith=0"],
    [{ locality: "Atlantis" }, "locality=Atlantis"],
    [{ locality: "Austin, MO" }, "locality=Austin+MO"],
    [{ features: ["mms"], endsWith: "4" }, "features=mms&endsWith=4"],
  ];
  for (const [wish, query] of none) {
    assert.deepEqual(numbersIn(await talkturo(wish)), [], query);
    assert.deepEqual(numbersIn(await speko(query)), [], query);
  }
  const free = { numberType: "toll-free", areaCode: "833" };
  for (const e164 of numbersIn(await talkturo(free))) assert.match(e164, /^\+1833/);
  assert.deepEqual(numbersIn(await talkturo({ ...free, areaCode: "415" })), []);
  assert.deepEqual(numbersIn(await talkturo({ ...free, locality: "Oakland" })), []);
});

test("nearby area codes are searched where they are asked for, and Talkturo's answer says which", async () => {
  const { talkturo, speko } = await open({ carrier: emptied("415", "628") });
  const plain = await talkturo({ areaCode: "415" });
  assert.deepEqual(numbersIn(plain), []);
  assert.ok(!("nearbyAreaCodes" in plain.json));
  assert.deepEqual(numbersIn(await speko("areaCode=415&nearby=false")), []);
  const near = await talkturo({ areaCode: "415", nearby: true, contains: "5" });
  assert.deepEqual(near.json.nearbyAreaCodes, ["628", "510"]);
  for (const e164 of numbersIn(near)) assert.match(e164, /^\+1510.*5/);
  const there = await talkturo({ areaCode: "510", nearby: true });
  assert.deepEqual(there.json.nearbyAreaCodes, []);
  const found = numbersIn(await speko("areaCode=415&nearby=true&contains=5"));
  assert.ok(found.length > 0 && found.every((e164) => e164.startsWith("+1510")));
});

test("each further search counts as one more, and none is made beyond the plan's", async () => {
  const limiter = openMemoryLimiter({ now: () => 0 });
  const carrier = emptied("415", "628", "510", "341", "650", "925", "408", "669");
  const { talkturo } = await open({ limiter, carrier }, "Free");
  const left = ({ headers }: TestResponse) =>
    /"searches";r=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1];
  const first = await talkturo({ areaCode: "415", nearby: true });
  assert.deepEqual(first.json.nearbyAreaCodes, ["628", "510", "341", "650", "925"]);
  assert.equal(left(first), "14");
  for (let count = 0; count < 13; count++) await talkturo({ areaCode: "415" });
  const last = await talkturo({ areaCode: "415", nearby: true });
  assert.deepEqual([last.status, last.json.nearbyAreaCodes], [200, []]);
  assert.equal(left(last), "0");
  assert.equal((await talkturo({ areaCode: "415", nearby: true })).status, 429);
});

const LONG = "5".repeat(30_000);

test("Talkturo refuses what does not fit by the name of its field", async () => {
  const { talkturo } = await open();
  const wrong: readonly (readonly [string, Wish])[] = [
    ["filters.contains", { contains: LONG }],
    ["filters.contains", { contains: "" }],
    ["filters.contains", { contains: 555 }],
    ["filters.contains", { contains: null }],
    ["filters.startsWith", { startsWith: "+1415" }],
    ["filters.startsWith", { startsWith: "CALL" }],
    ["filters.endsWith", { endsWith: "1".repeat(15) }],
    ["filters.endsWith", { endsWith: ["1"] }],
    ["filters.features", { features: "sms" }],
    ["filters.features", { features: {} }],
    ["filters.features.1", { features: ["sms", "SMS"] }],
    ["filters.features.0", { features: ["telepathy"] }],
    ["filters.features.0", { features: [null] }],
    ["filters.features", { features: Array.from({ length: 2_000 }, () => "sms") }],
    ["filters.locality", { locality: "x".repeat(201) }],
    ["filters.locality", { locality: " " }],
    ["filters.locality", { locality: 7 }],
    ["filters.nearby", { nearby: "yes", areaCode: "415" }],
    ["filters.nearby", { nearby: true }],
    ["filters.areaCode", { countryCode: "GB", areaCode: "415", nearby: true }],
  ];
  for (const [field, wish] of wrong) {
    const { status, json } = await talkturo(wish);
    assert.deepEqual([status, json.code], [400, "VALIDATION_ERROR"], field);
    assert.ok(json.error.startsWith(`${field} `), `${field}: ${json.error}`);
    assert.ok(json.error.length < 200);
  }
  const million = await talkturo({ contains: "5".repeat(1_000_000) });
  assert.equal(million.status, 413);
});

test("Speko refuses what does not fit by the name of its parameter", async () => {
  const { speko } = await open();
  const wrong: readonly (readonly [string, string])[] = [
    ["contains", `contains=${LONG.slice(0, 5_000)}`],
    ["contains", "contains="],
    ["contains", "contains=1&contains=2"],
    ["startsWith", "startsWith=%2B1415"],
    ["startsWith", "startsWith=abc"],
    ["endsWith", `endsWith=${"1".repeat(15)}`],
    ["features", "features="],
    ["features", "features=sms,,voice"],
    ["features", "features=telepathy"],
    ["features", "features=sms&features=telepathy"],
    ["features", `features=${"sms,".repeat(500)}sms`],
    ["nearby", "nearby=1&areaCode=415"],
    ["nearby", "nearby=true"],
  ];
  for (const [name, query] of wrong) {
    const { status, json } = await speko(query);
    assert.deepEqual([status, json.code], [400, "VALIDATION_ERROR"], query.slice(0, 80));
    assert.ok(json.error.startsWith(`Invalid request: ${name}`), `${name}: ${json.error}`);
    assert.ok(json.error.length < 200);
  }
});

test("what the carrier cannot search by is refused by its name in each dialect", async () => {
  const sandbox = openSandboxCarrier();
  const searchesBy = { features: ["voice", "sms"], patterns: ["startsWith"] } as const;
  const asked: unknown[] = [];
  const search: Carrier["search"] = (filters) => {
    asked.push(filters);
    return sandbox.search(filters);
  };
  const { talkturo, speko } = await open({ carrier: { ...sandbox, search, searchesBy } });
  const wishes: readonly (readonly [string, Wish, string])[] = [
    ["features", { features: ["sms", "fax"] }, "features=sms,fax"],
    ["contains", { contains: "5" }, "contains=5"],
    ["endsWith", { endsWith: "5" }, "endsWith=5"],
  ];
  for (const [name, wish, query] of wishes) {
    const one = await talkturo(wish);
    assert.deepEqual([one.status, one.json.code], [422, "SEARCH_NOT_SUPPORTED"]);
    assert.ok(one.json.error.startsWith(`filters.${name} `), one.json.error);
    const other = await speko(query);
    assert.deepEqual([other.status, other.json.code], [400, "VALIDATION_ERROR"]);
    assert.ok(other.json.error.startsWith(`Invalid request: ${name} `), other.json.error);
  }
  assert.deepEqual(asked, []);
  assert.ok(numbersIn(await talkturo({ startsWith: "415", features: ["sms"] })).length > 0);
});

test("a HEAD of Speko's search changes nothing, and is validated like a GET", async () => {
  const asked: unknown[] = [];
  const sandbox = openSandboxCarrier();
  const offers: readonly Offer[] = [];
  const search: Carrier["search"] = (filters) => {
    asked.push(filters);
    return Promise.resolve(ok(offers));
  };
  const { app, token } = await open({ carrier: { ...sandbox, search } });
  const head = (query: string) =>
    app.request("HEAD", `/v1/phone-numbers/available?${query}`, { token });
  assert.equal((await head("areaCode=415&nearby=true&features=sms")).status, 200);
  assert.equal((await head("nearby=true")).status, 400);
  assert.deepEqual(asked, []);
});
