/** What refusals of commands to numbers say, word for word. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import type { RequestPurchase } from "../../core/number/decisions/purchase.ts";
import { notAvailable } from "../../core/number/refusals.ts";
import type { Offer } from "../../core/ports/mod.ts";
import type { E164 } from "../../core/values/e164.ts";
import { money } from "../../core/values/money.ts";
import {
  approved,
  assigned,
  bringIn,
  buy,
  confirm,
  credited,
  E164_1,
  imported,
  lent,
  offerOf,
  opened,
  PN,
  purchased,
  purchaseFailed,
  releaseStarted,
  requested,
  searched,
  sipInstalled,
  submitted,
} from "../harness/story/mod.ts";
import { NOON, type Past, sentence } from "./refused.ts";

const buying = [opened(), requested()];
const held = [...buying, purchased(NOON)];
const leaving = [...held, releaseStarted("byUser")];
const failed = [...buying, purchaseFailed()];
const trial = [opened("Free"), requested({ paidFrom: "trial" }), lent(NOON)];
const bought = (count: number): Past =>
  Array.from({ length: count }, (_, index) => [
    requested({
      holding: `pn_${index + 2}`,
      orderKey: `od_${index + 2}`,
      e164: `+1415555${1000 + index}` as E164,
    }),
    purchased(NOON, { holding: `pn_${index + 2}` }),
  ]).flat();

const settled = (type: "ReleaseRequestApproved" | "ReleaseRequestCancelled"): DomainEvent => ({
  type,
  data: { request: "rr_1", holding: PN },
});
const overSip = [opened(), sipInstalled(), imported()];
const TWO_IMPORTS = (["+14155550102", "+14155550103"] as const).map((e164, index) =>
  imported({ holding: `pn_i${index}`, e164: e164 as E164 })
);
const again = buy({ holding: "pn_9", orderKey: "od_9" });
/** A purchase at a price that was just asked for. */
const quoted = (over: Partial<RequestPurchase> = {}, price: Partial<Offer> = {}) =>
  buy({ quote: { ...offerOf(), ...price }, ...over });
const renewal = { type: "SetAutoRenewal", holding: PN, on: false } as const;
const change = { type: "ChangeRouting", holding: PN, label: "Sales" } as const;
const ask = { type: "RequestRelease", request: "rr_1", holding: PN, reason: "Unused." } as const;
const asked: DomainEvent = {
  type: "ReleaseRequested",
  data: { request: "rr_1", holding: PN, e164: E164_1, world: "sandbox", reason: "Unused." },
};
const cancel = {
  type: "ResolveReleaseRequest",
  request: "rr_1",
  resolution: { kind: "cancel" },
} as const;
/** What is refused, how it comes about, and the sentence. */
const SENTENCES: readonly (readonly [string, () => string, string])[] = [
  [
    "number unknown",
    () => sentence(held, { ...renewal, holding: "pn_none" }),
    "No phone number has this id; list the phone numbers to see their ids.",
  ],
  [
    "number that is being bought",
    () => sentence(buying, again),
    "The purchase of the phone number +14155550101, with the id pn_1, is in progress; read that id until it is active or has failed.",
  ],
  [
    "own number",
    () => sentence(held, again),
    "You already have the phone number +14155550101, with the id pn_1; use it by that id.",
  ],
  [
    "own number that is imported",
    () => sentence(overSip, again),
    "You already have the phone number +14155550101, imported with the id pn_1; use it by that id, or release it first.",
  ],
  [
    "number of another organization",
    () => sentence([opened(), searched(E164_1)], again, { elsewhere: held }),
    "The phone number +14155550101 is held, or being bought, by another organization; choose another number.",
  ],
  [
    "number that is being released, bought again",
    () => sentence(leaving, again),
    "The phone number +14155550101, with the id pn_1, is being released; try again once that id is no longer listed.",
  ],
  [
    "number that is being released, changed",
    () => sentence(leaving, change),
    "The phone number +14155550101, with the id pn_1, is being released; it can no longer be changed; use another number.",
  ],
  [
    "number that could not be bought, changed",
    () => sentence(failed, change),
    "The phone number +14155550101, with the id pn_1, could not be bought, so it cannot be changed; release it to remove it from the list, or buy another number.",
  ],
  [
    "renewal of an import",
    () => sentence(overSip, renewal),
    "The phone number +14155550101 has no renewal: imported numbers are never charged.",
  ],
  [
    "renewal of what is being released",
    () => sentence(leaving, renewal),
    "The phone number +14155550101 has no renewal: it is being released.",
  ],
  [
    "renewal of what is being bought",
    () => sentence(buying, renewal),
    "The phone number +14155550101 has no renewal: it is not bought yet; wait until it is active.",
  ],
  [
    "renewal of what could not be bought",
    () => sentence(failed, renewal),
    "The phone number +14155550101 has no renewal: it could not be bought; release it, or buy another.",
  ],
  [
    "renewal of a trial",
    () => sentence(trial, renewal),
    "The phone number +14155550101 has no renewal: it ends with its trial; move to a paid plan to keep it.",
  ],
  [
    "second trial number",
    () => sentence(trial, quoted({ ...again, e164: "+14155550109" })),
    "The Free plan includes 1 trial number, which was used; move to a paid plan for more.",
  ],
  [
    "number beyond the plan",
    () => sentence([opened(), ...bought(10)], quoted()),
    "The Growth plan allows 10 numbers, and no more; release one, or move to a larger plan.",
  ],
  [
    "purchase without a verification",
    () => sentence([opened("Prepaid")], quoted()),
    "The plan requires a business verification that is approved; submit one, then buy once it is approved.",
  ],
  [
    "purchase without credits",
    () => sentence([opened("Prepaid"), submitted(), approved(), credited(1)], quoted()),
    "The purchase costs 2.00 USD, of which 1.00 USD are missing; have the operator add credits, then buy again.",
  ],
  [
    "purchase without an offer",
    () => sentence([opened()], buy()),
    "The number has no recent offer.",
  ],
  [
    "purchase above the plan's price",
    () => sentence([opened()], quoted({}, { setup: money(26_000_000) })),
    "The number costs more than the Growth plan allows; choose one that costs less, or move to another plan.",
  ],
  [
    "purchase on an unknown connection",
    () => sentence([opened()], quoted({ connection: "14" })),
    "The connection is not registered for the organization; leave it out, or have the operator register it.",
  ],
  [
    "removal of an unknown connection",
    () => sentence([opened()], { type: "RemoveConnection", connection: "14" }),
    "The connection is not registered for the organization; leave it out, or have the operator register it.",
  ],
  [
    "import over an unknown connection",
    () => sentence([opened()], bringIn()),
    "The SIP connection is not installed for the organization; name one that is, or have the operator install it.",
  ],
  [
    "import beyond the plan",
    () => sentence([opened("Free"), sipInstalled(), ...TWO_IMPORTS], bringIn()),
    "The Free plan allows 2 imported numbers, and no more; release one, or move to another plan.",
  ],
  [
    "confirmation of what is not paid",
    () => sentence(buying, confirm),
    "A charge for this phone number is not settled yet.",
  ],
  [
    "second request for a release",
    () => sentence([...held, asked], ask),
    "A release of this phone number is pending already; wait for it, or cancel its request.",
  ],
  [
    "release of what is being released",
    () => sentence(leaving, ask),
    "This phone number is being released already; it leaves the list automatically.",
  ],
  [
    "release of what is in use",
    () => sentence([...held, assigned("agent")], ask),
    "The phone number is assigned to an agent; unassign it first.",
  ],
  [
    "release request unknown",
    () => sentence(held, cancel),
    "No release request has this id; list the release requests to see their ids.",
  ],
  [
    "release request that is approved",
    () => sentence([...held, asked, settled("ReleaseRequestApproved")], cancel),
    "The release request is approved already and cannot be changed; its phone number is being released, or has been.",
  ],
  [
    "release request that is cancelled",
    () => sentence([...held, asked, settled("ReleaseRequestCancelled")], cancel),
    "The release request is cancelled already; make another one if the phone number is still to be released.",
  ],
];

test("a refusal of a command to a number says what conflicts with it, and what to do next", () => {
  for (const [what, say, expected] of SENTENCES) assert.equal(say(), expected, what);
});

test("number that the carrier does not sell is refused as not available", () => {
  assert.equal(notAvailable(E164_1).error.code, "NUMBER_NOT_AVAILABLE");
});
