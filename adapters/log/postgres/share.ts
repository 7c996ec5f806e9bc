/** How many connections one of several processes may keep to a PostgreSQL. */
import { isAway, toUnavailable } from "./failures.ts";
import { connect, DEFAULT_CONNECTIONS } from "./drivers.ts";

/** How much of what the database takes is for these processes; others look into it too. */
const SHARE = 0.9;
/** Those besides the pool: one listens, and one calls off what is blocked. */
const BESIDES = 2;
/** One appends while another reads. */
const LEAST = 2;

/** A limit below zero, or one that this version of PostgreSQL does not have, is none. */
const MOST = `
select least(
  current_setting('max_connections')::integer
    - current_setting('superuser_reserved_connections')::integer
    - coalesce(nullif(current_setting('reserved_connections', true), ''), '0')::integer,
  (select nullif(rolconnlimit, -1) from pg_roles where rolname = current_user),
  (select nullif(datconnlimit, -1) from pg_database where datname = current_database())
) as most`;

/** So many processes need more connections than the database takes. */
class TooFewConnections extends Error {
  override readonly name = "TooFewConnections";
}

/**
 * The `connections` with which each of so many processes leaves enough to the others: 10 at most.
 * Rejects with `TooFewConnections` where the database, its role or its `max_connections` do not
 * take two for each, and with `Unavailable` where it does not answer.
 */
export const connectionsFor = async (url: string, processes: number): Promise<number> => {
  const sql = connect({ url, connections: 1, isPooled: true });
  try {
    const [row] = await sql.unsafe<{ most: string }[]>(MOST);
    const most = Number(row?.most);
    const each = Math.floor(most * SHARE / processes) - BESIDES;
    if (each >= LEAST) return Math.min(each, DEFAULT_CONNECTIONS);
    const needed = Math.ceil((LEAST + BESIDES) * processes / SHARE);
    throw new TooFewConnections(
      `${processes} processes need ${needed} connections, and the database takes ${most}`,
    );
  } catch (error) {
    throw isAway(error) ? toUnavailable(error) : error;
  } finally {
    void sql.end({ timeout: 0 });
  }
};
