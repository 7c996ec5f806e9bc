/** What refusals of commands to organizations and verifications say, word for word. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RECONCILIATIONS } from "../../core/reconciliation/state.ts";
import type { Command } from "../../core/registry/commands.ts";
import { money } from "../../core/values/money.ts";
import {
  approved,
  attested,
  chargeStarted,
  DOLLAR,
  failOrder,
  opened,
  requested,
  revoked,
  submitted,
  wholeBusiness,
} from "../harness/story/mod.ts";
import { NOON, sentence } from "./refused.ts";

const buying = [opened(), requested()];
const tooLong = wholeBusiness("Acme Inc.", { useCase: "a".repeat(40_000) });
const NEW_ID = "must not be . or .., and must be 1 to 200 characters in Unicode's normal form C, " +
  "without invisible characters, a space at either end, or a combining mark at the start.";

const open = (plan: string): Command => ({ type: "OpenOrganization", name: "Acme", plan });

const review = (kind: "approve" | "revoke"): Command => ({
  type: "ReviewVerification",
  verification: "vs_1",
  review: kind === "approve" ? { kind } : { kind, reason: "The company is gone." },
});
const submit = (content = attested()): Command => ({
  type: "SubmitVerification",
  verification: "vs_2",
  content,
  announce: false,
});

/** What is refused, how it comes about, and the sentence. */
const SENTENCES: readonly (readonly [string, () => string, string])[] = [
  [
    "verification unknown",
    () => sentence([opened()], review("approve")),
    "There is no such verification; its id is in the notice of the submission.",
  ],
  [
    "verification that is submitted",
    () => sentence([opened(), submitted()], submit()),
    "The verification is submitted and cannot be changed; wait until it is reviewed.",
  ],
  [
    "verification that is approved",
    () => sentence([opened(), submitted(), approved()], submit()),
    "The verification is approved and cannot be changed; only once it is revoked can a new one begin.",
  ],
  [
    "revocation before the approval",
    () => sentence([opened(), submitted()], review("revoke")),
    "The verification is submitted; only one that is approved can be revoked.",
  ],
  [
    "approval after the revocation",
    () => sentence([opened(), submitted(), approved(), revoked()], review("approve")),
    "The verification is revoked; only one that is submitted can be approved.",
  ],
  [
    "verification that is not whole",
    () =>
      sentence(
        [opened()],
        submit(attested(wholeBusiness("Acme Inc.", { useCase: null, website: null }))),
      ),
    "The verification is not complete; it lacks businessProfile.website, businessProfile.useCase.",
  ],
  [
    "verification that is too large",
    () => sentence([opened()], submit(attested(tooLong))),
    "The verification must take at most 32768 bytes as JSON, with all that is kept of an earlier draft; shorten or clear some of it.",
  ],
  [
    "id of an organization that may be mistaken",
    () => sentence([], open("Growth"), { id: "a\u200b" }),
    `The organization's id ${NEW_ID}`,
  ],
  [
    "plan unknown",
    () => sentence([], open("Huge")),
    "plan must be one of Free, Growth, Scale, Prepaid.",
  ],
  [
    "organization's id that is reserved",
    () => sentence([], open("Growth"), { id: RECONCILIATIONS }),
    "The id ledgerline:reconciliations is reserved; open the organization with another id.",
  ],
  [
    "organization unknown",
    () => sentence([], { type: "AddCredits", amount: DOLLAR }),
    "No organization has this id; the operator must open it first.",
  ],
  [
    "credits without end",
    () => sentence([opened()], { type: "AddCredits", amount: money(Number.MAX_SAFE_INTEGER) }),
    "The credits would exceed 4503599627.370495 USD; add a smaller amount.",
  ],
  [
    "token unknown",
    () => sentence([opened()], { type: "RevokeToken", token: "tk_1" }),
    "No token has this id; it may have been revoked already.",
  ],
  [
    "assistant's id that may be mistaken",
    () => sentence([opened()], { type: "NameAssistant", assistant: "a\u200b", name: "x" }),
    `The assistant's id ${NEW_ID}`,
  ],
  [
    "SIP connection's id that may be mistaken",
    () =>
      sentence([opened()], {
        type: "InstallSipConnection",
        installation: "a\u200b",
        providerName: "x",
        trunk: "trunk_1",
        ready: true,
      }),
    `The SIP connection's id ${NEW_ID}`,
  ],
  [
    "requirement group's id that may be mistaken",
    () =>
      sentence([opened()], {
        type: "SetRequirementGroup",
        country: "US",
        numberType: "local",
        group: "a\u200b",
      }),
    `The requirement group's id ${NEW_ID}`,
  ],
  [
    "connection's id that may be mistaken",
    () => sentence([opened()], { type: "RegisterConnection", connection: "a\u200b", label: "x" }),
    `The connection's id ${NEW_ID}`,
  ],
  [
    "failure of what may have been charged",
    () => sentence([...buying, chargeStarted()], failOrder(NOON)),
    "A charge for this phone number is not settled yet.",
  ],
];

test("a refusal of a command to an organization says what conflicts with it, and what to do next", () => {
  for (const [what, say, expected] of SENTENCES) assert.equal(say(), expected, what);
});
