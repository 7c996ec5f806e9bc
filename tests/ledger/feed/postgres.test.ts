import { after, before, test } from "node:test";
import { follow, followAll } from "../../../adapters/ledger/feed/follow.ts";
import { openPostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { newOrganization } from "../../harness/contract/log/support.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { publishedSpecifications } from "./published-suite.ts";
import { followingSpecifications } from "./suite.ts";
import { add, assertWhole, takeUntil } from "./support.ts";

let server: PostgresServer | undefined;
const database = (): Promise<string> => {
  if (server === undefined) throw new Error("PostgreSQL did not start");
  return server.database();
};

before(async () => {
  server = await startPostgres();
});
after(() => server?.stop());

followingSpecifications("postgres", async () => openPostgresLog({ url: await database() }));
publishedSpecifications("postgres", async () => openPostgresLog({ url: await database() }));

test(
  "a consumer on one server gets what two others append",
  { timeout: 600_000 },
  async () => {
    const url = await database();
    const logs = await Promise.all([1, 2, 3].map(() => openPostgresLog({ url, connections: 3 })));
    const [here, ...others] = logs as [(typeof logs)[0], ...typeof logs];
    const organizations = [newOrganization(), newOrganization()];
    const [one = "", other = ""] = organizations;
    const count = 100;
    const following = [
      takeUntil(follow(here, one, { pollMs: 20 }), ({ length }) => length === count),
      takeUntil(
        followAll(here, { pollMs: 20 }),
        (turns) => turns.reduce((sum, { events }) => sum + events.length, 0) === 2 * count,
      )
        .then((turns) =>
          turns.filter(({ organization }) => organization === other).flatMap(({ events }) => events)
        ),
    ];
    await Promise.all(others.map(async (log) => {
      for (let round = 0; round < count / 2; round += 1) {
        await Promise.all(organizations.map((organization) => add(log, organization)));
      }
    }));
    const [events, turns] = await Promise.all(following);
    await assertWhole(here, one, events);
    await assertWhole(here, other, turns);
    await Promise.all(logs.map((log) => log.close()));
  },
);
