/** Credits, one number, and giving it back: at each kind of target. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { postgresOfServers } from "../support/postgres-of-servers.ts";
import { linesOf, newKit, targetsOf } from "./kit.ts";

const postgres = postgresOfServers();

for (const [name, open] of Object.entries(targetsOf(postgres))) {
  describe(`at ${name}`, { timeout: 600_000 }, () => {
    const { kit, fill } = newKit(open);
    const { printed, json, refused, actFor } = linesOf(kit);
    before(fill);

    test("credits are added once under a key", async () => {
      await printed("organization open acme --plan Growth");
      assert.equal(await printed("organization credit acme 25.00 --key one"), "CREDITS  25.00");
      assert.equal(await printed("organization credit acme 25.00 --key one"), "CREDITS  25.00");
      assert.equal(await printed("organization credit acme 5"), "CREDITS  30.00");
      assert.equal((await json("organization show acme"))[0].credits, "30.00");
      await refused("organization credit acme nothing", 2, /amount must be/);
      await refused("organization credit umbrella 5", 1, /\(ORGANIZATION_UNKNOWN\)$/);
    });

    test("a number is shown, and given back after a yes", async () => {
      await actFor("acme");
      const [{ id }] = await json("buy +14155550101 --label Desk --yes");
      const shown = await printed(`show ${id}`);
      assert.match(shown, /^ID +pn_\w+\nNUMBER +\+14155550101\nSTATUS +active\n/);
      assert.match(shown, /^LABEL +Desk\nSOURCE +managed\nCARRIER +sandbox\nDIRECTION +both$/m);
      await refused(`release ${id}`, 2, /^release asks at a terminal whether it is meant/);
      const no = { answers: () => false };
      await refused(`release ${id}`, 1, /^nothing was done$/, no);
      const questions: string[] = [];
      const yes = { answers: (question: string) => questions.push(question) > 0 };
      assert.equal(await printed(`release ${id}`, yes), "RELEASED  true");
      assert.deepEqual(questions, ["Give +14155550101 back, which may be gone then?"]);
      assert.deepEqual(await json("list"), []);
      const [{ id: other }] = await json("buy +14155550101 --yes");
      for (let again = 0; again < 2; again += 1) {
        assert.equal(await printed(`release ${other} --yes --key two`), "RELEASED  true");
      }
      await refused(`release ${other} --yes --key three`, 1, /\(NUMBER_UNKNOWN\)$/);
      // What another organization asks for under the same key is another request.
      await printed("organization open bolt --plan Growth");
      await actFor("bolt");
      const [{ e164 }] = await json("buy +14155550198 --yes --key four");
      await actFor("acme");
      await refused("buy +14155550198 --yes --key four", 1, /\(NUMBER_ALREADY_OWNED\)$/);
      await actFor("bolt");
      const [{ id: theirs }] = await json("list");
      assert.equal(e164, "+14155550198");
      await printed(`release ${theirs} --yes`);
      await actFor("acme");
      await refused("show pn_nothing", 1, /\(NUMBER_UNKNOWN\)$/);
      await refused("release pn_nothing --yes", 1, /\(NUMBER_UNKNOWN\)$/);
    });

    test("any organization's is shown and given back by the operator", async () => {
      const [{ id }] = await json("buy +14155550198 --yes");
      await printed("organization open bolt --plan Growth");
      await actFor("bolt");
      await refused(`history ${id}`, 1, /\(NUMBER_UNKNOWN\)$/);
      const events = await json(`history ${id} --as-operator`);
      assert.equal(events[0].type, "PurchaseRequested");
      await refused(`release ${id} --yes`, 1, /\(NUMBER_UNKNOWN\)$/);
      await refused(`release ${id} --as-operator`, 2, /^release asks at a terminal/);
      const questions: string[] = [];
      const yes = { answers: (question: string) => questions.push(question) > 0 };
      assert.equal(await printed(`release ${id} --as-operator`, yes), "RELEASED  true");
      assert.deepEqual(questions, ["Give +14155550198 of acme back, which may be gone then?"]);
      // Once it has been released its id alone does not say whose it was.
      await refused(`history ${id} --as-operator`, 1, /\(NUMBER_UNKNOWN\)$/);
      const all = await json(`history ${id} --as-operator --organization acme`);
      assert.equal(all.at(-1).type, "Released");
      await refused("history pn_nothing --as-operator", 1, /\(NUMBER_UNKNOWN\)$/);
      await refused("release pn_nothing --as-operator", 1, /\(NUMBER_UNKNOWN\)$/, yes);
    });
  });
}
