/** Members with invisible characters only: they count as empty where a text is required. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SIP } from "../support/app.ts";
import { assertFailure, BUSINESS, phoneNumber, withSpeko } from "./speko-support.ts";

const BLANKS = ["", " ", "\u200b", "\u2060 \ufeff", "\u3164"];

test("an invisible required member of a submission is refused by its path", () =>
  withSpeko(async ({ call }) => {
    const { businessProfile, authorizedRepresentative } = BUSINESS;
    const { address } = businessProfile;
    for (const blank of BLANKS) {
      const bodies = {
        "businessProfile.legalName": { ...businessProfile, legalName: blank },
        "businessProfile.address.postalCode": {
          ...businessProfile,
          address: { ...address, postalCode: blank },
        },
        "businessProfile.address.street": {
          ...businessProfile,
          address: { ...address, street: blank },
        },
      };
      for (const [path, profile] of Object.entries(bodies)) {
        const answer = await call("POST", "/kyb/submit", {
          businessProfile: profile,
          authorizedRepresentative,
          attestationAccepted: true,
        });
        assertFailure(answer, 400, "VALIDATION_ERROR");
        assert.ok(answer.json.error.includes(path), `${path}: ${answer.json.error}`);
      }
    }
  }));

test("an invisible locality is refused by Speko's name for it", () =>
  withSpeko(async ({ call }) => {
    for (const blank of BLANKS) {
      const answer = await call("GET", `/available?locality=${encodeURIComponent(blank)}`);
      assertFailure(answer, 400, "VALIDATION_ERROR");
      assert.equal(answer.json.error, "Invalid request: locality must not be empty.");
    }
  }));

test("an empty reference counts as missing", () =>
  withSpeko(async ({ call }) => {
    const e164 = "+14155550101";
    const over = { sipConnectionInstallationId: SIP.id, sipTrunkId: "" };
    phoneNumber(await call("POST", "/import", { e164, ...over }));
    const neither = { sipConnectionInstallationId: "", sipTrunkId: "" };
    const answer = await call("POST", "/import", { e164: "+14155550102", ...neither });
    assertFailure(answer, 400, "VALIDATION_ERROR");
    assert.match(answer.json.error, /sipConnectionInstallationId is required, or a sipTrunkId/);
  }));
