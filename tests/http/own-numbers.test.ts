/** A refusal gives the id of a number that is the caller's own, and never the holder of another. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SHORT_WAIT_MS, type TestResponse } from "../support/app.ts";
import { buy, type Opened, purchase, type Talk, userOf, withTeam } from "./talk-support.ts";
import { KEPT, openKeepingSandbox } from "../support/keeping-sandbox.ts";

const NUMBER = "+14155550101";
const SLOW = "+14155559001";

const spekoBuy = (call: Talk, e164: string) =>
  call("POST", "/v1/phone-numbers", { body: { e164 } });

const spekoImport = (call: Talk, e164: string) =>
  call("POST", "/v1/phone-numbers/import", { body: { e164, sipTrunkId: "trunk_1" } });

/** All ways by which a tenant asks for a number. */
const WAYS = { talkturo: purchase, speko: spekoBuy, import: spekoImport } as const;

const asked = async (call: Talk, e164: string, teamId = "team_1") => ({
  talkturo: await purchase(call, e164, teamId),
  speko: await spekoBuy(call, e164),
  import: await spekoImport(call, e164),
});

const sentenceOf = ({ json }: TestResponse): string => json.error ?? json.message;

/**
 * Asserts a refusal's code, and that it has this number's id twice: in its message, and beside it.
 */
const assertNames = (answer: TestResponse, code: string, id: string): void => {
  assert.deepEqual([answer.status, answer.json.code], [409, code], JSON.stringify(answer.json));
  assert.ok(sentenceOf(answer).includes(id), sentenceOf(answer));
  assert.equal(answer.json.phoneNumberId, id);
};

/** Opens another team, and returns all that it learns of a number. */
const strangersAnswers = async ({ app }: Opened, e164: string): Promise<TestResponse[]> => {
  const stranger = userOf(app, await app.organization("team_2"));
  return Object.values(await asked(stranger, e164, "team_2"));
};

const assertTellsNothing = (answers: readonly TestResponse[], id: string): void => {
  for (const { status, json } of answers) {
    assert.deepEqual([status, json.code], [409, "NUMBER_ALREADY_OWNED"]);
    assert.ok(!JSON.stringify(json).includes(id), JSON.stringify(json));
    assert.ok(!JSON.stringify(json).includes("team_1"), JSON.stringify(json));
    assert.equal(json.phoneNumberId, undefined);
  }
};

test("a caller's own number is distinguished from another's in every dialect, and its id is named", () =>
  withTeam(async (opened) => {
    const id = await buy(opened.call, NUMBER);
    for (const answer of Object.values(await asked(opened.call, NUMBER))) {
      assertNames(answer, "NUMBER_ALREADY_YOURS", id);
    }
    assertTellsNothing(await strangersAnswers(opened, NUMBER), id);
  }));

test("a number that is being bought is the caller's own, or in Speko, in progress", () =>
  withTeam(async (opened) => {
    const { json } = await purchase(opened.call, SLOW);
    const { id } = json.phoneNumber;
    const answers = await asked(opened.call, SLOW);
    assertNames(answers.talkturo, "NUMBER_ALREADY_YOURS", id);
    assertNames(answers.speko, "PHONE_NUMBER_PROVISIONING_IN_PROGRESS", id);
    assertNames(answers.import, "PHONE_NUMBER_PROVISIONING_IN_PROGRESS", id);
    assertTellsNothing(await strangersAnswers(opened, SLOW), id);
  }, { recoveryMs: 60_000, waitMs: SHORT_WAIT_MS }));

test("a refusal gives the id of an imported number, too", () =>
  withTeam(async (opened) => {
    const { json } = await spekoImport(opened.call, "+4922812345");
    assertNames(await spekoImport(opened.call, "+4922812345"), "NUMBER_ALREADY_YOURS", json.id);
    const stranger = userOf(opened.app, await opened.app.organization("team_2"));
    assertTellsNothing([await spekoImport(stranger, "+4922812345")], json.id);
  }));

test("a number that is being released is neither held nor free, as its organization's refusal says", () =>
  withTeam(async (opened) => {
    const { call } = opened;
    const id = await buy(call, KEPT);
    assert.equal((await call("DELETE", `/api/phone-numbers/${id}`)).status, 202);
    for (const answer of Object.values(await asked(call, KEPT))) {
      assertNames(answer, "NUMBER_BEING_RELEASED", id);
    }
    const changes = [
      await call("PATCH", `/v1/phone-numbers/${id}`, { body: { label: "late" } }),
      await call("PATCH", "/api/assistants/asst_1/telephony/phone-numbers", {
        body: { phoneNumberIds: [id] },
      }),
    ];
    for (const answer of changes) assertNames(answer, "NUMBER_BEING_RELEASED", id);
    assertTellsNothing(await strangersAnswers(opened, KEPT), id);
  }, openKeepingSandbox().options));

test("a number can be bought again as soon as its id no longer exists", () =>
  withTeam(async ({ call }) => {
    const id = await buy(call, NUMBER);
    assert.equal((await call("DELETE", `/api/phone-numbers/${id}`)).status, 200);
    for (const [way, ask] of Object.entries(WAYS)) {
      const answer = await ask(call, NUMBER);
      assert.equal(answer.status, 200, `${way}: ${JSON.stringify(answer.json)}`);
      const got = answer.json.phoneNumber?.id ?? answer.json.id;
      assert.notEqual(got, id);
      assert.equal((await call("DELETE", `/v1/phone-numbers/${got}`)).status, 200);
    }
  }));

test("a purchase that failed says so when it is changed, and how to remove it", () =>
  withTeam(async ({ call }) => {
    await purchase(call, "+14155550112");
    const { json: [failed] } = await call("GET", "/v1/phone-numbers");
    const patched = await call("PATCH", `/v1/phone-numbers/${failed.id}`, { body: { label: "x" } });
    assertNames(patched, "PHONE_NUMBER_NOT_IN_SERVICE", failed.id);
    assert.match(sentenceOf(patched), /release it/);
    assert.equal((await call("DELETE", `/v1/phone-numbers/${failed.id}`)).status, 200);
  }));
