/** When tokens were last used, in a table that several servers share. */
import type { TokenUses } from "../../../core/ports/mod.ts";
import { HOUR_MS } from "../../../core/values/calendar.ts";
import { UNSYNCED } from "./answer-statements.ts";
import type { Database } from "./database.ts";
import { text, whole } from "./row-codec.ts";
import { FOUND } from "./schema.ts";

/**
 * Notes uses of the tokens $1 at the times $2, where that was not done within the hour. All servers
 * lock rows in one order.
 */
const NOTE = `
insert into ledgerline.token_use as u (token, at)
select token, at
from unnest($1::text[], $2::text[]::bigint[]) w(token, at), ${UNSYNCED}
where exists (
  select from ledgerline.state where kind = 'token' and key = w.token and ${FOUND}
)
order by token
on conflict (token) do update set at = excluded.at where abs(u.at - excluded.at) >= ${HOUR_MS}`;

const LAST = "select token, at from ledgerline.token_use where token = any($1::text[])";

const FORGET = "delete from ledgerline.token_use where token = any($1::text[])";

/** The uses of tokens in the database of a log. */
export const openTokenUses = (database: Pick<Database, "query">): TokenUses => ({
  note: async (uses) => {
    await database.query(NOTE, [
      uses.map(({ token }) => token),
      uses.map(({ at }) => String(at)),
    ]);
  },
  last: async (tokens) =>
    (await database.query(LAST, [tokens]))
      .map((row) => ({ token: text(row, "token"), at: whole(row, "at") })),
  forget: async (tokens) => {
    await database.query(FORGET, [tokens]);
  },
});
