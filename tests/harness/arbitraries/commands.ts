/** Any command of the domain, with placeholders for ids of existing things. */
import fc from "fast-check";
import {
  FEATURES,
  NUMBER_TYPES,
  ORDER_FAILURES,
  ORDER_WAITS,
} from "../../../core/ports/carrier.ts";
import type { Command } from "../../../core/registry/commands.ts";
import { DIRECTIONS } from "../../../core/events/number.ts";
import type { SearchFilters } from "../../../core/ports/mod.ts";
import { MINUTE_MS } from "../../../core/values/calendar.ts";
import {
  ASSISTANTS,
  attestedContent,
  credits,
  draftContent,
  e164,
  NUMBERS,
  oddText,
  offerOf,
  orNull,
  PLANS,
  routing,
  routingChange,
  text,
} from "./contents.ts";
import { outcome, resolution, review } from "./outcomes.ts";
import { ofRoutes } from "./route-commands.ts";

/** An id of an earlier thing, mostly; sometimes nonsense. */
const ref = (prefix: string) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.nat(5).map((index) => `${prefix}_${index}`) },
    { weight: 1, arbitrary: oddText },
  );
const REQUIREMENTS = [{ id: "address", name: "Proof of address", description: null }];
const holding = ref("pn");
const trunk = fc.oneof(fc.constantFrom("trunk_1", "trunk_2"), oddText);
/** A period; 0 means the one that the number needs next. */
const period = fc.constantFrom(0, 0, 0, 1, 2, 3);

/** A placeholder for an id that is made when the command is given; see `withFreshIds`. */
export const NEW = "new";

const carrier = fc.constantFrom("sandbox", "sandbox", "telnyx");

/** What the carrier requires for the numbers that are bought, if anything, and if it is known. */
const required = fc.oneof(
  { weight: 12, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant([]) },
  ...[[], REQUIREMENTS].map((requirements) => ({
    weight: 1,
    arbitrary: fc.constant([{ country: "US", type: "local" as const, requirements }]),
  })),
);

const REQUIREMENT_GROUPS = ["rg_0", "rg_1"];

const buying: fc.Arbitrary<Command> = fc.record({
  type: fc.constant("RequestPurchase" as const),
  holding: fc.constant(NEW),
  orderKey: fc.constant("od"),
  e164,
  carrier,
  connection: fc.oneof(
    { weight: 9, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: ref("cn") },
  ),
  routing,
  assistant: orNull(fc.constantFrom(...ASSISTANTS)),
  quote: fc.constantFrom(true, true, true, false),
  required,
}).map(({ quote, ...command }) => ({ ...command, quote: quote ? offerOf(command.e164) : null }));

const byHolding = (
  type: "AbandonPurchase" | "EndImport" | "RemoveImport" | "ExpireTrial" | "CompleteRelease",
): fc.Arbitrary<Command> => holding.map((id) => ({ type, holding: id }));

const campaign = fc.record({
  profile: text,
  campaign: text,
  status: fc.constant("ASSIGNED" as const),
});

const changing = fc.tuple(holding, routingChange).map(([id, change]): Command => ({
  type: "ChangeRouting",
  holding: id,
  ...change,
}));

const changingAll = fc.tuple(
  holding,
  routingChange,
  fc.record({ autoRenewal: fc.boolean(), smsCampaign: campaign }, { requiredKeys: [] }),
).map(([id, change, rest]): Command => ({ type: "ChangeNumber", holding: id, ...change, ...rest }));

const fixed = <Type extends string>(type: Type) => fc.constant(type);

const pattern = fc.stringMatching(/^\d{1,14}$/);

/** What a search may be for, beside country and type. */
const sought: fc.Arbitrary<Partial<SearchFilters>> = fc.record({
  areaCode: fc.constantFrom("415", "212"),
  locality: oddText,
  features: fc.subarray([...FEATURES]),
  contains: pattern,
  startsWith: pattern,
  endsWith: pattern,
}, { requiredKeys: [], noNullPrototype: true });

/** Any command of the domain, also those that only the automations give. */
export const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: buying },
  {
    weight: 8,
    arbitrary: fc.record({ type: fixed("ConfirmPurchase"), holding, carrierId: oddText }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fixed("RenewNumber"),
      holding,
      period,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fixed("NoteOrder"),
      holding,
      waitsFor: orNull(fc.constantFrom(...ORDER_WAITS)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fixed("RepeatOrder"),
      holding,
      /** A placeholder for the time at which the command is given. */
      lookedUpAt: fc.constant(0),
      settlingMs: fc.constantFrom(0, MINUTE_MS),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fixed("RecordCharge"),
      holding,
      period,
      payment: fc.constantFrom("paid" as const, "paid" as const, "declined" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fixed("RecordRefund"), holding, period }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fixed("OpenOrganization"),
      name: oddText,
      plan: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PLANS) }, oddText),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fixed("AddCredits"), amount: credits }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fixed("FailPurchase"),
      holding,
      /** A placeholder for when the order was last sent. */
      orderedAt: fc.constant(0),
      reason: fc.constantFrom(...ORDER_FAILURES, "unreachable" as const),
      message: oddText,
    }),
  },
  { weight: 3, arbitrary: byHolding("AbandonPurchase") },
  fc.oneof(byHolding("EndImport"), byHolding("RemoveImport")),
  { weight: 3, arbitrary: byHolding("ExpireTrial") },
  { weight: 3, arbitrary: byHolding("CompleteRelease") },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fixed("StartRelease"),
      holding,
      why: fc.constant("byUser"),
      cancelling: fc.constantFrom([], ["sandbox"]),
    }),
  },
  fc.record({ type: fixed("SetAutoRenewal"), holding, on: fc.boolean() }),
  {
    weight: 4,
    arbitrary: fc.record({
      type: fixed("ImportNumber"),
      holding: fc.constant(NEW),
      e164,
      scope: fc.constantFrom("all" as const, "live" as const, "sandbox" as const),
      via: fc.oneof(fc.record({ sipConnection: ref("sip") }), fc.record({ sipTrunk: trunk })),
      sipProviderName: text,
      routing,
      assistant: orNull(fc.constantFrom(...ASSISTANTS)),
    }),
  },
  e164.map((number): Command => ({
    type: "AdoptNumber",
    holding: NEW,
    carrier: "sandbox",
    number: { e164: number, carrierId: `adopted_${number}`, connectionId: null },
    terms: offerOf(number),
  })),
  fc.oneof(changing, changingAll),
  fc.record({
    type: fixed("AssignNumbers"),
    assistant: fc.constantFrom(...ASSISTANTS),
    holdings: fc.array(holding, { maxLength: 3 }),
    direction: fc.constantFrom(...DIRECTIONS),
  }, { requiredKeys: ["type", "assistant"] }),
  fc.record({ type: fixed("AssignSmsCampaign"), holding, campaign }),
  {
    weight: 3,
    arbitrary: fc.record({
      type: fixed("RequestRelease"),
      request: fc.constant(NEW),
      holding,
      reason: oddText,
      cancelling: fc.constantFrom([], ["sandbox"]),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fixed("ResolveReleaseRequest"), request: ref("rr"), resolution }),
  },
  fc.record({
    type: fixed("DraftVerification"),
    verification: fc.constant(NEW),
    content: draftContent,
  }),
  {
    weight: 2,
    arbitrary: fc.record({
      type: fixed("SubmitVerification"),
      verification: fc.constant(NEW),
      content: attestedContent,
      announce: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ type: fixed("ReviewVerification"), verification: ref("vs"), review }),
  },
  fc.record({ type: fixed("RecordNotice"), verification: ref("vs"), outcome }),
  fc.record({
    type: fixed("SetRequirementGroup"),
    country: fc.constantFrom("US", "CH"),
    numberType: fc.constantFrom(...NUMBER_TYPES),
    group: orNull(
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...REQUIREMENT_GROUPS) }, oddText),
    ),
  }),
  fc.record({ type: fixed("NameAssistant"), assistant: oddText, name: oddText }),
  {
    weight: 4,
    arbitrary: fc.record({
      type: fixed("InstallSipConnection"),
      installation: ref("sip"),
      providerName: oddText,
      trunk,
      ready: fc.boolean(),
    }),
  },
  fc.record({
    type: fixed("IssueToken"),
    token: fc.constant(NEW),
    hash: oddText,
    email: oddText,
    name: oddText,
    sandbox: fc.boolean(),
  }),
  fc.record({ type: fixed("RegisterConnection"), connection: ref("cn"), label: oddText }),
  fc.record({ type: fixed("RemoveConnection"), connection: ref("cn") }),
  fc.record({ type: fixed("RevokeToken"), token: ref("tk") }),
  {
    weight: 2,
    arbitrary: fc.tuple(fc.subarray([...NUMBERS]), sought).map(([found, further]): Command => ({
      type: "RecordSearch",
      carrier: "sandbox",
      filters: { country: "US", type: "local", limit: 10, ...further },
      offers: found.map(offerOf),
    })),
  },
  ofRoutes(holding),
) as fc.Arbitrary<Command>;
