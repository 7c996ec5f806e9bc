/** The suite of searches finds a carrier that ignores a filter, or interprets it differently. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSandboxCarrier } from "../../../adapters/carrier/sandbox/carrier.ts";
import { openTestClock } from "../../../adapters/clock/test.ts";
import { hasFeatures, nationalOf } from "../../../core/number/search.ts";
import type { Carrier, SearchFilters } from "../../../core/ports/mod.ts";
import { failed, ok } from "../../../core/values/result.ts";
import { sandboxSubject } from "../../contract/carrier/sandbox.ts";
import { searchFilters } from "../contract/carrier/search.ts";
import { runnerOf, runSuite, skippable } from "../runner.ts";

/** The names of the tests of searches that a carrier fails. */
const failures = async (carrier: Carrier): Promise<readonly string[]> => {
  const subject = sandboxSubject(carrier, openTestClock(0));
  const results = await runSuite((functions) => {
    const { describe: suite, test: declared } = runnerOf(functions);
    suite("searches", () => searchFilters(skippable(declared), () => subject));
  });
  assert.ok(results.length > 5);
  return results.filter(({ error }) => error !== null).map(({ name }) => name);
};

type Search = Carrier["search"];

/** Makes a carrier that receives other filters than the call has. */
const hearing = (change: (filters: SearchFilters) => SearchFilters) => (carrier: Carrier) => ({
  search: (filters: SearchFilters) => carrier.search(change(filters)),
});

const without = (...names: readonly (keyof SearchFilters)[]) =>
  hearing((filters) =>
    Object.fromEntries(
      Object.entries(filters).filter(([name]) => !names.some((one) => one === name)),
    ) as SearchFilters
  );

const picking =
  (pick: (filters: SearchFilters, found: Search) => ReturnType<Search>) => (carrier: Carrier) => ({
    search: (filters: SearchFilters) => pick(filters, carrier.search),
  });

const PLANTED: Readonly<Record<string, (carrier: Carrier) => Partial<Carrier>>> = {
  "leaves features aside": without("features"),
  "leaves the digits in the middle aside": without("contains"),
  "leaves the beginning aside": without("startsWith"),
  "leaves the end aside": without("endsWith"),
  "takes any of several features for all of them": picking(async (filters, search) => {
    const { features = [], ...others } = filters;
    const all = await search({ ...others, limit: 100 });
    const wanted = features.length === 0 ? undefined : features;
    return all.ok
      ? ok(
        all.value.filter((offer) =>
          wanted === undefined || wanted.some((feature) => hasFeatures(offer, [feature]))
        ).slice(0, filters.limit),
      )
      : all;
  }),
  "looks for the beginning after the area code": hearing((filters) => {
    const { areaCode = "", startsWith } = filters;
    return startsWith === undefined
      ? filters
      : { ...filters, startsWith: `${areaCode}${startsWith}` };
  }),
  "looks for digits in the whole number, calling code and all": picking(
    async ({ contains, ...filters }, search) => {
      const all = await search({ ...filters, limit: 100 });
      return all.ok && contains !== undefined
        ? ok(all.value.filter(({ e164 }) => e164.slice(1, -3).includes(contains)))
        : all;
    },
  ),
  "gives more than the limit when digits are given": hearing((filters) =>
    filters.startsWith === undefined ? filters : { ...filters, limit: 100 }
  ),
  "finds nothing by digits": picking((filters, search) =>
    filters.contains === undefined ? search(filters) : Promise.resolve(ok([]))
  ),
  "refuses what it says it can do": picking((filters, search) =>
    filters.features === undefined
      ? search(filters)
      : Promise.resolve(failed({ kind: "refused", message: "no features" }))
  ),
  "says it can do nothing, and leaves all filters aside": (carrier) => ({
    ...without("features", "contains", "startsWith", "endsWith")(carrier),
    searchesBy: { features: [], patterns: [] },
  }),
  "compares towns letter by letter": picking((filters, search) =>
    filters.locality === undefined || filters.locality === "San Rafael"
      ? search(filters)
      : Promise.resolve(ok([]))
  ),
  "knows a town by one spelling": picking((filters, search) =>
    /^(?:ft|saint)\b/i.test(filters.locality ?? "") ? Promise.resolve(ok([])) : search(filters)
  ),
  "knows no states": picking((filters, search) =>
    filters.locality?.includes(",") === true ? Promise.resolve(ok([])) : search(filters)
  ),
  "knows states only after a comma": picking((filters, search) =>
    /[^,] [A-Z]{2}$/.test(filters.locality ?? "") ? Promise.resolve(ok([])) : search(filters)
  ),
  "leaves the state aside": picking((filters, search) =>
    search(
      filters.locality === undefined
        ? filters
        : { ...filters, locality: filters.locality.replace(/,.*$/, "") },
    )
  ),
  "takes a toll-free number for one of every town": picking((filters, search) => {
    const { locality: _, ...anywhere } = filters;
    return search(filters.type === "tollFree" ? anywhere : filters);
  }),
  "gives a number twice": picking(async (filters, search) => {
    const all = await search(filters);
    return all.ok ? ok([...all.value, ...all.value].slice(0, filters.limit)) : all;
  }),
};

describe("the contract of searches", () => {
  test("passes a carrier that keeps its word", async () => {
    assert.deepEqual(await failures(openSandboxCarrier()), []);
  });

  test("passes one that says it can do less, and refuses the rest", async () => {
    const carrier = openSandboxCarrier();
    const search: Search = (filters) => {
      const isMore = filters.contains !== undefined || filters.endsWith !== undefined ||
        (filters.features ?? []).some((feature) => feature !== "sms");
      return isMore
        ? Promise.resolve(failed({ kind: "refused", message: "cannot be searched for" }))
        : carrier.search(filters);
    };
    const searchesBy = { features: ["sms"], patterns: ["startsWith"] } as const;
    assert.deepEqual(await failures({ ...carrier, search, searchesBy }), []);
  });

  for (const [fault, plant] of Object.entries(PLANTED)) {
    test(`finds out one that ${fault}`, async () => {
      const carrier = openSandboxCarrier();
      assert.notDeepEqual(await failures({ ...carrier, ...plant(carrier) }), []);
    });
  }

  test("finds out one that is older than the filters, and leaves them aside", async () => {
    const { searchesBy: _, ...older } = openSandboxCarrier();
    const deaf = without("features", "contains", "startsWith", "endsWith")(older);
    assert.notDeepEqual(await failures({ ...older, ...deaf }), []);
  });

  test("national digits are those after the calling code", () => {
    assert.equal(nationalOf("+14155550101"), "4155550101");
    assert.equal(nationalOf("+442079460000"), "2079460000");
    assert.equal(nationalOf("+80012345678"), "80012345678");
  });
});
