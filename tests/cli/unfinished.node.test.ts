/** What a carrier has not ended when a command does: at each kind of target. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { until } from "../support/eventually.ts";
import { postgresOfServers } from "../support/postgres-of-servers.ts";
import { linesOf, newKit, targetsOf } from "./kit.ts";

const postgres = postgresOfServers();

/** No call waits for the carrier, and none of a server's automations is early. */
const SETTINGS = { PURCHASE_WAIT_MS: "0", RECOVERY_MS: "3600000" };

/** Commands that work here wait for what they try: nobody goes on with it when they have ended. */
const PATIENT = { PURCHASE_WAIT_MS: "60000" };

/** Its order stays pending, and its release fails twice. */
const PENDING = "+14155559001";
const KEPT = "+14155550116";

for (const [name, open] of Object.entries(targetsOf(postgres, SETTINGS))) {
  describe(`at ${name}`, { timeout: 600_000 }, () => {
    const { kit, fill } = newKit(open);
    const { at, printed, json, actFor } = linesOf(kit);
    before(async () => {
      await fill();
      await printed("organization open acme --plan Growth");
      await actFor("acme");
    });

    test("a purchase is said to go on, and can be tried", async () => {
      const bought = await at(`buy ${PENDING} --yes`);
      assert.equal(bought.status, 0, bought.err);
      assert.match(bought.out.join("\n"), /^STATUS +purchasing$/m);
      assert.match(bought.err, /^the carrier has not confirmed it yet: a server goes on/);
      const [{ id, status }] = await json("list");
      assert.equal(status, "purchasing");
      const listed = await json("work");
      assert.deepEqual(listed.map(({ automation, id: of }) => [automation, of]), [[
        "ordering",
        id,
      ]]);
      const line = `work run number ${id} --organization acme`;
      assert.match(await printed(line), /^OUTCOME +open\nREASON /);
      assert.equal((await json(line))[0].outcome, "open");
    });

    test("a release is said to go on, and is tried until it is done", async () => {
      const [{ id }] = await json(`buy ${KEPT} --yes`);
      const line = `work run number ${id} --organization acme`;
      const environment = kit.environment;
      kit.environment = { ...environment, ...PATIENT };
      // No server goes on with it here, and one that there is may do it first.
      await until(async () => {
        await at(line);
        return (await json(`show ${id}`))[0].status === "active";
      });
      kit.environment = environment;
      const released = await at(`release ${id} --yes`);
      assert.deepEqual([released.status, released.out], [0, ["RELEASED  false"]], released.err);
      assert.match(released.err, /^the carrier has not answered yet: a server ends it, and/);
      kit.environment = { ...environment, ...PATIENT };
      await until(async () => (await at(line)).status === 1);
      assert.match((await at(line)).err, /\(WORK_UNKNOWN\)$/);
      assert.deepEqual((await json("list")).map(({ e164 }) => e164), [PENDING]);
    });
  });
}
