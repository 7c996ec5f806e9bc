import assert from "node:assert/strict";
import { digest } from "../../../../adapters/log/digest.ts";
import { chain, EMPTY_HEAD, verifyChain } from "../../../../core/log/chain.ts";
import type { Append, AppendOutcome, EventLog, Head, Row } from "../../../../core/ports/mod.ts";
import {
  appended,
  appendTo,
  changesOf,
  drafts,
  eventsIn,
  headOf,
  newNumber,
  newOrganization,
  rowOf,
} from "./support.ts";
import type { Test } from "../../runner.ts";
import type { TheLog } from "./support.ts";

/** The head that an append leads to, where it is at this one. */
const headAfter = (head: Head, append: Append): Head => {
  const { organization, at, actor, command, events } = append;
  const entry = { organization, at, actor, command: command?.id ?? null, events };
  const last = chain(head, entry, digest).at(-1)?.event;
  return last === undefined ? head : { position: last.position, hash: last.hash };
};

/** Appends of which each expects the head that the one before leads to, and the first this one. */
export const following = (from: Head, appends: readonly Append[]): readonly Append[] => {
  let head = from;
  return appends.map((append) => {
    const next = { ...append, expected: head };
    head = headAfter(head, next);
    return next;
  });
};

/** Gives them all before any has its outcome. */
export const giveAll = (
  log: EventLog,
  appends: readonly Append[],
): Promise<readonly AppendOutcome[]> => Promise.all(appends.map((append) => log.append(append)));

/** What kinds of outcomes these are. */
export const kindsOf = (outcomes: readonly AppendOutcome[]) =>
  outcomes.map(({ outcome }) => outcome);

const times = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index));

const whole = (test: Test, theLog: TheLog): void => {
  test("append takes what follows an append that has no outcome yet, each at its head", async () => {
    const log = theLog();
    const [organization, numbers] = [newOrganization(), times(80, newNumber)];
    const appends = following(
      EMPTY_HEAD,
      numbers.map((key, index) =>
        appendTo(organization, {
          at: index,
          command: index % 3 === 0 ? { id: `c-${index}`, fingerprint: `f-${index}` } : null,
          events: drafts(1 + index % 2),
          rows: [rowOf("all", index), rowOf(`pn-${index % 7}`, index)],
          removed: index % 7 === 3 ? [{ kind: "number", key: "pn-2" }] : [],
          claims: index % 2 === 0 ? [{ key, holder: `pn_${index}` }] : [],
        })
      ),
    );
    const outcomes = await giveAll(log, appends);
    assert.deepEqual(new Set(kindsOf(outcomes)), new Set(["appended"]));
    const events = await eventsIn(log, organization);
    const given = outcomes.flatMap((one) => one.outcome === "appended" ? one.events : []);
    assert.deepEqual(events, given);
    const head = await headOf(log, organization);
    assert.deepEqual(verifyChain(events, EMPTY_HEAD, digest), { ok: true, value: head });
    assert.equal(head.position, 120);
    const loaded = await log.load(organization, {
      kinds: ["number"],
      claims: numbers,
      commands: ["c-33"],
    });
    const last = (place: number) => 79 - (79 - place) % 7;
    assert.deepEqual(loaded.rows, [
      rowOf("all", 79),
      ...times(7, (place) => rowOf(`pn-${place}`, last(place))),
    ]);
    assert.equal(loaded.claims.length, 40);
    const [command] = loaded.commands;
    assert.equal(command?.fingerprint, "f-33");
    assert.deepEqual(command?.events.map(({ at }) => at), [33, 33]);
  });
};

const rewritten = (test: Test, theLog: TheLog): void => {
  test("append puts, removes and puts a row again when the appends follow one another", async () => {
    const log = theLog();
    const [one, other] = [newOrganization(), newOrganization()];
    const key = { kind: "number", key: "k" };
    const put = (data: number) => ({ rows: [rowOf("k", data)] });
    const gone = { removed: [key] };
    const give = (organization: string, changes: readonly Parameters<typeof changesOf>[0][]) =>
      giveAll(
        log,
        following(EMPTY_HEAD, changes.map((change) => appendTo(organization, change))),
      );
    await Promise.all([give(one, [put(1), gone, put(3)]), give(other, [put(1), put(2), gone])]);
    assert.deepEqual((await log.load(one, { kinds: ["number"] })).rows, [rowOf("k", 3)]);
    assert.deepEqual((await log.load(other, { kinds: ["number"] })).rows, []);
  });

  test("append gives on and takes again a number when the appends follow one another", async () => {
    const log = theLog();
    const [organization, key] = [newOrganization(), newNumber()];
    const [first, second] = [{ key, holder: "pn_1" }, { key, holder: "pn_2" }];
    const outcomes = await giveAll(
      log,
      following(EMPTY_HEAD, [
        appendTo(organization, { claims: [first] }),
        appendTo(organization, { free: [first] }),
        appendTo(organization, { claims: [second] }),
        appendTo(organization, { free: [second], claims: [first] }),
      ]),
    );
    assert.deepEqual(new Set(kindsOf(outcomes)), new Set(["appended"]));
    const { claims } = await log.load(organization, { claims: [key] });
    assert.deepEqual(claims, [{ ...first, organization }]);
  });
};

const inPart = (test: Test, theLog: TheLog): void => {
  const five = (organization: string, third: Parameters<typeof appendTo>[1]) =>
    times(5, (index) =>
      appendTo(organization, {
        at: index,
        rows: [rowOf(`pn-${index}`, index)],
        claims: [{ key: newNumber(), holder: `pn_${index}` }],
        ...(index === 2 && third),
      }));

  test("append adds nothing that follows what is refused, and all that comes before", async () => {
    const log = theLog();
    const [holder, taken] = [newOrganization(), newNumber()];
    const held = { key: taken, holder: "pn_1" };
    const first = await appended(log, appendTo(holder, { claims: [held] }));
    const cases = {
      claimed: { claims: [{ key: taken, holder: "pn_2" }, { key: newNumber(), holder: "pn_2" }] },
      repeated: { command: { id: "c-0", fingerprint: "f" } },
      conflict: { expected: first.head },
    } as const;
    for (const [outcome, third] of Object.entries(cases)) {
      const organization = newOrganization();
      const command = { id: "c-0", fingerprint: "f" };
      const begun = await appended(log, appendTo(organization, { command }));
      const chained = following(begun.head, five(organization, third));
      const appends = chained.map((append, index) =>
        index === 2 && outcome === "conflict" ? { ...append, expected: first.head } : append
      );
      const outcomes = await giveAll(log, appends);
      const kinds = ["appended", "appended", outcome, "conflict", "conflict"];
      assert.deepEqual(kindsOf(outcomes), kinds);
      const { head, rows } = await log.load(organization, { kinds: ["number"] });
      assert.equal(head.position, 3);
      assert.deepEqual(rows, [rowOf("pn-0", 0), rowOf("pn-1", 1)]);
      const keys = appends.flatMap(({ claims }) => claims.map(({ key }) => key));
      const { claims } = await log.load(organization, { claims: keys });
      const own = claims.filter((claim) => claim.organization === organization);
      assert.deepEqual(new Set(own.map((claim) => claim.holder)), new Set(["pn_0", "pn_1"]));
      for (const one of outcomes) {
        if (one.outcome === "conflict") assert.deepEqual(one.head, head);
      }
    }
  });

  test("append adds none of those that follow one another when the head is another", async () => {
    const log = theLog();
    const organization = newOrganization();
    const { head } = await appended(log, appendTo(organization, { at: 7 }));
    const outcomes = await giveAll(log, following(EMPTY_HEAD, five(organization, {})));
    assert.deepEqual(outcomes, times(5, () => ({ outcome: "conflict", head })));
    assert.deepEqual(await headOf(log, organization), head);
  });

  test("append fails for one that has no JSON, and adds those before it", async () => {
    const log = theLog();
    const organization = newOrganization();
    const appends = [...following(EMPTY_HEAD, five(organization, {}))];
    appends[2] = { ...appendTo(organization), ...appends[2], rows: changesOf({ rows: [bad] }) };
    const settled = await Promise.allSettled(appends.map((append) => log.append(append)));
    const kinds = settled.map((one) => one.status === "fulfilled" ? one.value.outcome : "failed");
    assert.deepEqual(kinds, ["appended", "appended", "failed", "conflict", "conflict"]);
    assert.equal((await headOf(log, organization)).position, 2);
  });
};

const bad: Row = rowOf("bad", {
  get value(): never {
    throw new Error("it has no JSON");
  },
});

/** Appends that are given before those that they follow have their outcomes. */
export const followingUnanswered = (test: Test, theLog: TheLog): void => {
  whole(test, theLog);
  rewritten(test, theLog);
  inPart(test, theLog);
};
