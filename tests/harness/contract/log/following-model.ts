/** Appends that follow one another, against a log that does one after the other. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { digest } from "../../../../adapters/log/digest.ts";
import { EMPTY_HEAD, verifyChain } from "../../../../core/log/chain.ts";
import type { Append, AppendOutcome } from "../../../../core/ports/mod.ts";
import { following, giveAll, kindsOf } from "./following.ts";
import {
  appended,
  appendTo,
  eventsIn,
  headOf,
  newNumber,
  newOrganization,
  rowOf,
} from "./support.ts";
import type { Test } from "../../runner.ts";
import type { TheLog } from "./support.ts";

const times = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** What one append does, by the places of numbers, command ids and rows. */
const ASKED = fc.record({
  claims: fc.uniqueArray(fc.nat(4), { maxLength: 2 }),
  free: fc.option(fc.nat(4), { freq: 3, nil: undefined }),
  command: fc.option(fc.nat(5), { freq: 2, nil: undefined }),
  events: fc.integer({ min: 1, max: 3 }),
  puts: fc.uniqueArray(fc.nat(3), { maxLength: 2 }),
  removes: fc.option(fc.nat(3), { freq: 3, nil: undefined }),
  below: fc.option(fc.nat(4), { freq: 3, nil: undefined }),
});
type Asked = typeof ASKED extends fc.Arbitrary<infer Value> ? Value : never;

/** The log of one organization as it would be if each append were the only one. */
const openModel = (holders: Map<string, string>, organization: string) => {
  const rows = new Map<string, unknown>();
  const commands = new Set<string>();
  let events = 0;
  const append = (input: Append, isAtHead: boolean): AppendOutcome["outcome"] => {
    if (input.command !== null && commands.has(input.command.id)) return "repeated";
    if (!isAtHead) return "conflict";
    const free = input.free.filter(({ key, holder }) => holders.get(key) === holder);
    const isTaken = ({ key }: { key: string }) =>
      holders.has(key) && !free.some((freed) => freed.key === key);
    if (input.claims.some(isTaken)) return "claimed";
    for (const { key } of free) holders.delete(key);
    for (const { key, holder } of input.claims) holders.set(key, holder);
    if (input.command !== null) commands.add(input.command.id);
    for (const { change, key: below } of input.rows) {
      if (change !== "removeBelow") continue;
      for (const key of rows.keys()) if (key < below) rows.delete(key);
    }
    for (const change of input.rows) {
      if (change.change === "put") rows.set(change.key, change.data);
      if (change.change === "remove") rows.delete(change.key);
    }
    events += input.events.length;
    return "appended";
  };
  const whole = () => ({
    events,
    rows: [...rows].map(([key, data]) => rowOf(key, data))
      .sort((a, b) => a.key < b.key ? -1 : 1),
    held: [...holders].filter(([, holder]) => holder.startsWith(organization)).sort(),
  });
  return { append, whole };
};

/** What they do is what a naive model says. */
export const followingModel = (test: Test, theLog: TheLog): void => {
  test("appends that follow one another do what they would one after the other", async () => {
    const log = theLog();
    const chains = fc.array(fc.array(ASKED, { minLength: 1, maxLength: 12 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(chains, async (given) => {
        const [organization, other] = [newOrganization(), newOrganization()];
        const numbers = times(5, newNumber);
        const numberAt = (place: number) => numbers[place] ?? assert.fail();
        const foreign = { key: numberAt(4), holder: "foreign" };
        await appended(log, appendTo(other, { claims: [foreign] }));
        const holders = new Map([[foreign.key, foreign.holder]]);
        const model = openModel(holders, organization);
        const holder = `${organization}-pn`;
        const toAppend = (asked: Asked, place: string): Append =>
          appendTo(organization, {
            events: times(asked.events, (index) => ({
              type: "Tested",
              version: 1,
              data: { place, index },
            })),
            rows: asked.puts.filter((key) => key >= (asked.below ?? 0))
              .map((key) => rowOf(`r-${key}`, place)),
            below: asked.below === undefined ? [] : [rowOf(`r-${asked.below}`, null)],
            claims: asked.claims.map((key) => ({ key: numberAt(key), holder })),
            free: asked.free === undefined ? [] : [{ key: numberAt(asked.free), holder }],
            ...(asked.command !== undefined && {
              command: { id: `c-${asked.command}`, fingerprint: place },
            }),
            ...(asked.removes !== undefined && {
              removed: [rowOf(`r-${asked.removes}`, null)],
            }),
          });
        for (const [round, asked] of given.entries()) {
          const appends = following(
            await headOf(log, organization),
            asked.map((one, place) => toAppend(one, `${round}.${place}`)),
          );
          let isAtHead = true;
          const expected = appends.map((append) => {
            const outcome = model.append(append, isAtHead);
            isAtHead &&= outcome === "appended";
            return outcome;
          });
          assert.deepEqual(kindsOf(await giveAll(log, appends)), expected);
        }
        const { head, rows, claims } = await log.load(organization, {
          kinds: ["number"],
          claims: numbers,
        });
        const held = claims.filter((claim) => claim.organization === organization)
          .map(({ key }) => [key, holder]).sort();
        assert.deepEqual({ events: head.position, rows, held }, model.whole());
        const events = await eventsIn(log, organization);
        assert.deepEqual(verifyChain(events, EMPTY_HEAD, digest), { ok: true, value: head });
      }),
      { numRuns: 40 },
    );
  });
};
