/** What a search promises of each filter: every offer matches all of them. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { FEATURES, PATTERNS } from "../../../../core/ports/carrier.ts";
import { matches, nationalOf } from "../../../../core/number/search.ts";
import type { Feature, Offer, SearchFilters } from "../../../../core/ports/mod.ts";
import { skip, type Test } from "../../runner.ts";
import { type CarrierSubject, first, valueOf } from "../carrier-support.ts";

/** What a filter asks for, beside those of the subject. */
type Further = Partial<Omit<SearchFilters, "country" | "type" | "limit">>;

const abilitiesOf = ({ carrier }: CarrierSubject) =>
  carrier.searchesBy ?? { features: [], patterns: [] };

/** The offers of a search, each of which is what was asked for. */
const found = async (
  { carrier, filters }: CarrierSubject,
  further: Further,
): Promise<readonly Offer[]> => {
  const asked = { ...filters, ...further };
  const offers = valueOf(await carrier.search(asked));
  const about = JSON.stringify(asked);
  for (const offer of offers) assert.ok(matches(offer, asked), `${offer.e164} for ${about}`);
  assert.ok(offers.length <= asked.limit, about);
  assert.equal(new Set(offers.map(({ e164 }) => e164)).size, offers.length, about);
  return offers;
};

/** The same, and there are some. */
const some = async (subject: CarrierSubject, further: Further): Promise<readonly Offer[]> => {
  const offers = await found(subject, further);
  assert.ok(offers.length > 0, `nothing was found by ${JSON.stringify(further)}`);
  return offers;
};

/** Filters that an offer matches, cut out of its own digits and features by three numbers. */
const cutOf = (
  { e164, features }: Offer,
  subject: CarrierSubject,
  [from, length, which]: readonly [number, number, number],
): Further => {
  const abilities = abilitiesOf(subject);
  const national = nationalOf(e164);
  const at = from % national.length;
  const digits = national.slice(at, at + 1 + length % (national.length - at));
  const cuts = {
    startsWith: national.slice(0, digits.length),
    contains: digits,
    endsWith: national.slice(-digits.length),
  };
  const names = PATTERNS.filter((name, place) =>
    abilities.patterns.includes(name) && (which >> place) % 2 === 1
  );
  const wanted = features.filter((feature, place) =>
    abilities.features.includes(feature) && (which >> (PATTERNS.length + place)) % 2 === 1
  );
  return {
    ...Object.fromEntries(names.map((name) => [name, cuts[name]])),
    ...(wanted.length > 0 && { features: wanted }),
  };
};

const RUNS = 25;

const NO_PATTERNS = "the carrier does not search by digits";
const NO_FEATURES = "the carrier does not search by features";
const NOTHING_TO_CONTRADICT = "the carrier searches by no `endsWith`, the subject by no area code";

const byDigits = (test: Test, subject: () => CarrierSubject): void => {
  test("search finds an offer again by its digits and features, and nothing else", async () => {
    const offers = await some(subject(), {});
    const cut = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(2 ** (PATTERNS.length + FEATURES.length)));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...offers), cut, async (offer, numbers) => {
        await some(subject(), cutOf(offer, subject(), numbers));
      }),
      { numRuns: RUNS },
    );
  });

  test("search counts the area code among the digits of a number", async () => {
    const { patterns } = abilitiesOf(subject());
    if (patterns.length === 0) skip(NO_PATTERNS);
    const national = nationalOf((await first(subject())).e164);
    if (patterns.includes("startsWith")) {
      await some(subject(), { startsWith: national.slice(0, 4) });
    }
    if (patterns.includes("contains")) await some(subject(), { contains: national.slice(1, 5) });
    if (patterns.includes("endsWith")) {
      const whole = await some(subject(), { endsWith: national });
      assert.deepEqual(whole.map(({ e164 }) => nationalOf(e164)), [national]);
    }
  });

  test("search finds nothing when its digits contradict each other", async () => {
    const { filters } = subject();
    const { patterns } = abilitiesOf(subject());
    if (!patterns.includes("startsWith")) skip("the carrier does not search by `startsWith`");
    const other = filters.areaCode?.startsWith("9") === true ? "2" : "9";
    if (filters.areaCode !== undefined) {
      assert.deepEqual(await found(subject(), { startsWith: `${other}1` }), []);
    }
    if (!patterns.includes("endsWith")) {
      return filters.areaCode === undefined ? skip(NOTHING_TO_CONTRADICT) : undefined;
    }
    const startsWith = nationalOf((await first(subject())).e164);
    const last = startsWith.endsWith("0") ? "1" : "0";
    assert.deepEqual(await found(subject(), { startsWith, endsWith: last }), []);
  });
};

const byFeatures = (test: Test, subject: () => CarrierSubject): void => {
  test("search by a feature gives only numbers that have it", async () => {
    const { features } = abilitiesOf(subject());
    if (features.length === 0) skip(NO_FEATURES);
    for (const feature of features) {
      await found(subject(), { features: [feature] });
    }
  });

  test("search by several features gives only numbers that have all of them", async () => {
    const { features: known } = abilitiesOf(subject());
    if (known.length === 0) skip(NO_FEATURES);
    const { features } = await first(subject());
    const wanted = features.filter((feature) => known.includes(feature));
    if (wanted.length > 0) await some(subject(), { features: wanted });
    await found(subject(), { features: known });
  });

  test("search by no feature is a search like any other", async () => {
    const plain = await some(subject(), {});
    assert.deepEqual(await some(subject(), { features: [] }), plain);
  });
};

const refusing = (test: Test, subject: () => CarrierSubject): void => {
  test("search is refused by a filter that it says it cannot do", async () => {
    const { carrier, filters } = subject();
    const { features, patterns } = abilitiesOf(subject());
    const strange: readonly Feature[] = FEATURES.filter((feature) => !features.includes(feature));
    const searches: readonly Further[] = [
      ...strange.map((feature) => ({ features: [feature] })),
      ...PATTERNS.filter((name) => !patterns.includes(name)).map((name) => ({ [name]: "5" })),
    ];
    if (searches.length === 0) skip("the carrier searches by all filters");
    for (const further of searches) {
      const answer = await carrier.search({ ...filters, ...further });
      const about = JSON.stringify(further);
      assert.ok(!answer.ok && answer.error.kind === "refused", `${about} was not refused`);
    }
  });
};

const inTown = ({ filters, locality }: CarrierSubject): CarrierSubject["filters"] => ({
  ...filters,
  locality,
});

const byTown = (test: Test, subject: () => CarrierSubject): void => {
  test("search finds a town however its case and its spaces are written", async () => {
    const { locality } = subject();
    const numbers = async (town: string) =>
      (await some(subject(), { locality: town })).map(({ e164 }) => e164).toSorted();
    const as = await numbers(locality);
    for (const town of [locality.toUpperCase(), `  ${locality.replaceAll(" ", "   ")} `]) {
      assert.deepEqual(await numbers(town), as, town);
    }
  });

  test("search finds the towns that are written in several ways by each of them", async () => {
    const { towns = [] } = subject();
    if (towns.length === 0) skip("the subject has no `towns`");
    for (const { filters, ways } of towns) {
      const many = { ...subject(), filters };
      for (const locality of ways) await some(many, { locality });
    }
  });

  test("search finds a town that is named with its state, and in no other state", async () => {
    const { locality } = subject();
    const { region: { state } } = await first({ ...subject(), filters: inTown(subject()) });
    if (state === null) skip("the carrier's offers name no state");
    for (const town of [`${locality}, ${state}`, `${locality.toUpperCase()} ${state}`]) {
      const offers = await some(subject(), { locality: town });
      for (const { region } of offers) assert.ok([null, state].includes(region.state), town);
    }
    for (const other of ["AK", "WY"].filter((name) => name !== state)) {
      await found(subject(), { locality: `${locality}, ${other}` });
    }
  });

  test("search finds no toll-free number in a town", async () => {
    const { carrier, filters: { country, limit }, locality } = subject();
    const offers = valueOf(await carrier.search({ country, type: "tollFree", locality, limit }));
    assert.deepEqual(offers, []);
  });
};

/**
 * Declares the tests of filters that every carrier passes, those that it says it can do at least.
 */
export const searchFilters = (test: Test, subject: () => CarrierSubject): void => {
  byDigits(test, subject);
  byFeatures(test, subject);
  refusing(test, subject);
  byTown(test, subject);
};
