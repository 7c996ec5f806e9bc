/** Rows and claims that are rebuilt beside those of a log in memory. */
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import type { Advance, Claim, Head, NextRows } from "../../../core/ports/mod.ts";
import type { ClaimKey } from "../../../core/values/claim-key.ts";
import type { Gate } from "../gate.ts";
import { compareText, contested, rowName } from "../append-checks.ts";
import { changing, eventsOf, readRow, type Store, type StoredRow } from "./store.ts";

type Built = {
  head: Head;
  readonly rows: Map<string, StoredRow>;
  readonly held: Map<ClaimKey, string>;
};

const put = (built: Map<string, Built>, advance: Advance): void => {
  const { organization, head, rows, taken, freed } = advance;
  const known = built.get(organization) ?? { head, rows: new Map(), held: new Map() };
  changing(rows)(known.rows);
  for (const { key } of freed) known.held.delete(key);
  for (const { key, holder } of taken) known.held.set(key, holder);
  known.head = { position: head.position, hash: head.hash };
  built.set(organization, known);
};

const claimsOf = (built: ReadonlyMap<string, Built>): ReadonlyMap<ClaimKey, Claim> => {
  const claims = new Map<ClaimKey, Claim>();
  for (const [organization, { held }] of built) {
    for (const [key, holder] of held) {
      const other = claims.get(key);
      if (other !== undefined) throw contested(key, other.organization, organization);
      claims.set(key, { key, organization, holder });
    }
  }
  return claims;
};

/** Opens the next rows of a log; they are invisible until they are swapped in. */
export const openNextRows = ({ books, claims }: Store, gate: Gate): NextRows => {
  const built = new Map<string, Built>();
  const swap = (): void => {
    const next = claimsOf(built);
    claims.clear();
    for (const [key, claim] of next) claims.set(key, claim);
    for (const [organization, book] of books) {
      book.rows.clear();
      for (const [name, row] of built.get(organization)?.rows ?? []) book.rows.set(name, row);
    }
  };
  return {
    put: (advances) => Promise.resolve().then(() => advances.forEach((each) => put(built, each))),
    rows: (organization, keys) =>
      Promise.resolve(keys.flatMap((key) => {
        const row = built.get(organization)?.rows.get(rowName(key));
        return row === undefined ? [] : [readRow(row)];
      })),
    lags: (after, limit) =>
      Promise.resolve(
        [...books].filter(([id]) => compareText(id, after) > 0)
          .sort(([a], [b]) => compareText(a, b))
          .map(([organization, { head }]) => ({
            organization,
            put: { ...(built.get(organization)?.head ?? EMPTY_HEAD) },
            head: { ...head },
          }))
          .filter((lag) => lag.put.position < lag.head.position)
          .slice(0, limit),
      ),
    events: (organization, after, limit) =>
      Promise.resolve(eventsOf(books, organization, after, limit)),
    swap: (finish) => gate.shut(() => finish().then(swap)),
  };
};
