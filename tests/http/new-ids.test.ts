/** A new id that does not fit: every dialect names it in its own terms, with the same rule. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { NEW_ID_RULE } from "../../core/values/identity.ts";
import { ADMIN_TOKEN, openTestApp, type TestApp } from "../support/app.ts";
import { buy, userOf } from "./talk-support.ts";

const ODD = "a\u200bb";
const ODD_PATH = encodeURIComponent(ODD);

let app: TestApp;
let token: string;
let number: string;

before(async () => {
  app = openTestApp();
  token = await app.organization("team_1", "Scale");
  number = await buy(userOf(app, token), "+14155550101");
});

after(() => app.close());

test("the operator is answered with the field of the request", async () => {
  const at = `/admin/organizations/team_1`;
  for (
    const [path, body, field] of [
      [`/admin/organizations/${ODD_PATH}`, { name: "Odd", plan: "Free" }, "id"],
      [`${at}/assistants/${ODD_PATH}`, { name: "Odd" }, "assistantId"],
      [`${at}/connections/${ODD_PATH}`, { label: "Odd" }, "connectionId"],
      [
        `${at}/sip-connections/${ODD_PATH}`,
        { providerName: "Odd", trunkId: "odd", ready: true },
        "installationId",
      ],
      [
        `${at}/requirements`,
        { country: "DE", type: "local", requirementGroupId: ODD },
        "requirementGroupId",
      ],
    ] as const
  ) {
    const { status, json } = await app.request("PUT", path, { token: ADMIN_TOKEN, body });
    assert.equal(status, 400, `${path}: ${JSON.stringify(json)}`);
    assert.match(json.code, /ID_UNFIT$/);
    assert.ok(json.detail.endsWith(`'s id ${NEW_ID_RULE}.`), json.detail);
    assert.deepEqual(json.errors, { [field]: [json.detail] }, path);
  }
});

test("a user is answered with the field in the dialect's own words and shape", async () => {
  const call = userOf(app, token);
  const speko = await call("PATCH", `/v1/phone-numbers/${number}`, { body: { agentId: ODD } });
  assert.deepEqual([speko.status, speko.json], [400, {
    error: `Invalid request: agentId ${NEW_ID_RULE}.`,
    code: "VALIDATION_ERROR",
  }]);
  const talkturo = await call("PATCH", `/api/assistants/${ODD_PATH}/telephony/phone-numbers`, {
    body: { phoneNumberIds: [number] },
  });
  assert.deepEqual([talkturo.status, talkturo.json], [400, {
    success: false,
    error: `The assistant's id ${NEW_ID_RULE}.`,
    code: "VALIDATION_ERROR",
  }]);
  const ledger = await call("PATCH", `/ledger/numbers/${number}`, { body: { assistant: ODD } });
  assert.deepEqual([ledger.status, ledger.json.code, ledger.json.errors], [
    400,
    "VALIDATION_ERROR",
    { assistant: [NEW_ID_RULE] },
  ]);
  const talkover = await call("PUT", `/api/v1/agents/${ODD_PATH}/calling`, {
    body: { direction: "both" },
  });
  assert.deepEqual([talkover.status, talkover.json.errors], [422, {
    agent_id: [`The agent id field ${NEW_ID_RULE}.`],
  }]);
  assert.equal((await call("GET", `/ledger/numbers/${number}`)).json.assistant, null);
});

test("the library's refusal has the same rule", async () => {
  const caller = await app.ledger.authenticate(token);
  assert.ok(caller);
  const changed = await app.ledger.change(caller, number, { assistant: ODD });
  assert.deepEqual(changed.ok ? null : changed.error, {
    code: "ID_UNFIT",
    message: `The assistant's id ${NEW_ID_RULE}.`,
  });
});
