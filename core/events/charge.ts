/** What can happen to the charges and the term of a number, and how it is stored. */
import * as v from "valibot";
import { type DefinitionsOf, firstVersion, secondVersion, thirdVersion } from "./definition.ts";
import type { Instant } from "../values/calendar.ts";
import { type E164, E164Schema } from "../values/e164.ts";
import { type Money, MoneySchema } from "../values/money.ts";
import { CountSchema, WholeSchema } from "../values/whole.ts";
import {
  holding,
  type HoldingData,
  type Notice,
  noticeAt,
  type NoticeData,
  NOTICES,
  period,
  type PeriodData,
} from "./number.ts";

/** A charge outside credits, by its key. */
type ChargeData = { readonly holding: string; readonly chargeKey: string };

/** A charge outside credits, by its key. */
const charge = v.object({ holding, chargeKey: v.string() });

/** The data of these events. */
export type ChargeEventData = {
  /** The intent to charge outside credits; written before the payments port is asked. */
  ChargeStarted: ChargeData & {
    readonly e164: E164;
    readonly period: number;
    readonly amount: Money;
  };
  Charged: ChargeData;
  ChargeDeclined: ChargeData;
  /** What was charged opened no period; written before the payments port is asked. */
  RefundStarted: ChargeData;
  Refunded: ChargeData;
  TrialExpired: HoldingData;
  TrialConverted: HoldingData;
  Renewed: HoldingData & PeriodData & NoticeData;
  RenewalFailed: ChargeData & NoticeData & {
    readonly period: number;
    readonly amount: Money;
    readonly retryAt: Instant;
    readonly graceEndsAt: Instant;
  };
  Suspended: HoldingData & { readonly why: "unpaid" | "compliance" };
  Reinstated: HoldingData;
  /** Says once, before `deadline`, what comes at it unless something is done. */
  NoticeGiven: HoldingData & {
    readonly of: Notice;
    readonly deadline: Instant;
  };
  AutoRenewalChanged: HoldingData & { readonly on: boolean };
};

/** These events, each with its newest schema. */
export const chargeEvents: DefinitionsOf<ChargeEventData> = {
  ChargeStarted: firstVersion(v.object({
    holding,
    e164: E164Schema,
    period: CountSchema,
    amount: MoneySchema,
    chargeKey: v.string(),
  })),
  Charged: firstVersion(charge),
  ChargeDeclined: firstVersion(charge),
  RefundStarted: firstVersion(charge),
  Refunded: firstVersion(charge),
  TrialExpired: firstVersion(v.object({ holding })),
  TrialConverted: firstVersion(v.object({ holding })),
  Renewed: thirdVersion(v.object({ holding, ...period, noticeAt })),
  RenewalFailed: secondVersion(v.object({
    holding,
    period: CountSchema,
    amount: MoneySchema,
    chargeKey: v.string(),
    retryAt: WholeSchema,
    graceEndsAt: WholeSchema,
    noticeAt,
  })),
  Suspended: firstVersion(v.object({ holding, why: v.picklist(["unpaid", "compliance"]) })),
  Reinstated: firstVersion(v.object({ holding })),
  NoticeGiven: firstVersion(
    v.object({ holding, of: v.picklist(NOTICES), deadline: WholeSchema }),
  ),
  AutoRenewalChanged: firstVersion(v.object({ holding, on: v.boolean() })),
};
