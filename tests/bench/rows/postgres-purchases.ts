/**
 * Whole purchases over HTTP on PostgreSQL, by one process of the server and by two. On two cores,
 * where the database, the load and the bare server run too, two do what the cores leave them.
 */
import { withPostgres } from "../postgres.ts";
import { withServers } from "../processes.ts";
import { measurePurchases } from "../purchasing.ts";
import type { Line, Row } from "../report.ts";

const LEVELS = [{ callers: 64, count: 1_920, goal: { atLeast: 0.4 } }];
const PROCESSES = [1, 2];

export const postgresPurchases: Row = {
  name: "purchase-postgres",
  run: (scale) =>
    withPostgres(async (postgres) => {
      const lines: Line[] = [];
      for (const processes of PROCESSES) {
        const settings = {
          DATABASE_URL: await postgres.database(),
          WORKERS: String(processes),
        };
        const where = ` on PostgreSQL, ${processes} ${processes === 1 ? "process" : "processes"}`;
        lines.push(
          ...await withServers(
            (field) => measurePurchases(field, where, LEVELS, scale),
            { settings, bareUrl: await postgres.database() },
          ),
        );
      }
      return lines;
    }),
};
