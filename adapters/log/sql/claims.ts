import type { ClaimedRows, EventLog } from "../../../core/ports/mod.ts";
import { compareText, inOrder } from "../append-checks.ts";
import type { Database } from "./database.ts";
import { text, toClaim, toRow } from "./row-codec.ts";
import { CLAIMS, CLAIMS_AFTER } from "./statements.ts";

/** Claims with the rows of their holders, as the port's `claims`. */
export const readClaims = async (
  database: Pick<Database, "query">,
  ...[keys, kinds]: Parameters<EventLog["claims"]>
): Promise<readonly ClaimedRows[]> => {
  const rows = "after" in keys
    ? await database.query(CLAIMS_AFTER, [kinds, keys.after, keys.below, keys.limit])
    : await database.query(CLAIMS, [kinds, keys]);
  const found = new Map<string, ClaimedRows>();
  for (const row of rows) {
    const key = text(row, "e164");
    const { claim, rows: before } = found.get(key) ?? { claim: toClaim(row), rows: [] };
    found.set(key, { claim, rows: row["kind"] === null ? before : [...before, toRow(row)] });
  }
  return [...found.values()]
    .sort((a, b) => compareText(a.claim.key, b.claim.key))
    .map(({ claim, rows: unsorted }) => ({ claim, rows: inOrder(unsorted) }));
};
