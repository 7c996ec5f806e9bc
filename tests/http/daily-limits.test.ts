/** Actions that are free and kept for ever: each dialect says when they are possible again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  MAX_DRAFTS_PER_DAY,
  MAX_RELEASE_REQUESTS_PER_DAY,
} from "../../core/organization/quotas.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { business } from "../harness/story/mod.ts";
import { openTestApp } from "../support/app.ts";

/** The window rolls: midnight, which is 14 hours after test applications begin, changes nothing. */
const TO_MIDNIGHT_S = 14 * 3_600;
const TO_FREE_S = 24 * 3_600;
const caller = { organization: "acme", actor: OPERATOR };

test("drafts beyond a day's limit are 429 in Speko's dialect, an unchanged draft does not count", async () => {
  const app = openTestApp();
  const token = await app.organization("acme");
  for (let turn = 0; turn < MAX_DRAFTS_PER_DAY; turn++) {
    assert.ok((await app.ledger.verification.draft(caller, business(`Acme ${turn}`))).ok);
  }
  const save = (legalName: string) =>
    app.request("PUT", "/v1/phone-numbers/kyb/draft", {
      token,
      body: { businessProfile: { legalName }, authorizedRepresentative: {} },
    });
  const { status, json, headers } = await save("Acme");
  assert.deepEqual([status, json.code], [429, "RATE_LIMITED"]);
  assert.match(json.error, /500 drafts .* from 2026-02-01T10:00:00Z on/);
  assert.equal(headers.get("retry-after"), String(TO_FREE_S));
  await app.advance(TO_MIDNIGHT_S);
  assert.equal((await save("Acme")).status, 429);
  await app.advance(TO_FREE_S - TO_MIDNIGHT_S);
  assert.equal((await save("Acme")).status, 200);
  await app.close();
});

test("release requests beyond a day's are 429 in Talkover's dialect, in its languages", async () => {
  const app = openTestApp();
  const token = await app.organization("acme");
  const bought = await app.ledger.purchase(caller, { e164: "+14155550101" });
  assert.ok(bought.ok);
  const holding = bought.value.number.holding.id;
  for (let turn = 0; turn < MAX_RELEASE_REQUESTS_PER_DAY; turn++) {
    const wish = { holding, reason: "No longer needed." };
    const requested = await app.ledger.releaseRequests.request(caller, wish);
    assert.ok(requested.ok);
    assert.ok((await app.ledger.releaseRequests.cancel(caller, requested.value.id)).ok);
  }
  const ask = (language: string) =>
    app.request("POST", `/api/v1/phone-numbers/${holding}/request-release`, {
      token,
      body: { reason: "No longer needed." },
      headers: { "accept-language": language },
    });
  for (
    const [language, says] of [
      ["en", /Too many releases/],
      ["de", /zu viele Freigaben/],
      ["pt-BR", /liberações demais/],
    ] as const
  ) {
    const { status, json, headers } = await ask(language);
    assert.deepEqual([status, json.code, json.success], [429, "RATE_LIMITED", false]);
    assert.match(json.message, says);
    assert.equal(headers.get("retry-after"), String(TO_FREE_S));
  }
  await app.advance(TO_MIDNIGHT_S);
  assert.equal((await ask("en")).status, 429);
  await app.advance(TO_FREE_S - TO_MIDNIGHT_S);
  assert.equal((await ask("en")).status, 201);
  await app.close();
});
