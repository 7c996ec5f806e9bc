import assert from "node:assert/strict";
import { claimsHeld } from "../../core/registry/claims.ts";
import { organizationsOf } from "../../core/log/pages.ts";
import { replayLog, rowsOf } from "../../core/registry/replay.ts";
import { SUBJECTS } from "../../core/registry/subjects.ts";
import type { EventLog, Row } from "../../core/ports/mod.ts";
import { type ClaimKey, claimKeysOf } from "../../core/values/claim-key.ts";
import type { E164 } from "../../core/values/e164.ts";

const KINDS = SUBJECTS.map(({ kind }) => kind);

const inOrder = (rows: readonly Row[]): readonly Row[] => {
  const name = ({ kind, key }: Row) => JSON.stringify([kind, key]);
  return rows.toSorted((a, b) => (name(a) < name(b) ? -1 : 1));
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
    const { state, head } = await replayLog(log, organization);
    const loaded = await log.load(organization, { kinds: KINDS });
    assert.deepEqual(loaded.head, head);
    assert.deepEqual(inOrder(loaded.rows), inOrder(JSON.parse(JSON.stringify(rowsOf(state)))));
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
