import type { Row, WrittenRow } from "../../core/ports/mod.ts";

/** Rows as a log gives them that was given these: through JSON, and without how they are listed. */
export const asRead = (rows: readonly WrittenRow[]): readonly Row[] =>
  rows.map(({ listing: _listing, ...row }) => JSON.parse(JSON.stringify(row)));
