/** How searches use Telnyx's filters, and which of its offers count. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openTelnyxCarrier } from "../../../adapters/carrier/telnyx/mod.ts";
import type { SearchFilters } from "../../../core/ports/mod.ts";
import { changing, FILTERS, open, valueOf } from "./account.ts";

type Asked = Readonly<Record<string, string>>;

const failing = (status: number) =>
  Response.json({ errors: [{ code: "10015", title: "Bad Request" }] }, { status });

/** The adapter on a server that records its requests, and answers as `answer` does. */
const overheard = (answer: (asked: Asked) => Response = () => Response.json({ data: [] })) => {
  const asked: Asked[] = [];
  const fetch: typeof globalThis.fetch = (input) => {
    const query = Object.fromEntries(new URL(String(input)).searchParams);
    asked.push(query);
    return Promise.resolve(answer(query));
  };
  const carrier = openTelnyxCarrier({ apiKey: "KEY", fetch, limits: { backoffMs: 1, repeats: 0 } });
  const search = (filters: Partial<SearchFilters>) => carrier.search({ ...FILTERS, ...filters });
  return { asked, carrier, search };
};

const row = (
  phone_number: string,
  location: string | null,
  names: readonly string[] = ["voice"],
) => ({
  phone_number,
  best_effort: false,
  cost_information: { upfront_cost: "1.00", monthly_cost: "1.00", currency: "USD" },
  features: names.map((name) => ({ name })),
  region_information: location === null ? [] : [{ region_type: "location", region_name: location }],
});

const BASE = {
  "filter[country_code]": "US",
  "filter[phone_number_type]": "local",
  "filter[limit]": "20",
  "filter[best_effort]": "false",
};

test("Telnyx is asked for exact matches only, and by its own names of filters", async () => {
  const { areaCode: _, ...anywhere } = FILTERS;
  const searches: readonly (readonly [SearchFilters, Asked])[] = [
    [FILTERS, { "filter[national_destination_code]": "415" }],
    [{ ...FILTERS, features: ["voice", "mms"] }, {
      "filter[national_destination_code]": "415",
      "filter[features]": "voice,mms",
    }],
    [{ ...FILTERS, features: [] }, { "filter[national_destination_code]": "415" }],
    // Beside an area code its patterns match the digits after it, and ours match all.
    [{ ...FILTERS, contains: "155" }, {
      "filter[phone_number][starts_with]": "415",
      "filter[phone_number][contains]": "155",
    }],
    [{ ...FILTERS, startsWith: "4155" }, { "filter[phone_number][starts_with]": "4155" }],
    [{ ...FILTERS, startsWith: "4" }, { "filter[phone_number][starts_with]": "415" }],
    [{ ...anywhere, endsWith: "0101" }, { "filter[phone_number][ends_with]": "0101" }],
  ];
  for (const [filters, further] of searches) {
    const { asked, carrier } = overheard();
    valueOf(await carrier.search(filters));
    assert.deepEqual(asked, [{ ...BASE, ...further }]);
  }
});

test("Telnyx is not asked for what no number can have, or what it does not support", async () => {
  const { asked, search } = overheard();
  assert.deepEqual(valueOf(await search({ startsWith: "212" })), []);
  assert.deepEqual(valueOf(await search({ type: "tollFree", locality: "Oakland" })), []);
  const refused = await search({ features: ["voice", "whatsapp"] });
  assert.ok(!refused.ok && refused.error.kind === "refused");
  assert.match(refused.error.message, /whatsapp/);
  assert.deepEqual(asked, []);
});

test("offers that do not match the search are left out", async () => {
  const { search } = overheard(() =>
    Response.json({
      data: [
        row("+14155550105", "San Rafael", ["voice", "sms"]),
        row("+14155550205", "Oakland", ["voice", "sms"]),
        row("+14155550305", null, ["voice", "sms"]),
        row("+14155550405", "SAN RAFAEL", ["voice"]),
        row("+14155550506", "San Rafael", ["voice", "sms"]),
        row("+15105550105", "San Rafael", ["voice", "sms"]),
      ],
    })
  );
  const wish = { locality: "san rafael", features: ["sms"], endsWith: "5" } as const;
  const found = valueOf(await search(wish));
  assert.deepEqual(found.map(({ e164 }) => e164), ["+14155550105", "+14155550305"]);
});

test("Telnyx is asked for each spelling of a town until there are enough", async () => {
  const rows: Readonly<Record<string, readonly string[]>> = {
    "St. Louis": ["+14155550101", "+14155550102"],
    "St Louis": ["+14155550102", "+14155550103"],
  };
  const answer = (asked: Asked) => {
    const town = asked["filter[locality]"] ?? "";
    return Response.json({ data: (rows[town] ?? []).map((e164) => row(e164, town)) });
  };
  const many = overheard(answer);
  const found = valueOf(await many.search({ locality: "Saint Louis" }));
  assert.deepEqual(found.map(({ e164 }) => e164.slice(-1)), ["1", "2", "3"]);
  const towns = many.asked.map((asked) => asked["filter[locality]"]);
  assert.deepEqual(towns, ["Saint Louis", "St. Louis", "St Louis"]);
  const few = overheard(answer);
  assert.equal(valueOf(await few.search({ locality: "St. Louis", limit: 2 })).length, 2);
  assert.equal(few.asked.length, 1);
  const plain = overheard(answer);
  assert.deepEqual(valueOf(await plain.search({ locality: "Chicago" })), []);
  assert.equal(plain.asked.length, 1);
});

test("Telnyx is asked for a town and its state by their own filters", async () => {
  const placesAsked = async (filters: Partial<SearchFilters>) => {
    const { asked, search } = overheard();
    assert.deepEqual(valueOf(await search(filters)), []);
    return asked.map((query) => [
      query["filter[locality]"],
      query["filter[administrative_area]"],
    ]);
  };
  assert.deepEqual(await placesAsked({ locality: "Austin, TX" }), [["Austin", "TX"]]);
  assert.deepEqual(await placesAsked({ locality: "Austin Texas" }), [
    ["Austin", "TX"],
    ["Austin Texas", undefined],
  ]);
  assert.deepEqual(await placesAsked({ country: "DE", locality: "Bonn, NRW" }), [
    ["Bonn", undefined],
  ]);
  const many = await placesAsked({ locality: "St. Élan Ft Mt Texas" });
  assert.equal(many.length, 6);
});

test("towns of one name are distinguished by their state", async () => {
  const { carrier } = await open();
  const { areaCode: _, ...anywhere } = FILTERS;
  const inState = async (locality: string) => {
    const offers = valueOf(await carrier.search({ ...anywhere, locality }));
    return [...new Set(offers.map(({ region }) => region.state))];
  };
  assert.deepEqual(await inState("Springfield, MO"), ["MO"]);
  assert.deepEqual(await inState("springfield illinois"), ["IL"]);
});

test("a spelling that Telnyx refuses or fails at does not hide what another one found", async () => {
  const answering = (first: Response, second: Response) => {
    const answers = [first, second];
    return overheard(() => answers.shift() ?? Response.json({ data: [] }));
  };
  const data = [row("+14155550101", "Montreal")];
  const locality = "Montréal";
  const refused = answering(failing(400), Response.json({ data }));
  assert.equal(valueOf(await refused.search({ locality })).length, 1);
  const failed = answering(Response.json({ data }), failing(500));
  assert.equal(valueOf(await failed.search({ locality })).length, 1);
  const nothing = answering(Response.json({ data: [] }), failing(500));
  assert.ok(!(await nothing.search({ locality })).ok);
  const never = answering(failing(400), failing(400));
  const answer = await never.search({ locality });
  assert.ok(!answer.ok && answer.error.kind === "refused");
});

test("a number whose features Telnyx does not report has no feature", async () => {
  const { telnyx, carrier } = await open();
  const voiced = { ...FILTERS, features: ["voice"] } as const;
  assert.equal(valueOf(await carrier.search(voiced)).length, 20);
  telnyx.fail("search", changing((offer) => ({ ...offer, features: null })));
  assert.deepEqual(valueOf(await carrier.search(voiced)), []);
});
