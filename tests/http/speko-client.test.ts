/**
 * Lifecycles of numbers through clients generated from Speko's OpenAPI document by third-party
 * code: the types and calls are those of the document.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestApp } from "../support/app.ts";
import * as speko from "./openapi/generated/client.ts";
import { BUSINESS, withSpeko } from "./speko-support.ts";

type Answer = { readonly status: number; readonly data: unknown };

/** The value of a successful call; fails with any other answer. */
const good = <Given extends Answer>(given: Given): Extract<Given, { status: 200 }>["data"] => {
  assert.equal(given.status, 200, JSON.stringify(given.data));
  return given.data as Extract<Given, { status: 200 }>["data"];
};

const codeOf = ({ data }: Answer): unknown => (data as Partial<speko.Error> | undefined)?.code;

/** How the generated calls reach an application, as the user of this token. */
const optionsOf = (app: TestApp, token: string) => ({
  baseUrl: "http://localhost",
  headers: { authorization: `Bearer ${token}` },
  fetch: async (input: URL | RequestInfo, init?: RequestInit): Promise<Response> =>
    await app.fetch(new Request(input, init)),
});

/** `registrationId` and `phone` are left out, as the document allows. */
const business = (): speko.PhoneNumberKybSubmitRequest => {
  const { registrationId: _, ...businessProfile } = BUSINESS.businessProfile;
  const { phone: __, ...authorizedRepresentative } = BUSINESS.authorizedRepresentative;
  return { businessProfile, authorizedRepresentative, attestationAccepted: true };
};

test("a generated client verifies, searches, buys, routes, lists, changes and releases", () =>
  withSpeko(async ({ app }) => {
    const user = optionsOf(app, await app.organization("org_1", "Prepaid"));

    const missing = good(await speko.getPhoneNumberKyb(user));
    assert.deepEqual([missing.status, missing.submission], ["missing", null]);
    const draft = { ...business(), attestationAccepted: false };
    assert.equal(good(await speko.savePhoneNumberKybDraft(draft, user)).status, "draft");
    const [offer] = good(
      await speko.searchAvailablePhoneNumbers({ areaCode: "415", limit: 1 }, user),
    );
    assert.ok(offer !== undefined);
    const wish = { e164: offer.e164, direction: "both", label: "Desk" } as const;
    assert.equal(codeOf(await speko.createPhoneNumber(wish, user)), "PHONE_NUMBER_KYB_REQUIRED");
    const { id } = good(await speko.submitPhoneNumberKyb(business(), user));
    await app.admin("POST", `/admin/verifications/${id}/approve`);
    assert.equal(good(await speko.getPhoneNumberKyb(user)).submission.status, "approved");
    await app.admin("POST", "/admin/organizations/org_1/credits", { amount: "25.00" });

    const bought = good(await speko.createPhoneNumber(wish, user));
    assert.equal(bought.e164, offer.e164);
    assert.deepEqual(bought.setupStatus.issues, ["INBOUND_ROUTE_MISSING"]);
    const template = { caller: { tier: 1 } };
    const change = { agentId: "ag_1", dispatchMetadataTemplate: template };
    const routed = good(await speko.updatePhoneNumber(bought.id, change, user));
    assert.equal(routed.setupStatus.status, "ready");
    assert.deepEqual(routed.dispatchMetadataTemplate, template);

    const trunk = { e164: "+4922812345", sipTrunkId: "trunk_1", direction: "outbound" } as const;
    const imported = good(await speko.importSipTrunkPhoneNumber(trunk, user));
    const listed = good(await speko.listPhoneNumbers(user));
    assert.deepEqual(listed, [routed, imported]);
    assert.deepEqual(good(await speko.getPhoneNumber(imported.id, user)), imported);

    const cleared = { label: null, agentId: null };
    const unrouted = good(await speko.updatePhoneNumber(bought.id, cleared, user));
    assert.deepEqual([unrouted.label, unrouted.agentId], [null, null]);
    for (const { id: of } of listed) {
      assert.equal(good(await speko.deletePhoneNumber(of, user)).released, true);
    }
    assert.deepEqual(good(await speko.listPhoneNumbers(user)), []);
    assert.equal(codeOf(await speko.getPhoneNumber(bought.id, user)), "NOT_FOUND");
  }));

test("a generated client gets its own errors where the document has them", () =>
  withSpeko(async ({ app }) => {
    const user = optionsOf(app, await app.organization("org_1"));
    const bad = await speko.createPhoneNumber({ e164: "415 555 0101" }, user);
    assert.deepEqual([bad.status, codeOf(bad)], [400, "VALIDATION_ERROR"]);
    const stranger = await speko.listPhoneNumbers(optionsOf(app, "nobody's"));
    assert.deepEqual([stranger.status, codeOf(stranger)], [401, "UNAUTHORIZED"]);
  }));
