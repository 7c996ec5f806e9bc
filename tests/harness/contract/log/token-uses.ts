import assert from "node:assert/strict";
import { HOUR_MS, type Instant } from "../../../../core/values/calendar.ts";
import type { EventLog, TokenUses } from "../../../../core/ports/mod.ts";
import { skip, type Test } from "../../runner.ts";
import { appended, appendTo, newOrganization, rowOf, SOME_TIME } from "./support.ts";
import type { TheLog } from "./support.ts";

/** Tokens of a new organization, which no other test uses. */
const issue = async (log: EventLog, count: number): Promise<readonly string[]> => {
  const tokens = Array.from({ length: count }, () => `tk_${crypto.randomUUID()}`);
  const rows = tokens.map((token) => rowOf(token, {}, "token"));
  await appended(log, appendTo(newOrganization(), { rows }));
  return tokens;
};

const usesOf = async (uses: TokenUses, tokens: readonly string[]) => {
  const found = await uses.last(tokens);
  assert.equal(new Set(found.map(({ token }) => token)).size, found.length);
  const times = new Map(found.map(({ token, at }) => [token, at]));
  return tokens.map((token) => times.get(token) ?? null);
};

type Using = (
  title: string,
  check: (uses: TokenUses, log: EventLog) => Promise<void>,
) => void;

/** Tests of the uses of tokens that are noted. */
const noting = (using: Using): void => {
  using(
    "a token's use is noted to the hour: one within it, before or after, changes nothing",
    async (uses, log) => {
      const [token = "", other = ""] = await issue(log, 2);
      const note = async (at: Instant): Promise<Instant | null | undefined> => {
        await uses.note([{ token, at }]);
        return (await usesOf(uses, [token]))[0];
      };
      assert.deepEqual(await usesOf(uses, [token, other]), [null, null]);
      assert.equal(await note(SOME_TIME), SOME_TIME);
      assert.equal(await note(SOME_TIME + HOUR_MS - 1), SOME_TIME);
      assert.equal(await note(SOME_TIME - HOUR_MS + 1), SOME_TIME);
      assert.equal(await note(SOME_TIME + HOUR_MS), SOME_TIME + HOUR_MS);
      // A clock that was wrong by more is put right by the next use.
      assert.equal(await note(SOME_TIME + 9 * HOUR_MS), SOME_TIME + 9 * HOUR_MS);
      assert.equal(await note(SOME_TIME), SOME_TIME);
      assert.deepEqual(await usesOf(uses, [other]), [null]);
    },
  );

  using(
    "as many uses as there are tokens are noted together, and those that are known are left",
    async (uses, log) => {
      const tokens = await issue(log, 1_000);
      const [known = ""] = tokens;
      await uses.note([{ token: known, at: SOME_TIME }]);
      await uses.note(tokens.map((token, place) => ({ token, at: SOME_TIME + 1 + place })));
      assert.deepEqual(
        await usesOf(uses, tokens),
        tokens.map((_, place) => place === 0 ? SOME_TIME : SOME_TIME + 1 + place),
      );
      await uses.note([]);
      assert.deepEqual(await uses.last([]), []);
    },
  );

  using("uses that are noted concurrently are all noted, each token's once", async (uses, log) => {
    const tokens = await issue(log, 20);
    const all = tokens.map((token) => ({ token, at: SOME_TIME }));
    await Promise.all(
      tokens.map((_, place) => uses.note(place % 2 === 0 ? all : all.toReversed())),
    );
    assert.deepEqual(await usesOf(uses, tokens), tokens.map(() => SOME_TIME));
  });
};

/** Tests of those that are not, and of those that are forgotten. */
const forgetting = (using: Using): void => {
  using(
    "what no organization has for a token is not noted, nor what was revoked",
    async (uses, log) => {
      const organization = newOrganization();
      const [token, number, none] = ["tk", "pn", "tk"].map((kind) =>
        `${kind}_${crypto.randomUUID()}`
      );
      assert.ok(token !== undefined && number !== undefined && none !== undefined);
      const { head } = await appended(
        log,
        appendTo(organization, { rows: [rowOf(token, {}, "token"), rowOf(number, {})] }),
      );
      const all = [token, number, none];
      await uses.note(all.map((one) => ({ token: one, at: SOME_TIME })));
      assert.deepEqual(await usesOf(uses, all), [SOME_TIME, null, null]);
      const removed = [{ kind: "token", key: token }];
      await appended(log, appendTo(organization, { expected: head, removed }));
      await uses.forget([token, none]);
      await uses.note([{ token, at: SOME_TIME + HOUR_MS }]);
      assert.deepEqual(await usesOf(uses, all), [null, null, null]);
    },
  );

  using("rows that are replaced leave the uses of their tokens", async (uses, log) => {
    const organization = newOrganization();
    const token = `tk_${crypto.randomUUID()}`;
    const rows = [rowOf(token, {}, "token")];
    const { head } = await appended(log, appendTo(organization, { rows }));
    await uses.note([{ token, at: SOME_TIME }]);
    assert.equal(await log.replaceRows(organization, head, rows, []), true);
    assert.deepEqual(await usesOf(uses, [token]), [SOME_TIME]);
  });
};

/** Uses of tokens, of logs that keep them. */
export const usingTokens = (test: Test, theLog: TheLog): void => {
  const using: Using = (title, check) => {
    test(title, async () => {
      const { tokenUses } = theLog();
      if (tokenUses === undefined) return skip("the log has no `tokenUses`");
      await check(tokenUses, theLog());
    });
  };
  noting(using);
  forgetting(using);
};
