import assert from "node:assert/strict";
import { EMPTY_HEAD } from "../../../../core/log/chain.ts";
import type { EventLog } from "../../../../core/ports/mod.ts";
import type { E164 } from "../../../../core/values/e164.ts";
import { appended, appendTo, eventsIn, newNumber, newOrganization, rowOf } from "./support.ts";
import type { Test } from "../../runner.ts";
import type { TheLog } from "./support.ts";

const claimOn = async (log: EventLog, e164: E164) =>
  (await log.load("", { claims: [e164] })).claims[0] ?? null;

const taking = (test: Test, theLog: TheLog): void => {
  test("append takes a number when it has no holder", async () => {
    const log = theLog();
    const [organization, e164] = [newOrganization(), newNumber()];
    assert.equal(await claimOn(log, e164), null);
    await appended(log, appendTo(organization, { claims: [{ key: e164, holder: "pn_1" }] }));
    assert.deepEqual(await claimOn(log, e164), { key: e164, organization, holder: "pn_1" });
  });

  test("append names the claim and changes nothing when the number has a holder", async () => {
    const log = theLog();
    const [one, other] = [newOrganization(), newOrganization()];
    const [wanted, kept] = [newNumber(), newNumber()];
    await appended(log, appendTo(one, { claims: [{ key: wanted, holder: "pn_1" }] }));
    const { head } = await appended(
      log,
      appendTo(other, { claims: [{ key: kept, holder: "pn_2" }], rows: [rowOf("a", 1)] }),
    );
    const outcome = await log.append(
      appendTo(other, {
        expected: head,
        command: { id: "c", fingerprint: "f" },
        claims: [{ key: wanted, holder: "pn_3" }],
        free: [{ key: kept, holder: "pn_2" }],
        rows: [rowOf("a", 2), rowOf("b", 2)],
      }),
    );
    const claim = { key: wanted, organization: one, holder: "pn_1" };
    assert.deepEqual(outcome, { outcome: "claimed", claim });
    assert.deepEqual(
      await log.load(other, { kinds: ["number"], claims: [kept], commands: ["c"] }),
      {
        head,
        rows: [rowOf("a", 1)],
        claims: [{ key: kept, organization: other, holder: "pn_2" }],
        commands: [],
      },
    );
    assert.equal((await eventsIn(log, other)).length, 1);
  });

  test("append leaves no log when the number that a new organization wants is held", async () => {
    const log = theLog();
    const [one, other, e164] = [newOrganization(), newOrganization(), newNumber()];
    await appended(log, appendTo(one, { claims: [{ key: e164, holder: "pn_1" }] }));
    const again = await log.append(appendTo(other, { claims: [{ key: e164, holder: "pn_1" }] }));
    assert.equal(again.outcome, "claimed");
    assert.deepEqual((await log.load(other, {})).head, EMPTY_HEAD);
    assert.ok(
      (await log.heads(other.slice(0, -1), 1)).every(({ organization }) => organization !== other),
    );
  });

  test("append refuses a claim when the organization itself holds the number", async () => {
    const log = theLog();
    const [organization, e164] = [newOrganization(), newNumber()];
    const claim = { key: e164, holder: "pn_1" };
    const { head } = await appended(log, appendTo(organization, { claims: [claim] }));
    const outcome = await log.append(appendTo(organization, { expected: head, claims: [claim] }));
    assert.deepEqual(outcome, { outcome: "claimed", claim: { ...claim, organization } });
  });
};

const takingSeveral = (test: Test, theLog: TheLog): void => {
  test("append takes all numbers that it claims, or none where one has a holder", async () => {
    const log = theLog();
    const [one, other] = [newOrganization(), newOrganization()];
    const [first, second, third] = [newNumber(), newNumber(), newNumber()];
    const both = (holder: string, ...keys: readonly E164[]) => keys.map((key) => ({ key, holder }));
    const { head } = await appended(log, appendTo(one, { claims: both("pn_1", first, second) }));
    for (const keys of [[second, third], [third, second]]) {
      const outcome = await log.append(appendTo(other, { claims: both("pn_2", ...keys) }));
      const claim = { key: second, organization: one, holder: "pn_1" };
      assert.deepEqual(outcome, { outcome: "claimed", claim });
      assert.equal(await claimOn(log, third), null);
      assert.deepEqual((await log.load(other, {})).head, EMPTY_HEAD);
    }
    await appended(log, appendTo(one, { expected: head, free: both("pn_1", first, second) }));
    await appended(log, appendTo(other, { claims: both("pn_2", second, third) }));
    assert.equal((await claimOn(log, third))?.holder, "pn_2");
    assert.equal(await claimOn(log, first), null);
  });

  test("append passes one number on and takes another in one step, or does neither", async () => {
    const log = theLog();
    const [one, other] = [newOrganization(), newOrganization()];
    const [mine, theirs] = [newNumber(), newNumber()];
    await appended(log, appendTo(other, { claims: [{ key: theirs, holder: "pn_9" }] }));
    const had = { key: mine, holder: "pn_1" };
    const { head } = await appended(log, appendTo(one, { claims: [had] }));
    const move = appendTo(one, {
      expected: head,
      claims: [{ key: mine, holder: "pn_2" }, { key: theirs, holder: "pn_2" }],
      free: [had],
    });
    const refused = await log.append(move);
    const claim = { key: theirs, organization: other, holder: "pn_9" };
    assert.deepEqual(refused, { outcome: "claimed", claim });
    assert.equal((await claimOn(log, mine))?.holder, "pn_1");
    const free = [{ key: theirs, holder: "pn_9" }];
    await appended(log, appendTo(other, { expected: "any", free }));
    await appended(log, move);
    assert.deepEqual(
      [(await claimOn(log, mine))?.holder, (await claimOn(log, theirs))?.holder],
      ["pn_2", "pn_2"],
    );
  });

  test("append gives two numbers to one of those who want both, in whichever order they name them", async () => {
    const log = theLog();
    for (let round = 0; round < 10; round++) {
      const wanted = [newNumber(), newNumber()];
      const callers = Array.from({ length: 8 }, () => newOrganization());
      const outcomes = await Promise.all(callers.map((organization, index) => {
        const keys = index % 2 === 0 ? wanted : wanted.toReversed();
        // Some want one of the two only.
        const claims = keys.slice(0, index < 6 ? 2 : 1)
          .map((key) => ({ key, holder: `pn_${organization}` }));
        return log.append(appendTo(organization, { claims }));
      }));
      const winners = outcomes.flatMap(({ outcome }, index) =>
        outcome === "appended" ? [callers[index] ?? ""] : []
      );
      const held = await Promise.all(wanted.map((key) => claimOn(log, key)));
      const holders = new Set(held.flatMap((claim) => claim?.organization ?? []));
      assert.deepEqual([...holders].sort(), winners.sort());
      assert.ok(winners.length > 0);
    }
  });
};

const freeing = (test: Test, theLog: TheLog): void => {
  test("append gives a number back when its holder frees it", async () => {
    const log = theLog();
    const [one, other, e164] = [newOrganization(), newOrganization(), newNumber()];
    const { head } = await appended(
      log,
      appendTo(one, { claims: [{ key: e164, holder: "pn_1" }] }),
    );
    await appended(log, appendTo(one, { expected: head, free: [{ key: e164, holder: "pn_1" }] }));
    assert.equal(await claimOn(log, e164), null);
    await appended(log, appendTo(other, { claims: [{ key: e164, holder: "pn_2" }] }));
    assert.equal((await claimOn(log, e164))?.organization, other);
  });

  test("append leaves a claim alone when another organization or holding has it", async () => {
    const log = theLog();
    const [one, other, e164] = [newOrganization(), newOrganization(), newNumber()];
    const { head } = await appended(
      log,
      appendTo(one, { claims: [{ key: e164, holder: "pn_1" }] }),
    );
    await appended(log, appendTo(other, { free: [{ key: e164, holder: "pn_1" }] }));
    await appended(log, appendTo(one, { expected: head, free: [{ key: e164, holder: "pn_2" }] }));
    assert.deepEqual(await claimOn(log, e164), { key: e164, organization: one, holder: "pn_1" });
  });

  test("append passes a number on when it frees and claims it in one step", async () => {
    const log = theLog();
    const [organization, e164, second] = [newOrganization(), newNumber(), newNumber()];
    const first = await appended(
      log,
      appendTo(organization, { claims: [{ key: e164, holder: "pn_1" }] }),
    );
    const moved = await appended(
      log,
      appendTo(organization, {
        expected: first.head,
        claims: [{ key: e164, holder: "pn_2" }],
        free: [{ key: second, holder: "pn_9" }, { key: e164, holder: "pn_1" }],
      }),
    );
    assert.deepEqual(await claimOn(log, e164), { key: e164, organization, holder: "pn_2" });
    const refused = await log.append(
      appendTo(organization, {
        expected: moved.head,
        claims: [{ key: e164, holder: "pn_3" }],
        free: [{ key: e164, holder: "pn_1" }],
      }),
    );
    assert.equal(refused.outcome, "claimed");
  });

  test("append keeps a number when the holding that claims it is the one that frees it", async () => {
    const log = theLog();
    const [organization, e164] = [newOrganization(), newNumber()];
    const claim = { key: e164, holder: "pn_1" };
    const { head } = await appended(log, appendTo(organization, { claims: [claim] }));
    await appended(
      log,
      appendTo(organization, { expected: head, claims: [claim], free: [claim, claim] }),
    );
    assert.deepEqual(await claimOn(log, e164), { ...claim, organization });
  });
};

/** Numbers of which no other test has any, in order, that begin alike. */
const alike = (count: number): { readonly start: string; readonly numbers: readonly E164[] } => {
  const start = newNumber();
  const numbers = Array.from({ length: count }, (_, place): E164 => `${start}${10 + place}`);
  return { start, numbers };
};

const reading = (test: Test, theLog: TheLog): void => {
  test("claims gives claims by key, in pages, each with the rows of its holder", async () => {
    const log = theLog();
    const { start, numbers } = alike(6);
    const organizations = [newOrganization("b"), newOrganization("a")];
    const expected = numbers.map((key, place) => {
      const organization = organizations[place % 2] ?? "";
      const [holder, data] = [`pn_${place}`, { place }];
      const rows = [rowOf(holder, data), rowOf(holder, { of: data }, "route")];
      return { claim: { key, organization, holder }, rows: place === 4 ? [] : rows };
    });
    for (const { claim: { organization, ...claim }, rows } of expected.toReversed()) {
      const others = [rowOf(claim.holder, {}, "order"), rowOf(`${claim.holder}x`, {})];
      const rest = { expected: "any", rows: [...rows, ...others] } as const;
      await appended(log, appendTo(organization, { claims: [claim], ...rest }));
    }
    // What another organization has under the same key is another thing.
    const same = rowOf("pn_0", "another's");
    await appended(log, appendTo(newOrganization(), { rows: [same, rowOf("pn_4", 4)] }));
    const page = (after: string, limit: number, kinds = ["route", "number"]) =>
      log.claims({ after, below: `${start}:`, limit }, kinds);
    assert.deepEqual(await page(start, 9), expected);
    assert.deepEqual(await page(start, 2), expected.slice(0, 2));
    assert.deepEqual(await page(numbers[1] ?? "", 3), expected.slice(2, 5));
    assert.deepEqual(await page(numbers[5] ?? "", 3), []);
    assert.deepEqual(await page(start, 0), []);
    const bare = expected.map(({ claim }) => ({ claim, rows: [] }));
    assert.deepEqual(await page(start, 9, []), bare);
    assert.deepEqual(await page(start, 9, ["none"]), bare);
    const below = numbers[2] ?? "";
    const routes = await log.claims({ after: start, below, limit: 9 }, ["route"]);
    assert.deepEqual(
      routes,
      expected.slice(0, 2).map(({ claim, rows }) => ({
        claim,
        rows: rows.slice(1),
      })),
    );
  });

  test("claims gives those on the keys that are asked for, each once", async () => {
    const log = theLog();
    const { numbers: [first = "+1234567", second = "+1234567", free = "+1234567"] } = alike(3);
    const organization = newOrganization();
    const rows = [rowOf("pn_1", 1), rowOf("pn_2", 2)];
    const claims = [{ key: first, holder: "pn_1" }, { key: second, holder: "pn_2" }];
    await appended(log, appendTo(organization, { claims, rows }));
    const found = claims.map((claim, place) => ({
      claim: { ...claim, organization },
      rows: rows.slice(place, place + 1),
    }));
    assert.deepEqual(await log.claims([second, free, first, second], ["number"]), found);
    assert.deepEqual(await log.claims([free], ["number"]), []);
    assert.deepEqual(await log.claims([], ["number"]), []);
    await appended(log, appendTo(organization, { expected: "any", free: claims.slice(0, 1) }));
    assert.deepEqual(await log.claims([first, second], ["number"]), found.slice(1));
  });
};

/** The one rule over organizations: a number has at most one holder. */
export const claiming = (test: Test, theLog: TheLog): void => {
  taking(test, theLog);
  takingSeveral(test, theLog);
  freeing(test, theLog);
  reading(test, theLog);
};
