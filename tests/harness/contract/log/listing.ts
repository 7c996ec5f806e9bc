import assert from "node:assert/strict";
import fc from "fast-check";
import { EMPTY_HEAD } from "../../../../core/log/chain.ts";
import type {
  EventLog,
  Head,
  Listing,
  ListPlace,
  RowFilter,
  RowPage,
  WrittenRow,
} from "../../../../core/ports/mod.ts";
import type { Test } from "../../runner.ts";
import {
  changes,
  compare,
  filters,
  GROUPS,
  KEYS,
  KINDS,
  naively,
  nameOf,
  pages,
  plainRow,
  rows,
} from "./listing-model.ts";
import { appended, appendTo, newOrganization, type TheLog } from "./support.ts";

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

/** The rows of a list page by page, each after the place before; ends once there are too many. */
const readByPages = async (
  log: EventLog,
  organization: string,
  [kind, filter]: readonly [string, RowFilter],
  count: number,
) => {
  const read: ReturnType<typeof shown> = [];
  for (let after: ListPlace | undefined; read.length <= count;) {
    const next = shown((await log.list(organization, kind, filter, { limit: 2, after })).rows);
    const last = next.at(-1);
    if (last === undefined) break;
    read.push(...next);
    after = { sort: last.sort, key: last.key };
  }
  return read;
};

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
    assert.deepEqual(await readByPages(log, organization, [kind, filter], all.length), all);
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

const fixed = (test: Test, theLog: TheLog): void => {
  test("list goes on behind the row before, where several have one place", async () => {
    const organization = newOrganization();
    const rows = ["a", "b", "c", "d"].map((key) => plainRow(key, []));
    await appended(theLog(), appendTo(organization, { rows }));
    for (const filter of [{}, { group: "x" }]) {
      const read = await readByPages(theLog(), organization, ["listed", filter], rows.length);
      assert.deepEqual(read.map(({ key }) => key), ["a", "b", "c", "d"]);
    }
  });

  test("list gives what has all tags and none of others, and counts them on any page", async () => {
    const organization = newOrganization();
    const tagged = [["t"], ["t2"], ["t", "t2"], ["t2", "t", "null"], []];
    const rows = tagged.map((tags, at) => plainRow(`${at}`, tags));
    await appended(theLog(), appendTo(organization, { rows }));
    const keysOf = async (filter: RowFilter, limit = 9) => {
      const page = { limit, isCounted: true };
      const { rows, total } = await theLog().list(organization, "listed", filter, page);
      return [rows.map(({ key }) => key).join(""), total];
    };
    for (const tags of [["t", "t2"], ["t2", "t"]]) {
      assert.deepEqual(await keysOf({ tags }), ["23", 2]);
      assert.deepEqual(await keysOf({ without: tags }), ["4", 1]);
      assert.deepEqual(await keysOf({ tags, without: ["null"] }), ["2", 1]);
    }
    assert.deepEqual(await keysOf({ tags: ["t"] }, 1), ["0", 3]);
    assert.deepEqual(await keysOf({}, 2), ["01", 5]);
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

  /** Rebuilds the rows of an organization at its head, in two steps. */
  const rebuildTo = async (
    organization: string,
    head: Head,
    steps: readonly [readonly WrittenRow[], readonly WrittenRow[]],
  ): Promise<void> => {
    const advance = { organization, head, taken: [], freed: [] };
    await theLog().rebuild(async (next) => {
      for (const [at, rows] of steps.entries()) {
        const put = rows.map((row) => ({ change: "put", ...row }) as const);
        await next.put([{ ...advance, from: at === 0 ? EMPTY_HEAD : head, rows: put }]);
      }
      await next.swap(() => Promise.resolve());
    });
  };

  test("list gives rows as they were rebuilt", async () => {
    await fc.assert(
      fc.asyncProperty(changes, few, few, asks, async (all, first, then, asked) => {
        const organization = newOrganization();
        const { head } = await appendAll(theLog(), organization, all);
        await rebuildTo(organization, head, [first, then]);
        const last = new Map([...first, ...then].map((row) => [nameOf(row), row]));
        await assertLists(theLog(), organization, [...last.values()], asked);
      }),
      { numRuns: 5 },
    );
  });

  test("list gives each row that was rebuilt, in its group and with its tags", async () => {
    const organization = newOrganization();
    const rows = [plainRow("a", ["t"]), plainRow("b", ["t", "t2"])] as const;
    const { head } = await appended(theLog(), appendTo(organization, {}));
    await rebuildTo(organization, head, [[rows[0]], [rows[1]]]);
    const filters = [{}, { group: "x" }, { tags: ["t"] }, { tags: ["t2"] }];
    await assertLists(
      theLog(),
      organization,
      rows,
      filters.map((filter) => ["listed", filter, { limit: 9, isCounted: true }]),
    );
    const { rows: [loaded] } = await theLog()
      .load(organization, { groups: [{ kind: "listed", group: "x" }] });
    assert.equal(loaded?.key, "a");
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
  fixed(test, theLog);
  groups(test, theLog);
  replaced(test, theLog);
  refused(test, theLog);
};
