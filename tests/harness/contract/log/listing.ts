import assert from "node:assert/strict";
import fc from "fast-check";
import { EMPTY_HEAD } from "../../../../core/log/chain.ts";
import type {
  EventLog,
  Listing,
  ListPlace,
  RowFilter,
  RowPage,
  WrittenRow,
} from "../../../../core/ports/mod.ts";
import type { Test } from "../../runner.ts";
import { appended, appendTo, newOrganization, type TheLog } from "./support.ts";

/** Another kind is listed apart. */
const KINDS = ["listed", "listed too"];
const KEYS = ["a", "b", "B", "\u00e9", "\u{1f469}", "\uffee", "10", "9"];
const GROUPS = ["x", "y", "", "null", "x ", "'", "\u00e9".repeat(400)];
const TAGS = ["t", "t2", "a:b", "{", '"', "\\", ",", "null", " "];
/** No row has such a tag. */
const NO_TAGS = ["", "t\nt2", "\0", "\ud800", "T"];
/** Signs of patterns, of arrays and of line ends. */
const PARTS = ["a", "ab", "%", "_", "\\", '"', "\n", "\u00e9", "{}", "A", "a%", "\u{1f469}"];

const texts = fc.array(fc.array(fc.constantFrom(...PARTS), { maxLength: 4 }), { maxLength: 3 })
  .map((lists) => lists.map((parts) => parts.join("")));

const listings: fc.Arbitrary<Listing> = fc.record({
  sort: fc.constantFrom(-1, 0, 1, 2, 1_769_853_600_000, Number.MAX_SAFE_INTEGER),
  group: fc.option(fc.constantFrom(...GROUPS)),
  tags: fc.uniqueArray(fc.constantFrom(...TAGS), { maxLength: 4 }),
  texts: fc.option(texts, { nil: undefined }),
});

const rows: fc.Arbitrary<WrittenRow> = fc.record({
  kind: fc.constantFrom(...KINDS),
  key: fc.constantFrom(...KEYS),
  data: fc.nat(9),
  work: fc.constant(null),
  listing: fc.option(listings, { nil: undefined }),
});

/** What is done to the rows, one append after the other: they are put, or removed. */
const changes = fc.array(
  fc.record({ put: fc.array(rows, { minLength: 1, maxLength: 8 }), removes: fc.boolean() }),
  { minLength: 1, maxLength: 6 },
);

/** Of all asked for, few are no tags: nothing has one. */
const askedTag = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...TAGS) },
  { weight: 1, arbitrary: fc.constantFrom(...NO_TAGS) },
);

const filters: fc.Arbitrary<RowFilter> = fc.record({
  group: fc.option(fc.constantFrom(...GROUPS, "nobody's", "\0", "\ud800"), { nil: undefined }),
  tags: fc.option(fc.array(askedTag, { maxLength: 2 }), { nil: undefined }),
  without: fc.option(fc.array(askedTag, { maxLength: 2 }), { nil: undefined }),
  parts: fc.option(
    fc.array(
      fc.record({ text: fc.nat(3), part: fc.constantFrom(...PARTS, "", "\0", "\ud800") }),
      { maxLength: 5 },
    ),
    { nil: undefined },
  ),
});

const pages: fc.Arbitrary<RowPage> = fc.record({
  limit: fc.constantFrom(0, 1, 2, 5, Number.MAX_SAFE_INTEGER),
  skip: fc.option(fc.constantFrom(0, 1, 3, Number.MAX_SAFE_INTEGER), { nil: undefined }),
  isCounted: fc.boolean(),
});

const nameOf = ({ kind, key }: WrittenRow): string => `${kind} ${key}`;

/** By code points, as UTF-8 sorts. */
const compare = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a, "utf8"), Buffer.from(b, "utf8"));

const comparePlaces = (a: ListPlace, b: ListPlace): number =>
  a.sort - b.sort || compare(a.key, b.key);

const naively = (all: readonly WrittenRow[], kind: string, filter: RowFilter) => {
  const { group, tags = [], without = [], parts } = filter;
  return all.flatMap(({ listing, key, data, ...row }) => {
    if (row.kind !== kind || listing === undefined) return [];
    const isWanted = (group === undefined || listing.group === group) &&
      tags.every((tag) => listing.tags.includes(tag)) &&
      without.every((tag) => !listing.tags.includes(tag)) &&
      (parts === undefined ||
        parts.some(({ text, part }) => listing.texts?.[text]?.includes(part) === true));
    return isWanted ? [{ key, data, sort: listing.sort }] : [];
  }).toSorted(comparePlaces);
};

type Change = { readonly put: readonly WrittenRow[]; readonly removes: boolean };

/** Appends the changes, one after the other; gives the rows that are there then. */
const appendAll = async (log: EventLog, organization: string, all: readonly Change[]) => {
  const there = new Map<string, WrittenRow>();
  let head = EMPTY_HEAD;
  for (const { put, removes } of all) {
    for (const row of put) {
      if (removes) there.delete(nameOf(row));
      else there.set(nameOf(row), row);
    }
    const change = removes ? { removed: put } : { rows: put };
    ({ head } = await appended(log, appendTo(organization, { expected: head, ...change })));
  }
  return { rows: [...there.values()], head };
};

const shown = (rows: Awaited<ReturnType<EventLog["list"]>>["rows"]) =>
  rows.map(({ key, data, sort }) => ({ key, data, sort }));

const asks = fc.array(fc.tuple(fc.constantFrom(...KINDS), filters, pages), {
  minLength: 4,
  maxLength: 12,
});

const RUNS = 15;

/** Fails unless the log lists what a model does, whatever is asked. */
const assertLists = async (
  log: EventLog,
  organization: string,
  rows: readonly WrittenRow[],
  asked: readonly (readonly [string, RowFilter, RowPage])[],
): Promise<void> => {
  for (const [kind, filter, page] of asked) {
    const all = naively(rows, kind, filter);
    const { skip = 0, limit, isCounted } = page;
    const list = await log.list(organization, kind, filter, page);
    assert.deepEqual(shown(list.rows), all.slice(skip, skip + limit));
    assert.equal(list.total, isCounted === true ? all.length : null);
    // Page by page, each after the place of the one before.
    const read: ReturnType<typeof shown> = [];
    for (let after: ListPlace | undefined;;) {
      const next = shown((await log.list(organization, kind, filter, { limit: 2, after })).rows);
      const last = next.at(-1);
      if (last === undefined) break;
      read.push(...next);
      after = { sort: last.sort, key: last.key };
    }
    assert.deepEqual(read, all);
  }
};

const lists = (test: Test, theLog: TheLog): void => {
  test("list gives what a filter of all rows does, whatever was put and is asked", async () => {
    await fc.assert(
      fc.asyncProperty(changes, asks, async (all, asked) => {
        const organization = newOrganization();
        const { rows, head } = await appendAll(theLog(), organization, all);
        await assertLists(theLog(), organization, rows, asked);
        const list = await theLog().list(organization, "listed", {}, { limit: 0 });
        assert.deepEqual(list.head, head);
      }),
      { numRuns: RUNS },
    );
  });

  test("list gives nothing of an organization without a log, at the head of an empty one", async () => {
    const page = { limit: 1, isCounted: true };
    const list = await theLog().list(newOrganization(), "listed", {}, page);
    assert.deepEqual(list, { head: EMPTY_HEAD, rows: [], total: 0 });
  });

  test("list may be asked for a tag very many times", async () => {
    const organization = newOrganization();
    const listing = { sort: 1, group: null, tags: ["t"] };
    const row = { kind: "listed", key: "a", data: 1, work: null, listing };
    await appended(theLog(), appendTo(organization, { rows: [row] }));
    const [has, lacks] = ["t", "t2"].map((tag) => Array.from({ length: 70_000 }, () => tag));
    const filter = { tags: has, without: lacks };
    const { rows } = await theLog().list(organization, "listed", filter, { limit: 9 });
    assert.equal(rows.length, 1);
  });

  test("list gives rows as a load does, and of one organization only", async () => {
    const [one, other] = [newOrganization(), newOrganization()];
    const listing = { sort: 1, group: null, tags: [] };
    const row = { kind: "listed", key: "a", data: { a: ["\u0000"] }, work: null };
    const work = { automation: "one of the test", due: Number.MAX_SAFE_INTEGER };
    await appended(theLog(), appendTo(one, { rows: [{ ...row, work, listing }] }));
    await appended(theLog(), appendTo(other, { rows: [{ ...row, listing }] }));
    const { rows } = await theLog().list(one, "listed", {}, { limit: 9 });
    assert.deepEqual(rows, [{ ...row, work, sort: 1 }]);
    const loaded = await theLog().load(one, { kinds: ["listed"] });
    assert.deepEqual(loaded.rows, [{ ...row, work }]);
    await appended(
      theLog(),
      appendTo(one, { expected: loaded.head, removed: [{ kind: "listed", key: "a" }] }),
    );
  });
};

const groups = (test: Test, theLog: TheLog): void => {
  test("load gives the rows of groups, and those asked for besides, each once", async () => {
    await fc.assert(
      fc.asyncProperty(
        changes,
        fc.array(
          fc.record({ kind: fc.constantFrom(...KINDS), group: fc.constantFrom(...GROUPS) }),
          { minLength: 1, maxLength: 3 },
        ),
        fc.array(fc.constantFrom(...KEYS), { maxLength: 2 }),
        async (all, wanted, keys) => {
          const organization = newOrganization();
          const { rows, head } = await appendAll(theLog(), organization, all);
          const needs = { groups: wanted, rows: keys.map((key) => ({ kind: "listed", key })) };
          const snapshot = await theLog().load(organization, needs);
          const expected = rows.filter(({ kind, key, listing }) =>
            (kind === "listed" && keys.includes(key)) ||
            wanted.some((one) => one.kind === kind && one.group === listing?.group)
          ).toSorted((a, b) => compare(a.kind, b.kind) || compare(a.key, b.key));
          assert.deepEqual(snapshot.rows.map(nameOf), expected.map(nameOf));
          assert.deepEqual(snapshot.rows.map(({ data }) => data), expected.map(({ data }) => data));
          assert.deepEqual(snapshot.head, head);
        },
      ),
      { numRuns: RUNS },
    );
  });
};

const replaced = (test: Test, theLog: TheLog): void => {
  const few = fc.array(rows, { maxLength: 8 }).map((all) => [
    ...new Map(all.map((row) => [nameOf(row), row])).values(),
  ]);

  test("list gives rows as they were replaced", async () => {
    await fc.assert(
      fc.asyncProperty(changes, few, asks, async (all, instead, asked) => {
        const organization = newOrganization();
        const { head } = await appendAll(theLog(), organization, all);
        assert.equal(await theLog().replaceRows(organization, head, instead, []), true);
        await assertLists(theLog(), organization, instead, asked);
      }),
      { numRuns: RUNS },
    );
  });

  test("list gives rows as they were rebuilt", async () => {
    await fc.assert(
      fc.asyncProperty(changes, few, few, asks, async (all, first, then, asked) => {
        const organization = newOrganization();
        const { head } = await appendAll(theLog(), organization, all);
        const put = (some: readonly WrittenRow[]) =>
          some.map((row) => ({ change: "put", ...row }) as const);
        const advance = { organization, head, taken: [], freed: [] };
        await theLog().rebuild(async (next) => {
          await next.put([{ ...advance, from: EMPTY_HEAD, rows: put(first) }]);
          await next.put([{ ...advance, from: head, rows: put(then) }]);
          await next.swap(() => Promise.resolve());
        });
        const last = new Map([...first, ...then].map((row) => [nameOf(row), row]));
        await assertLists(theLog(), organization, [...last.values()], asked);
      }),
      { numRuns: 5 },
    );
  });
};

const refused = (test: Test, theLog: TheLog): void => {
  const plain: Listing = { sort: 1, group: null, tags: ["t"], texts: ["text"] };
  const wrong: Readonly<Record<string, Listing>> = {
    "texts that are too long": { ...plain, texts: ["\u00e9".repeat(400)] },
    "tags that are too long": { ...plain, tags: ["t".repeat(797)] },
    "a group that is too long": { ...plain, group: "\u00e9".repeat(401) },
    "a text with NUL": { ...plain, texts: ["\0"] },
    "a tag with half a character": { ...plain, tags: ["\ud800"] },
    "an empty tag": { ...plain, tags: [""] },
    "a tag of two lines": { ...plain, tags: ["a\nb"] },
    "a place between two whole numbers": { ...plain, sort: 0.5 },
  };
  for (const [what, listing] of Object.entries(wrong)) {
    test(`append refuses ${what}, and appends nothing`, async () => {
      const organization = newOrganization();
      const row = { kind: "listed", key: "a", data: 1, work: null, listing };
      await assert.rejects(
        async () => await theLog().append(appendTo(organization, { rows: [row] })),
        RangeError,
      );
      assert.deepEqual((await theLog().load(organization, {})).head, EMPTY_HEAD);
    });
  }
};

/** The tests of lists of rows. */
export const listing = (test: Test, theLog: TheLog): void => {
  lists(test, theLog);
  groups(test, theLog);
  replaced(test, theLog);
  refused(test, theLog);
};
