/** Any command of the domain, with placeholders for ids of existing things. */
import fc from "fast-check";
import { NUMBER_TYPES, ORDER_FAILURES, ORDER_WAITS } from "../../../core/ports/carrier.ts";
import type { Command } from "../../../core/registry/commands.ts";
import { DIRECTIONS } from "../../../core/events/number.ts";
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
  text,
} from "./contents.ts";
import { outcome, resolution, review } from "./outcomes.ts";
import { ofRoutes } from "./route-commands.ts";
import { WEBHOOKS } from "./webhook-commands.ts";
import {
  buying,
  byHolding,
  campaign,
  changing,
  changingAll,
  fixed,
  holding,
  NEW,
  type Of,
  period,
  ref,
  REQUIREMENT_GROUPS,
  sought,
  trunk,
} from "./command-parts.ts";

/** Commands of one type, and how often they are given among all. */
type Weighted<Given> = { readonly weight: number; readonly arbitrary: fc.Arbitrary<Given> };

const given = <Given>(weight: number, arbitrary: fc.Arbitrary<Given>): Weighted<Given> => ({
  weight,
  arbitrary,
});

/** What is given to the log of the reconciliations alone. */
type ReconciliationType =
  | "NameInstallation"
  | "ScheduleReconciliation"
  | "StartOrphanRelease"
  | "RecordReconciliation";

/** For each type of command its arbitrary: a missing one does not compile. */
const GIVEN: {
  readonly [Type in Exclude<Command["type"], ReconciliationType>]: Weighted<Of<Type>>;
} = {
  RequestPurchase: given(8, buying),
  ConfirmPurchase: given(
    8,
    fc.record({ type: fixed("ConfirmPurchase"), holding, carrierId: oddText }),
  ),
  RenewNumber: given(
    8,
    fc.record({
      type: fixed("RenewNumber"),
      holding,
      period,
    }),
  ),
  NoteOrder: given(
    1,
    fc.record({
      type: fixed("NoteOrder"),
      holding,
      waitsFor: orNull(fc.constantFrom(...ORDER_WAITS)),
    }),
  ),
  RepeatOrder: given(
    2,
    fc.record({
      type: fixed("RepeatOrder"),
      holding,
      /** A placeholder for the time at which the command is given. */
      lookedUpAt: fc.constant(0),
      settlingMs: fc.constantFrom(0, MINUTE_MS),
    }),
  ),
  RecordCharge: given(
    8,
    fc.record({
      type: fixed("RecordCharge"),
      holding,
      period,
      payment: fc.constantFrom("paid" as const, "paid" as const, "declined" as const),
    }),
  ),
  RecordRefund: given(2, fc.record({ type: fixed("RecordRefund"), holding, period })),
  OpenOrganization: given(
    3,
    fc.record({
      type: fixed("OpenOrganization"),
      name: oddText,
      plan: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PLANS) }, oddText),
    }),
  ),
  AddCredits: given(3, fc.record({ type: fixed("AddCredits"), amount: credits })),
  FailPurchase: given(
    2,
    fc.record({
      type: fixed("FailPurchase"),
      holding,
      /** A placeholder for when the order was last sent. */
      orderedAt: fc.constant(0),
      reason: fc.constantFrom(...ORDER_FAILURES, "unreachable" as const),
      message: oddText,
    }),
  ),
  AbandonPurchase: given(3, byHolding("AbandonPurchase")),
  EndImport: given(1, byHolding("EndImport")),
  RemoveImport: given(1, byHolding("RemoveImport")),
  ExpireTrial: given(3, byHolding("ExpireTrial")),
  CompleteRelease: given(3, byHolding("CompleteRelease")),
  StartRelease: given(
    4,
    fc.record({
      type: fixed("StartRelease"),
      holding,
      why: fc.constant("byUser"),
      cancelling: fc.constantFrom([], ["sandbox"]),
    }),
  ),
  SetAutoRenewal: given(1, fc.record({ type: fixed("SetAutoRenewal"), holding, on: fc.boolean() })),
  ImportNumber: given(
    4,
    fc.record({
      type: fixed("ImportNumber"),
      holding: fc.constant(NEW),
      e164,
      scope: fc.constantFrom("all" as const, "live" as const, "sandbox" as const),
      via: fc.oneof(fc.record({ sipConnection: ref("sip") }), fc.record({ sipTrunk: trunk })),
      sipProviderName: text,
      routing,
      assistant: orNull(fc.constantFrom(...ASSISTANTS)),
    }),
  ),
  AdoptNumber: given(
    1,
    e164.map((number): Of<"AdoptNumber"> => ({
      type: "AdoptNumber",
      holding: NEW,
      carrier: "sandbox",
      number: { e164: number, carrierId: `adopted_${number}`, connectionId: null },
      terms: offerOf(number),
    })),
  ),
  ChangeRouting: given(1, changing),
  ChangeNumber: given(1, changingAll),
  AssignNumbers: given(
    1,
    fc.record({
      type: fixed("AssignNumbers"),
      assistant: fc.constantFrom(...ASSISTANTS),
      holdings: fc.array(holding, { maxLength: 3 }),
      direction: fc.constantFrom(...DIRECTIONS),
    }, { requiredKeys: ["type", "assistant"] }),
  ),
  AssignSmsCampaign: given(1, fc.record({ type: fixed("AssignSmsCampaign"), holding, campaign })),
  RequestRelease: given(
    3,
    fc.record({
      type: fixed("RequestRelease"),
      request: fc.constant(NEW),
      holding,
      reason: oddText,
      cancelling: fc.constantFrom([], ["sandbox"]),
    }),
  ),
  ResolveReleaseRequest: given(
    2,
    fc.record({ type: fixed("ResolveReleaseRequest"), request: ref("rr"), resolution }),
  ),
  DraftVerification: given(
    1,
    fc.record({
      type: fixed("DraftVerification"),
      verification: fc.constant(NEW),
      content: draftContent,
    }),
  ),
  SubmitVerification: given(
    2,
    fc.record({
      type: fixed("SubmitVerification"),
      verification: fc.constant(NEW),
      content: attestedContent,
      announce: fc.boolean(),
    }),
  ),
  ReviewVerification: given(
    3,
    fc.record({ type: fixed("ReviewVerification"), verification: ref("vs"), review }),
  ),
  RecordNotice: given(
    1,
    fc.record({ type: fixed("RecordNotice"), verification: ref("vs"), outcome }),
  ),
  SetRequirementGroup: given(
    1,
    fc.record({
      type: fixed("SetRequirementGroup"),
      country: fc.constantFrom("US", "CH"),
      numberType: fc.constantFrom(...NUMBER_TYPES),
      group: orNull(
        fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...REQUIREMENT_GROUPS) }, oddText),
      ),
    }),
  ),
  NameAssistant: given(
    1,
    fc.record({ type: fixed("NameAssistant"), assistant: oddText, name: oddText }),
  ),
  InstallSipConnection: given(
    4,
    fc.record({
      type: fixed("InstallSipConnection"),
      installation: ref("sip"),
      providerName: oddText,
      trunk,
      ready: fc.boolean(),
    }),
  ),
  IssueToken: given(
    1,
    fc.record({
      type: fixed("IssueToken"),
      token: fc.constant(NEW),
      hash: oddText,
      email: oddText,
      name: oddText,
      sandbox: fc.boolean(),
      scope: fixed("read"),
      expiresAt: fc.nat(),
    }, { requiredKeys: ["type", "token", "hash", "email", "name", "sandbox"] }),
  ),
  RegisterConnection: given(
    1,
    fc.record({
      type: fixed("RegisterConnection"),
      connection: ref("cn"),
      label: oddText,
    }),
  ),
  RemoveConnection: given(1, fc.record({ type: fixed("RemoveConnection"), connection: ref("cn") })),
  RevokeToken: given(1, fc.record({ type: fixed("RevokeToken"), token: ref("tk") })),
  RecordSearch: given(
    2,
    fc.tuple(fc.subarray([...NUMBERS]), sought).map(([found, further]): Of<"RecordSearch"> => ({
      type: "RecordSearch",
      carrier: "sandbox",
      filters: { country: "US", type: "local", limit: 10, ...further },
      offers: found.map(offerOf),
    })),
  ),
  ...ofRoutes(holding),
  ...WEBHOOKS,
};

/** Any command of an organization, also those that only the automations give. */
export const command: fc.Arbitrary<Command> = fc.oneof(
  ...Object.values<Weighted<Command>>(GIVEN),
);
