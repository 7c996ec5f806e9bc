import assert from "node:assert/strict";
import { EMPTY_HEAD, verifyChain } from "../../../../core/log/chain.ts";
import type { Append } from "../../../../core/ports/mod.ts";
import { digest } from "../../../../adapters/log/digest.ts";
import {
  appended,
  appendTo,
  drafts,
  eventsIn,
  headOf,
  newNumber,
  newOrganization,
  remove,
  rowOf,
} from "./support.ts";
import type { Test } from "../../runner.ts";
import type { TheLog } from "./support.ts";

const EVENTS = 300;

/** An append of many events and rows, each of which has `word`. */
const largeTo = (
  organization: string,
  word: string,
  more: Parameters<typeof appendTo>[1] = {},
): Append =>
  appendTo(organization, {
    events: drafts(EVENTS),
    rows: Array.from({ length: EVENTS }, (_, index) => rowOf(`row ${index}`, { word, index })),
    ...more,
  });

/** How many rows say what, in one reading. */
const wordsIn = async (theLog: TheLog, organization: string) => {
  const { rows } = await theLog().load(organization, { kinds: ["number"] });
  const counts: Record<string, number> = {};
  for (const { data } of rows) {
    const { word } = data as { readonly word: string };
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
};

const whole = (test: Test, theLog: TheLog): void => {
  test("a large append is one append: its events, rows, command and claims", async () => {
    const log = theLog();
    const [organization, one, other] = [newOrganization(), newNumber(), newNumber()];
    const { head } = await appended(log, appendTo(organization, { rows: [rowOf("removed", 1)] }));
    const claims = [{ key: one, holder: "pn_1" }, { key: other, holder: "pn_2" }];
    const append = largeTo(organization, "first", {
      expected: head,
      command: { id: "c-1", fingerprint: "f" },
      claims,
    });
    const rows = [...append.rows, remove(rowOf("removed", 1))];
    const outcome = await appended(log, { ...append, rows });
    assert.equal(outcome.head.position, 1 + EVENTS);
    const events = await eventsIn(log, organization);
    assert.deepEqual(events.slice(1), outcome.events);
    assert.ok(verifyChain(events, EMPTY_HEAD, digest).ok);
    assert.deepEqual(await wordsIn(theLog, organization), { first: EVENTS });
    const { claims: held } = await log.load("", { claims: [one, other] });
    const byHolder = held.toSorted((a, b) => a.holder < b.holder ? -1 : 1);
    assert.deepEqual(byHolder, claims.map((claim) => ({ ...claim, organization })));
    const again = await log.append({ ...append, rows, expected: outcome.head, claims: [] });
    assert.equal(again.outcome, "repeated");
    assert.equal((await headOf(log, organization)).position, 1 + EVENTS);
  });

  test("a large append that does not fit leaves nothing", async () => {
    const log = theLog();
    const [organization, held, free] = [newOrganization(), newNumber(), newNumber()];
    const { head } = await appended(log, largeTo(organization, "first"));
    await appended(
      log,
      appendTo(newOrganization(), { claims: [{ key: held, holder: "pn_1" }] }),
    );
    const behind = await log.append(largeTo(organization, "behind"));
    assert.deepEqual(behind, { outcome: "conflict", head });
    const claims = [{ key: free, holder: "pn_1" }, { key: held, holder: "pn_2" }];
    const late = await log.append(largeTo(organization, "late", { expected: head, claims }));
    assert.equal(late.outcome, "claimed");
    assert.deepEqual(await wordsIn(theLog, organization), { first: EVENTS });
    assert.deepEqual(await headOf(log, organization), head);
    assert.deepEqual((await log.load("", { claims: [free] })).claims, []);
  });
};

const amongOthers = (test: Test, theLog: TheLog): void => {
  test("a concurrent reader sees all of a large append or nothing of it", async () => {
    const log = theLog();
    const organization = newOrganization();
    await appended(log, largeTo(organization, "first"));
    let isOver = false;
    const reading = (async () => {
      const seen: string[] = [];
      while (!isOver) {
        seen.push(JSON.stringify(await wordsIn(theLog, organization)));
        await new Promise((next) => setTimeout(next, 0));
      }
      return seen;
    })();
    await appended(log, largeTo(organization, "second", { expected: "any" }));
    isOver = true;
    for (const words of await reading) {
      assert.ok([`{"first":${EVENTS}}`, `{"second":${EVENTS}}`].includes(words), words);
    }
    assert.deepEqual(await wordsIn(theLog, organization), { second: EVENTS });
  });

  test("concurrent large and small appends are each whole", async () => {
    const log = theLog();
    const organizations = Array.from({ length: 4 }, () => newOrganization());
    const outcomes = await Promise.all(
      organizations.flatMap((each) => [
        log.append(largeTo(each, "one")),
        log.append(appendTo(newOrganization())),
        log.append(largeTo(each, "other")),
      ]),
    );
    for (const [place, each] of organizations.entries()) {
      const [one, small, other] = outcomes.slice(3 * place, 3 * place + 3);
      assert.equal(small?.outcome, "appended");
      const kinds = [one?.outcome, other?.outcome].toSorted();
      assert.deepEqual(kinds, ["appended", "conflict"]);
      const word = one?.outcome === "appended" ? "one" : "other";
      assert.deepEqual(await wordsIn(theLog, each), { [word]: EVENTS });
      assert.equal((await eventsIn(log, each)).length, EVENTS);
    }
  });
};

/** Declares what holds of appends of hundreds of events and rows, however a log writes them. */
export const large = (test: Test, theLog: TheLog): void => {
  whole(test, theLog);
  amongOthers(test, theLog);
};
