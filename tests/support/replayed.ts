import assert from "node:assert/strict";
import { PAST } from "../../adapters/ledger/engine/past-rows.ts";
import { foldLog } from "../../adapters/ledger/engine/written-rows.ts";
import { claimsHeld } from "../../core/registry/claims.ts";
import { organizationsOf } from "../../core/log/pages.ts";
import { SUBJECTS } from "../../core/registry/subjects.ts";
import type { EventLog, Row, WrittenRow } from "../../core/ports/mod.ts";
import { type ClaimKey, claimKeysOf } from "../../core/values/claim-key.ts";
import type { E164 } from "../../core/values/e164.ts";
import { asRead } from "./rows.ts";

const KINDS = [...SUBJECTS.map(({ kind }) => kind), ...Object.values(PAST)];

const inOrder = (rows: readonly Row[]): readonly Row[] => {
  const name = ({ kind, key }: Row) => JSON.stringify([kind, key]);
  return rows.toSorted((a, b) => (name(a) < name(b) ? -1 : 1));
};

/** Fails the test unless the rows that are to be listed are, in their order and their groups. */
const assertListed = async (
  log: EventLog,
  organization: string,
  rows: readonly WrittenRow[],
): Promise<void> => {
  const listed = rows.flatMap(({ kind, key, listing }) =>
    listing === undefined ? [] : [{ kind, key, ...listing }]
  );
  const limit = rows.length + 1;
  for (const kind of KINDS) {
    const { rows: there } = await log.list(organization, kind, {}, { limit });
    const wanted = listed.filter((row) => row.kind === kind);
    assert.deepEqual(
      there.map(({ sort, key }) => [sort, key]),
      wanted.map(({ sort, key }) => [sort, key] as const)
        .toSorted(([a, one], [b, other]) => a - b || (one < other ? -1 : 1)),
    );
    for (const { key, group, tags } of wanted) {
      const filter = { tags, ...(group !== null && { group }) };
      const { rows: found } = await log.list(organization, kind, filter, { limit });
      assert.ok(found.some((row) => row.key === key), `${kind} ${key} is not found by its tags`);
    }
  }
};

/**
 * Fails the test unless every organization's rows and claims are those of its log, and each claimed
 * one of `numbers` has a holder. No program may append meanwhile.
 */
export const assertReplayed = async (
  log: EventLog,
  numbers: readonly E164[] = [],
): Promise<void> => {
  const held = new Set<ClaimKey>();
  for await (const organization of organizationsOf(log)) {
    const { state, head, rows } = await foldLog(log, organization);
    const loaded = await log.load(organization, { kinds: KINDS });
    assert.deepEqual(loaded.head, head);
    assert.deepEqual(inOrder(loaded.rows), inOrder(asRead(rows)));
    await assertListed(log, organization, rows);
    for (const { key, holder } of claimsHeld(state)) {
      held.add(key);
      const { claims } = await log.load("", { claims: [key] });
      assert.deepEqual(claims, [{ key, organization, holder }]);
    }
  }
  for (const key of numbers.flatMap(claimKeysOf).filter((each) => !held.has(each))) {
    assert.deepEqual((await log.load("", { claims: [key] })).claims, []);
  }
};
