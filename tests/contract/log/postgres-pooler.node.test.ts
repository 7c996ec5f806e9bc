/** Two logs behind PgBouncer; the suite of logs there is in `test:long`. */
import { describe } from "node:test";
import { behindPgbouncer } from "./behind-pgbouncer.ts";
import { twoPooledLogs } from "./pooled.ts";

behindPgbouncer(({ database, openAt }) =>
  describe("two logs", () =>
    twoPooledLogs(async () => {
      const url = await database();
      return await Promise.all([openAt(url), openAt(url)]);
    }))
);
