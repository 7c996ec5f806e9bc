/** A short run with two servers that are killed: `npm run histories` is the long one. */
import assert from "node:assert/strict";
import process from "node:process";
import { after, before, test } from "node:test";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { removeServers } from "../support/server.ts";
import { check } from "./checker.ts";
import { figuresOf } from "./figures.ts";
import { fateOf } from "./recording.ts";
import { POSTGRES_FLAGS, type Progress, recordRun } from "./record.ts";

let postgres: PostgresServer | undefined;

before(async () => {
  postgres = await startPostgres(POSTGRES_FLAGS);
});
after(async () => {
  await removeServers();
  await postgres?.stop();
});

test(
  "no rule is broken while two servers are killed and cut off",
  { timeout: 600_000 },
  async (t) => {
    const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
    t.diagnostic(`SEED=${seed}`);
    assert.ok(postgres !== undefined);
    let last: Progress | null = null;
    const recording = await recordRun(postgres, {
      seed,
      servers: 2,
      clients: 16,
      seconds: 8,
      onProgress: (progress) => last = progress,
    });
    for (const line of figuresOf(recording, last)) t.diagnostic(line);
    assert.deepEqual(check(recording), []);
    assert.ok(recording.calls.some((call) => fateOf(call) === "done"));
  },
);
