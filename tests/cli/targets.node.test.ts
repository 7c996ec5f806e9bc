/** Commands that speak to a ledger: in a folder, in a PostgreSQL, and at a server's address. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { postgresOfServers } from "../support/postgres-of-servers.ts";
import { type Kit, linesOf, newKit, targetsOf } from "./kit.ts";
import { run, type RunOptions } from "./session.ts";

const postgres = postgresOfServers();

const NUMBER = "+14155550101";

const organizations = (kit: Kit): void => {
  test("open, list and show organizations, and set their plans", async () => {
    const { at, printed, json, refused } = linesOf(kit);
    assert.match(
      (await at("organization list")).err,
      /^there are no organizations yet: ledgerline organization open <id>$/,
    );
    const opened = await printed("organization open acme --name Acme");
    assert.match(opened, /^ID {12}acme\nNAME {10}Acme\nPLAN {10}Free\n/);
    assert.equal(await printed("organization open acme --name Acme"), opened);
    assert.equal(await printed("organization show acme"), opened);
    assert.equal((await json("plan set acme Growth"))[0].plan, "Growth");
    // What is not given stays as it is.
    const renamed = await json("organization open acme --name Acme,Inc");
    assert.deepEqual([renamed[0].name, renamed[0].plan], ["Acme,Inc", "Growth"]);
    assert.deepEqual(await json("organization open acme"), renamed);
    await printed("organization open acme --name Acme");
    await printed("organization open initech --plan Prepaid");
    const list = await printed("organization list");
    assert.match(
      list,
      /^ID {7}NAME {5}PLAN {5}CREDITS {2}VERIFICATION {2}NUMBERS {2}OPENED\nacme /,
    );
    assert.deepEqual(
      (await json("organization list")).map(({ id, plan }) => [id, plan]),
      [["acme", "Growth"], ["initech", "Prepaid"]],
    );
    assert.equal((await json("organization list --limit 1")).length, 1);
    await refused("organization show umbrella", 1, /\(ORGANIZATION_UNKNOWN\)$/);
    await refused("organization open umbrella --plan Gold", 1, /\(PLAN_UNKNOWN\)$/);
    await refused("plan set umbrella Growth", 1, /\(ORGANIZATION_UNKNOWN\)$/);
  });
};

const plans = (kit: Kit): void => {
  test("list plans, and show one", async () => {
    const { printed, json, refused } = linesOf(kit);
    assert.match(await printed("plan list"), /^NAME +NUMBERS +BILLING .*\nFree +1 +trial /);
    const [free] = await json("plan show Free");
    assert.deepEqual([free.name, free.maxNumbers, free.billing], ["Free", 1, "trial"]);
    await refused(
      "plan show Gold",
      1,
      /^there is no plan "Gold": there are Free, Growth, Scale, /,
    );
  });
};

const tokens = (kit: Kit): void => {
  test("issue tokens, list them without their secrets, and revoke them", async () => {
    const { printed, json, refused } = linesOf(kit);
    const line = "token issue initech --email bob@example.com --name Bob";
    const shown = await printed(line);
    const [, id = "", token = ""] = /^ID {5}(tk_\w+)\nTOKEN {2}(\S+)$/.exec(shown) ?? [];
    assert.ok(token.startsWith(`${id}.`), shown);
    const list = await printed("token list initech");
    assert.match(
      list,
      /^ID +EMAIL +NAME +SANDBOX +SCOPE +ISSUED +EXPIRES +LAST USED\ntk_\w+ +bob@example.com +Bob +false +write /,
    );
    assert.ok(!list.includes(token));
    assert.equal(await printed(`token revoke ${id}`), `REVOKED  ${id}`);
    assert.deepEqual(await json("token list initech"), []);
    await refused(`token revoke ${id}`, 1, /\(TOKEN_UNKNOWN\)$/);
  });

  test("issue a token once under a key, whose secret is in the first answer alone", async () => {
    const { printed, json, refused } = linesOf(kit);
    const line = "token issue initech --email bob@example.com --key one";
    const [{ id }] = await json(line);
    await refused(
      line,
      1,
      new RegExp(`^the token ${id} was issued before, .* revoke ${id} ends it`),
    );
    assert.equal((await json("token list initech")).length, 1);
    await printed(`token revoke ${id}`);
  });

  test("issue a token that only reads, and ends", async () => {
    const { json, refused } = linesOf(kit);
    const line = "token issue initech --email bob@example.com";
    const [{ id }] = await json(`${line} --scope read --expires 2999-12-31`);
    const [{ scope, expiresAt }] = await json("token list initech");
    assert.deepEqual([scope, expiresAt], ["read", "2999-12-31T00:00:00Z"]);
    await refused(`${line} --scope admin`, 2, /scope/);
    await refused(`${line} --expires tomorrow`, 2, /expiresAt must be an ISO 8601 time/);
    await refused(`${line} --expires 2026-01-01`, 2, /expiresAt must be in the future/);
    await json(`token revoke ${id}`);
    assert.deepEqual(await json("token list initech"), []);
  });
};

const searches = (kit: Kit): void => {
  test("search numbers, and say what does not fit", async () => {
    const { printed, json, refused, actFor } = linesOf(kit);
    await actFor("acme");
    const found = await printed("search --area-code 415 --limit 2");
    assert.match(
      found,
      /^NUMBER +TYPE +SETUP +MONTHLY +FEATURES +PLACE\n\+14155550101 +local +1.00 /,
    );
    const offers = await json("search --area-code 415 --features voice,sms --limit 2");
    assert.deepEqual(offers.map(({ e164 }) => e164), [NUMBER, "+14155550198"]);
    await refused(
      "search --area-code 41",
      2,
      /areaCode must be three digits.*\(VALIDATION_ERROR\)/,
    );
  });
};

const purchases = (kit: Kit): void => {
  test("buy a number once, after its price was confirmed", async () => {
    const { printed, json, refused } = linesOf(kit);
    await refused(`buy ${NUMBER}`, 2, /^buy asks at a terminal whether it is meant; .* --yes$/);
    const questions: string[] = [];
    const answering = (answer: boolean): RunOptions => ({
      answers: (question) => {
        questions.push(question);
        return answer;
      },
    });
    await refused(`buy ${NUMBER}`, 1, /^nothing was done$/, answering(false));
    assert.deepEqual(await json("list"), []);
    const bought = await printed(`buy ${NUMBER} --assistant asst_1 --key one`, answering(true));
    assert.match(
      bought,
      /^ID +pn_\w+\nNUMBER +\+14155550101\nSTATUS +active\nASSISTANT +asst_1\n/,
    );
    const asked = `Buy ${NUMBER} for 1.00 USD now and 1.00 USD a month (paid from: subscription)?`;
    assert.deepEqual(questions, [asked, asked]);
    // The first answer again, to a request that is the same.
    assert.equal(await printed(`buy ${NUMBER} --assistant asst_1 --key one --yes`), bought);
    await refused(`buy ${NUMBER} --yes`, 1, /\(NUMBER_ALREADY_YOURS\)$/);
    await refused(`buy ${NUMBER}`, 1, /\(NUMBER_ALREADY_YOURS\)$/, answering(true));
    await refused(`buy +14155550198 --key one --yes`, 1, /\(COMMAND_ID_REUSED\)$/);
    assert.equal(questions.length, 2);
  });
};

const numbers = (kit: Kit): void => {
  test("list numbers, and what happened to one", async () => {
    const { printed, json, refused } = linesOf(kit);
    await printed("buy +14155550198 --label Desk --yes");
    const list = await printed("list");
    assert.match(list, /^ID +NUMBER +STATUS +ASSISTANT +MONTHLY +RENEWS +LABEL\npn_/);
    assert.equal(list.split("\n").length, 3);
    assert.deepEqual((await json("list --limit 1")).map(({ e164 }) => e164), [NUMBER]);
    assert.deepEqual((await json("list --search 0198")).map(({ label }) => label), ["Desk"]);
    assert.deepEqual(await json("list --status suspended"), []);
    assert.deepEqual(
      (await json("list --all")).map(({ organization }) => organization),
      ["acme", "acme"],
    );
    await refused(
      "list --all --search 0198",
      2,
      /^list --all can be narrowed by --status alone$/,
    );
    const [{ id }] = await json("list");
    const events = await json(`history ${id}`);
    assert.equal(events[0].type, "PurchaseRequested");
    assert.deepEqual(await json(`history ${id} --limit 2`), events.slice(0, 2));
    assert.match(await printed(`history ${id}`), /^POSITION +AT +TYPE +ACTOR +DATA\n\d+ +20/);
    await refused("history pn_nothing", 1, /\(NUMBER_UNKNOWN\)$/);
  });
};

const operations = (kit: Kit): void => {
  test("list what is to be done, and reconcile", async () => {
    const { printed, json, refused } = linesOf(kit);
    const work = await json("work --until 2100-01-01T00:00:00Z");
    assert.ok(work.some(({ automation }) => automation === "renewals"));
    assert.deepEqual(await json("work --state stuck"), []);
    await refused("work --until tomorrow", 2, /until must be/);
    assert.match(await printed("reconcile"), /^ID +rc_\w+\nCARRIER +sandbox\nSTATUS +complete\n/);
    await refused("reconcile pigeon", 1, /\(CARRIER_UNKNOWN\)$/);
  });

  test("have an item of work tried, of which nothing else is told than what is due", async () => {
    const { printed, json, refused } = linesOf(kit);
    const listed = await printed("work --until 2100-01-01T00:00:00Z");
    assert.match(listed, /^DUE +AUTOMATION +ORGANIZATION +KIND +ID +STUCK /);
    const [{ id }] = await json("list");
    await refused(`work run number ${id} --organization acme`, 1, /\(WORK_UNKNOWN\)$/);
    await refused("work run reconciliation sandbox", 1, /\(WORK_UNKNOWN\)$/);
    await refused("work run number", 2, /^Usage: ledgerline work run /);
  });
};

const closing = (kit: Kit): void => {
  test("close an organization, once that was confirmed", async () => {
    const { printed, json, refused } = linesOf(kit);
    await refused("organization close acme", 2, /^organization close asks at a terminal/);
    assert.equal((await json("organization show acme"))[0].plan, "Growth");
    const closed = await printed("organization close acme", { answers: () => true });
    const done = /^ID +acme\n(?:.*\n)*NUMBERS +\d+\nTOKENS +0$/;
    assert.match(closed, done);
    assert.match(await printed("organization close acme --yes"), done);
    assert.deepEqual(await json("token list acme"), []);
    assert.equal((await json("organization open acme"))[0].plan, "Free");
    await refused("organization close umbrella", 1, /\(ORGANIZATION_UNKNOWN\)$/);
  });
};

const callers = (kit: Kit): void => {
  test("name the organization that they act for", async () => {
    const { json, refused, actFor } = linesOf(kit);
    if (kit.isServer) {
      await actFor("initech");
      await refused("list --organization acme", 1, /^LEDGERLINE_TOKEN is not a token of "acme"$/);
      assert.deepEqual(await json("list --organization initech"), []);
      const { LEDGERLINE_TOKEN: _, ...others } = kit.environment;
      const { status, err } = await run(["list"], others);
      assert.deepEqual([status, err.split(" ")[0]], [2, "LEDGERLINE_TOKEN"]);
      const wrong = await run(["list"], { ...others, LEDGERLINE_TOKEN: "nonsense" });
      assert.deepEqual([wrong.status, wrong.err.includes("(UNAUTHORIZED)")], [1, true]);
      return;
    }
    await refused("list --organization umbrella", 1, /\(ORGANIZATION_UNKNOWN\)$/);
    const { LEDGERLINE_ORGANIZATION: _, ...others } = kit.environment;
    const { status, err } = await run(["list"], others);
    assert.deepEqual([status, err.split(" ")[0]], [2, "--organization"]);
  });
};

for (const [name, open] of Object.entries(targetsOf(postgres))) {
  describe(`the commands at ${name}`, { timeout: 600_000 }, () => {
    const { kit, fill } = newKit(open);
    before(fill);
    // Each goes on from what the one before has left.
    organizations(kit);
    plans(kit);
    tokens(kit);
    searches(kit);
    purchases(kit);
    numbers(kit);
    operations(kit);
    closing(kit);
    callers(kit);
  });
}
