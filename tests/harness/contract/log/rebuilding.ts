import assert from "node:assert/strict";
import { EMPTY_HEAD } from "../../../../core/log/chain.ts";
import type { Advance, EventLog, HeldClaim, Lag, NextRows } from "../../../../core/ports/mod.ts";
import type { Test } from "../../runner.ts";
import {
  appended,
  appendTo,
  changesOf,
  drafts,
  newNumber,
  newOrganization,
  rowOf,
} from "./support.ts";
import type { Changing, TheLog } from "./support.ts";

/** An append takes as long as a few of them. */
const LOOKS = 100;

type Put = Partial<Pick<Advance, "taken" | "freed">> & Changing;

const advanceOf = (
  { organization, put, head }: Lag,
  { rows, removed, below, ...what }: Put = {},
): Advance => ({
  organization,
  from: put,
  head,
  rows: changesOf({ rows, removed, below }),
  taken: [],
  freed: [],
  ...what,
});

const lagsOf = async (next: NextRows): Promise<readonly Lag[]> => {
  const lags = new Map<string, Lag>();
  let after = "";
  for (;;) {
    const page = await next.lags(after, 3);
    if (page.length === 0) return [...lags.values()];
    for (const lag of page) {
      assert.ok(!lags.has(lag.organization), "lags gives an organization on two pages");
      lags.set(after = lag.organization, lag);
    }
  }
};

/** Puts all that is missing: these organizations so, of the others nothing but how far they are. */
const putMissing = async (next: NextRows, what: Readonly<Record<string, Put>>): Promise<void> => {
  for (const lag of await lagsOf(next)) await next.put([advanceOf(lag, what[lag.organization])]);
};

const rebuildAs = async (log: EventLog, what: Readonly<Record<string, Put>>): Promise<void> => {
  const given = await log.rebuild(async (next) => {
    await putMissing(next, what);
    await next.swap(() => putMissing(next, what));
    return what;
  });
  assert.equal(given, what);
};

const claimOn = async (log: EventLog, e164: HeldClaim["key"]) =>
  (await log.load("", { claims: [e164] })).claims[0] ?? null;

const swapping = (test: Test, theLog: TheLog): void => {
  test("rebuild replaces all rows and claims with others atomically", async () => {
    const log = theLog();
    const [one, two] = [newOrganization("a"), newOrganization("b")];
    const [kept, dropped] = [newNumber(), newNumber()];
    const before = [rowOf(`${one}-1`, 1), rowOf(`${one}-2`, 2)];
    const claim = { key: kept, holder: "pn_1" };
    const { head } = await appended(log, appendTo(one, { rows: before, claims: [claim] }));
    await appended(log, appendTo(two, { claims: [{ key: dropped, holder: "pn_2" }] }));
    const after = [
      { ...rowOf(`${one}-2`, 22), work: { automation: "trials", due: 7 } },
      rowOf(`${one}-3`, { is: "new" }, "plan"),
    ];
    const many = Array.from(
      { length: 2_500 },
      (_, index) => rowOf(`${index}`.padStart(5, "0"), index),
    );
    const needs = { kinds: ["number", "plan"] };
    await log.rebuild(async (next) => {
      const what = { [one]: { rows: after, taken: [claim] }, [two]: { rows: many } };
      await putMissing(next, what);
      assert.deepEqual((await log.load(one, needs)).rows, before);
      await next.swap(() => putMissing(next, what));
    });
    const loaded = await log.load(one, { ...needs, claims: [kept] });
    assert.deepEqual(loaded.rows, after);
    assert.deepEqual(loaded.head, head);
    assert.deepEqual(loaded.claims, [{ ...claim, organization: one }]);
    assert.deepEqual((await log.load(two, needs)).rows, many);
    assert.equal(await claimOn(log, dropped), null);
    assert.equal(await log.find("number", `${one}-1`), null);
    assert.deepEqual((await log.find("number", `${one}-2`))?.row, after[0]);
    assert.deepEqual(await log.due(7, 10), [
      { organization: one, kind: "number", key: `${one}-2`, automation: "trials", due: 7 },
    ]);
    await rebuildAs(log, {});
    assert.deepEqual((await log.load(one, needs)).rows, []);
    assert.deepEqual(await log.due(7, 10), []);
  });

  test("a log is appended to as ever after a rebuild", async () => {
    const log = theLog();
    const [organization, e164] = [newOrganization(), newNumber()];
    const claim = { key: e164, holder: "pn_1" };
    const { head } = await appended(log, appendTo(organization, { claims: [claim] }));
    await rebuildAs(log, { [organization]: { rows: [rowOf("a", 1)], taken: [claim] } });
    const taking = appendTo(newOrganization(), { claims: [{ key: e164, holder: "pn_2" }] });
    assert.equal((await log.append(taking)).outcome, "claimed");
    const rows = [rowOf("a", 2)];
    await appended(log, appendTo(organization, { expected: head, rows, free: [claim] }));
    assert.deepEqual((await log.load(organization, { kinds: ["number"] })).rows, rows);
    assert.equal((await log.append(taking)).outcome, "appended");
  });
};

const failing = (test: Test, theLog: TheLog): void => {
  test("rebuild changes nothing when its work fails, and can be begun again", async () => {
    const log = theLog();
    const organization = newOrganization();
    const rows = [rowOf("a", 1)];
    await appended(log, appendTo(organization, { rows }));
    const enough = log.rebuild(async (next) => {
      await putMissing(next, {});
      await next.swap(() => Promise.reject(new Error("enough")));
    });
    await assert.rejects(enough, /enough/);
    assert.deepEqual((await log.load(organization, { kinds: ["number"] })).rows, rows);
    await rebuildAs(log, { [organization]: { rows: [rowOf("b", 2)] } });
    const { rows: rebuilt } = await log.load(organization, { kinds: ["number"] });
    assert.deepEqual(rebuilt, [rowOf("b", 2)]);
  });

  test("a second rebuild is refused while one is under way, and not afterwards", async () => {
    const log = theLog();
    await log.rebuild(() => assert.rejects(rebuildAs(log, {}), /another rebuild is under way/));
    await rebuildAs(log, {});
  });
};

const goingOn = (test: Test, theLog: TheLog): void => {
  test("rebuild gives what was appended since an organization was put, also to new ones", async () => {
    const log = theLog();
    const [old, fresh, still] = [newOrganization("a"), newOrganization("b"), newOrganization("c")];
    const first = await appended(log, appendTo(old, { events: drafts(2) }));
    await appended(log, appendTo(still));
    const same = { rows: [rowOf("a", "same"), rowOf("b", "same"), rowOf("c", "same")] };
    await log.rebuild(async (next) => {
      const beside = [rowOf("a", 5, "quote"), rowOf("b", 6, "quote")];
      const rows = [rowOf("a", 1), rowOf("b", 2), rowOf("c", 3), ...beside];
      await putMissing(next, { [old]: { rows }, [still]: same });
      assert.deepEqual(await lagsOf(next), []);
      const { head } = await appended(log, appendTo(old, { expected: first.head }));
      const begun = await appended(log, appendTo(fresh));
      assert.deepEqual(await lagsOf(next), [
        { organization: old, put: first.head, head },
        { organization: fresh, put: EMPTY_HEAD, head: begun.head },
      ]);
      assert.deepEqual(await next.events(old, 1, 2), await log.events(old, 1, 2));
      assert.deepEqual(
        await next.rows(old, [rowOf("c", 0), rowOf("x", 0), rowOf("a", 0, "plan")]),
        [
          rowOf("c", 3),
        ],
      );
      const changed = { rows: [rowOf("a", 11), rowOf("d", 4)], removed: [rowOf("b", 2)] };
      await next.swap(() => putMissing(next, { [old]: changed }));
    });
    const { rows } = await log.load(old, { kinds: ["number", "quote"] });
    assert.deepEqual(rows, [
      rowOf("a", 11),
      rowOf("c", 3),
      rowOf("d", 4),
      rowOf("a", 5, "quote"),
      rowOf("b", 6, "quote"),
    ]);
    assert.deepEqual((await log.load(still, { kinds: ["number"] })).rows, same.rows);
  });

  test("what is appended during a swap is appended after it", async () => {
    const log = theLog();
    const organization = newOrganization();
    const { head } = await appended(log, appendTo(organization));
    const rows = [rowOf("a", "appended")];
    let appending: Promise<unknown> = Promise.resolve();
    await log.rebuild(async (next) => {
      await putMissing(next, { [organization]: { rows: [rowOf("a", "rebuilt")] } });
      await next.swap(async () => {
        appending = appended(log, appendTo(organization, { expected: head, rows }));
        // Where this fails before it is awaited, it does not end the program.
        appending.catch(() => {});
        // What nothing keeps out would be appended in them.
        for (let look = 0; look < LOOKS; look++) {
          assert.deepEqual((await log.load(organization, {})).head, head);
        }
        await putMissing(next, {});
      });
    });
    await appending;
    assert.deepEqual((await log.load(organization, { kinds: ["number"] })).rows, rows);
  });
};

const ageing = (test: Test, theLog: TheLog): void => {
  test("rebuild removes rows below a key that were put before, of one organization alone", async () => {
    const log = theLog();
    const [one, other] = [newOrganization("a"), newOrganization("b")];
    const rows = ["a", "b:1", "b\u{1f600}", "c"].map((key) => rowOf(key, 1));
    const all = [...rows, rowOf("a", 2, "plan")];
    for (const organization of [one, other]) await appended(log, appendTo(organization));
    const late = { rows: [rowOf("c", 3), rowOf("d", 4)], below: [rowOf("b\u{1f600}", 0)] };
    await log.rebuild(async (next) => {
      await putMissing(next, { [one]: { rows: all }, [other]: { rows: all } });
      await appended(log, appendTo(one, { expected: "any" }));
      await putMissing(next, { [one]: late });
      await next.swap(() => putMissing(next, {}));
    });
    const loaded = async (organization: string) =>
      (await log.load(organization, { kinds: ["number", "plan"] })).rows;
    assert.deepEqual(await loaded(one), [...all.slice(2, 3), ...late.rows, ...all.slice(-1)]);
    assert.deepEqual(await loaded(other), all);
  });
};

const passing = async (log: EventLog, holder: string): Promise<void> => {
  const [one, other, e164] = [newOrganization("a"), newOrganization("b"), newNumber()];
  const [held, next] = [{ key: e164, holder: "pn_1" }, { key: e164, holder }];
  // These stay where they are: other numbers of the organization, and one of the same holder.
  const [beside, alike] = [{ key: newNumber(), holder: "pn_3" }, { ...held, key: newNumber() }];
  const second = { ...held, key: newNumber() };
  const taken = [held, beside, second];
  const first = await appended(log, appendTo(one, { claims: taken }));
  const { head } = await appended(log, appendTo(other, { claims: [alike] }));
  await log.rebuild(async (rows) => {
    await putMissing(rows, { [one]: { taken }, [other]: { taken: [alike] } });
    await appended(log, appendTo(one, { expected: first.head, free: [held] }));
    await appended(log, appendTo(other, { expected: head, claims: [next] }));
    const lags = await lagsOf(rows);
    // The one that has it now is put first.
    for (const lag of [...lags].reverse()) {
      const what = lag.organization === one ? { freed: [held] } : { taken: [next] };
      await rows.put([advanceOf(lag, what)]);
    }
    await rows.swap(() => putMissing(rows, {}));
  });
  assert.deepEqual(await claimOn(log, e164), { ...next, organization: other });
  assert.deepEqual(await claimOn(log, beside.key), { ...beside, organization: one });
  assert.deepEqual(await claimOn(log, second.key), { ...second, organization: one });
  assert.deepEqual(await claimOn(log, alike.key), { ...alike, organization: other });
};

const contesting = (test: Test, theLog: TheLog): void => {
  for (const whose of ["pn_2", "pn_1"]) {
    test(`rebuild lets a number go from one organization to another meanwhile, to ${whose}`, () =>
      passing(theLog(), whose));
  }

  for (const when of ["before", "after"] as const) {
    test(`rebuild names a number that two logs claim, put ${when} the first look`, async () => {
      const log = theLog();
      const [one, other, e164] = [newOrganization("a"), newOrganization("b"), newNumber()];
      const rows = [rowOf("a", 1)];
      const claim = { key: e164, holder: "pn_1" };
      const { head } = await appended(log, appendTo(one, { rows, claims: [claim] }));
      const late = await appended(log, appendTo(other));
      const what = {
        [one]: { taken: [claim] },
        [other]: { taken: [{ key: e164, holder: "pn_2" }] },
      };
      const broken = log.rebuild(async (next) => {
        const lags = [
          { organization: one, put: EMPTY_HEAD, head },
          { organization: other, put: EMPTY_HEAD, head: late.head },
        ];
        if (when === "after") await lagsOf(next);
        await next.put(lags.map((lag) => advanceOf(lag, what[lag.organization])));
        await next.swap(() => putMissing(next, {}));
      });
      await assert.rejects(
        broken,
        (error: Error) => [e164, one, other].every((name) => error.message.includes(name)),
      );
      assert.deepEqual((await log.load(one, { kinds: ["number"] })).rows, rows);
      assert.deepEqual(await claimOn(log, e164), { ...claim, organization: one });
    });
  }
};

/**
 * Rebuilding: the rows and claims of all organizations are computed again while the log is in use.
 */
export const rebuilding = (test: Test, theLog: TheLog): void => {
  swapping(test, theLog);
  failing(test, theLog);
  goingOn(test, theLog);
  ageing(test, theLog);
  contesting(test, theLog);
};
