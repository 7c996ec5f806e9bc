/** What a worker reads of what is bound to it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readEnvironment } from "../../adapters/runtimes/workerd/environment.ts";

const DATABASE_URL = "postgres://ledgerline:0pen-sesame@db.example/ledgerline";
const HYPERDRIVE = { connectionString: "postgres://u:p@pool.hyperdrive.local:5432/ledgerline" };

const read = (environment: object) => {
  const settings = readEnvironment(environment);
  return settings.ok ? settings.value : settings.error;
};

describe("readEnvironment()", () => {
  test("gives the settings of the variables, and leaves other bindings alone", () => {
    const bucket = { get: () => null };
    const settings = read({
      DATABASE_URL,
      ADMIN_TOKEN: "0123456789abcdef",
      RECOVERY_MS: "50",
      bucket,
    });
    assert.ok(typeof settings === "object");
    assert.equal(settings.databaseUrl, DATABASE_URL);
    assert.equal(settings.adminToken, "0123456789abcdef");
    assert.equal(settings.recoveryMs, 50);
    assert.deepEqual(settings.carrier, { name: "sandbox" });
  });

  test("takes a number for its digits, as a configuration may have it", () => {
    const settings = read({ DATABASE_URL, RECOVERY_MS: 5000, PURCHASE_WAIT_MS: 0 });
    assert.ok(typeof settings === "object");
    assert.deepEqual([settings.recoveryMs, settings.waitMs], [5000, 0]);
  });

  test("takes the database of a Hyperdrive binding rather than DATABASE_URL", () => {
    for (const others of [{}, { DATABASE_URL }]) {
      const settings = read({ HYPERDRIVE, ...others });
      assert.ok(typeof settings === "object");
      assert.equal(settings.databaseUrl, HYPERDRIVE.connectionString);
    }
  });

  test("names the setting that is missing or wrong, without what it holds", () => {
    for (
      const [environment, expected] of [
        [{}, /^DATABASE_URL: must be set, or HYPERDRIVE be bound$/],
        [{ DATABASE_URL: "" }, /^DATABASE_URL: must be set, or HYPERDRIVE be bound$/],
        [{ DATABASE_URL: "0pen-sesame" }, /^DATABASE_URL: must be a URL/],
        [{ HYPERDRIVE: "postgres://x" }, /^HYPERDRIVE: must be a Hyperdrive binding$/],
        [{ HYPERDRIVE: null }, /^HYPERDRIVE: must be a Hyperdrive binding$/],
        [{ HYPERDRIVE: { connectionString: 1 } }, /^HYPERDRIVE: must be a Hyperdrive binding$/],
        [{ DATABASE_URL, TELNYX_API_KEY: "0pen sesame" }, /^TELNYX_API_KEY: must be /],
        [{ DATABASE_URL: { get: () => "0pen-sesame" } }, /^DATABASE_URL: must be text$/],
        [
          { DATABASE_URL, TELNYX_API_KEY_FILE: "/run/0pen-sesame" },
          /^TELNYX_API_KEY_FILE: must not be set, a worker has no files$/,
        ],
        [{ DATABASE_URL, ORPHANS: ["report"] }, /^ORPHANS: must be text$/],
        [{ DATABASE_URL, TEST_CLOCK: null }, /^TEST_CLOCK: must be text$/],
        [{ DATABASE_URL, LEASE_MS: 0.5 }, /^LEASE_MS: must be a whole number$/],
        [{ DATABASE_URL, CARRIER: "telnyx" }, /^TELNYX_API_KEY: must be set /],
        [
          { DATABASE_URL, ADMIN_PORT: 9000 },
          /^ADMIN_PORT: must not be set, a worker has no ports$/,
        ],
        [{ HYPERDRIVE, ADMIN_PORT: "x" }, /^ADMIN_PORT: must not be set, a worker has no ports$/],
        [
          { DATABASE_URL, HEADS_FILE: "heads" },
          /^HEADS_FILE: must not be set, a worker has no files/,
        ],
      ] as const
    ) {
      const said = read(environment);
      assert.ok(typeof said === "string");
      assert.match(said, expected);
      assert.doesNotMatch(said, /0pen/);
    }
  });
});
