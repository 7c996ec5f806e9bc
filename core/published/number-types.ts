/** The published events of numbers, and of requests to release them. */
import * as v from "valibot";
import {
  CAMPAIGN_STATUSES,
  type Direction,
  DIRECTIONS,
  FAILURE_REASONS,
  type FailureReason,
  RELEASE_REASONS,
  type ReleaseReason,
  type SmsCampaign,
} from "../events/number.ts";
import { NUMBER_TYPES, type NumberType, ORDER_WAITS, type OrderWait } from "../ports/carrier.ts";
import { CountSchema } from "../values/whole.ts";
import {
  about,
  Dollars,
  Id,
  type OfNumber,
  ofNumber,
  type PublishedTypes,
  Time,
} from "./definition.ts";

/** A type about a number: its data says which one. */
const aboutNumber = <const Entries extends v.ObjectEntries>(says: string, entries: Entries) =>
  about(says, { ...ofNumber, ...entries });

const why = v.picklist(RELEASE_REASONS);
const request = { request: Id, ...ofNumber };

/** The data of what is published of numbers, by type. */
export type NumberPublished = {
  "number.purchase_requested": OfNumber & { readonly country: string; readonly type: NumberType };
  "number.purchase_waiting": OfNumber & { readonly waitsFor: OrderWait | null };
  "number.purchase_cancelled": OfNumber;
  "number.purchase_failed": OfNumber & {
    readonly reason: FailureReason;
    readonly refunded: string;
  };
  "number.purchased": OfNumber & {
    readonly term: "trial" | "monthly";
    readonly endsAt: string;
    /** What the first month costs; null where it is lent. */
    readonly amount: string | null;
  };
  "number.imported": OfNumber;
  "number.adopted": OfNumber & { readonly endsAt: string };
  "number.trial_ending": OfNumber & { readonly deadline: string };
  "number.renewal_due": OfNumber & { readonly deadline: string };
  "number.ending": OfNumber & { readonly deadline: string };
  "number.grace_ending": OfNumber & { readonly deadline: string };
  "number.trial_ended": OfNumber;
  "number.trial_converted": OfNumber;
  "number.renewed": OfNumber & {
    readonly period: number;
    readonly from: string;
    readonly to: string;
    readonly amount: string;
  };
  "number.payment_failed": OfNumber & {
    readonly period: number;
    readonly amount: string;
    readonly retryAt: string;
    readonly graceEndsAt: string;
  };
  "number.refunded": OfNumber;
  "number.suspended": OfNumber & { readonly why: "unpaid" | "compliance" };
  "number.reinstated": OfNumber;
  "number.auto_renewal_changed": OfNumber & { readonly on: boolean };
  "number.repriced": OfNumber & { readonly monthly: string };
  "number.routing_changed": OfNumber & { readonly direction: Direction };
  "number.assigned": OfNumber & { readonly assistant: string };
  "number.unassigned": OfNumber & { readonly assistant: string };
  "number.sms_campaign_changed": OfNumber & { readonly status: SmsCampaign["status"] };
  "number.release_started": OfNumber & { readonly why: ReleaseReason };
  "number.released": OfNumber & { readonly why: ReleaseReason };
  "release.requested": OfNumber & { readonly request: string };
  "release.cancelled": OfNumber & { readonly request: string };
  "release.rejected": OfNumber & { readonly request: string };
  "release.approved": OfNumber & { readonly request: string };
};

/** The published types of numbers, by name. */
export const numberTypes: PublishedTypes<NumberPublished> = {
  "number.purchase_requested": aboutNumber(
    "A purchase began: the order goes to the carrier.",
    { country: v.string(), type: v.picklist(NUMBER_TYPES) },
  ),
  "number.purchase_waiting": aboutNumber(
    "What the order waits for at the carrier has changed; null: for the carrier alone.",
    { waitsFor: v.nullable(v.picklist(ORDER_WAITS)) },
  ),
  "number.purchase_cancelled": aboutNumber(
    "The purchase was cancelled: the number comes to nothing, or is released.",
    {},
  ),
  "number.purchase_failed": aboutNumber(
    "The purchase came to nothing.",
    { reason: v.picklist(FAILURE_REASONS), refunded: Dollars },
  ),
  "number.purchased": aboutNumber(
    "The carrier keeps the number for the organization, lent as a trial or by the month.",
    { term: v.picklist(["trial", "monthly"]), endsAt: Time, amount: v.nullable(Dollars) },
  ),
  "number.imported": aboutNumber("A number came in over a SIP connection.", {}),
  "number.adopted": aboutNumber(
    "The operator gave the organization a number that the carrier kept already.",
    { endsAt: Time },
  ),
  "number.trial_ending": aboutNumber(
    "The trial ends at the deadline, unless the organization moves to a paid plan.",
    { deadline: Time },
  ),
  "number.renewal_due": aboutNumber("The next month is to be paid at the deadline.", {
    deadline: Time,
  }),
  "number.ending": aboutNumber(
    "The month ends at the deadline; the number is released, since its renewal is off.",
    { deadline: Time },
  ),
  "number.grace_ending": aboutNumber(
    "A month is unpaid: the number is released at the deadline, unless it is paid.",
    { deadline: Time },
  ),
  "number.trial_ended": aboutNumber("The trial is over; the number is released.", {}),
  "number.trial_converted": aboutNumber("The trial goes on by the month.", {}),
  "number.renewed": aboutNumber(
    "A month was paid; periods are counted from 1.",
    { period: CountSchema, from: Time, to: Time, amount: Dollars },
  ),
  "number.payment_failed": aboutNumber(
    "A month could not be paid. It is tried again until the grace ends, then released.",
    { period: CountSchema, amount: Dollars, retryAt: Time, graceEndsAt: Time },
  ),
  "number.refunded": aboutNumber("What was charged and opened no period was given back.", {}),
  "number.suspended": aboutNumber(
    "The number takes no calls until it is reinstated.",
    { why: v.picklist(["unpaid", "compliance"]) },
  ),
  "number.reinstated": aboutNumber("A suspended number is active again.", {}),
  "number.auto_renewal_changed": aboutNumber(
    "Whether the number is renewed at the end of its month has changed.",
    { on: v.boolean() },
  ),
  "number.repriced": aboutNumber("A month of the number costs another amount.", {
    monthly: Dollars,
  }),
  "number.routing_changed": aboutNumber(
    "The direction, label or template of the number has changed.",
    { direction: v.picklist(DIRECTIONS) },
  ),
  "number.assigned": aboutNumber("An assistant has the number.", { assistant: Id }),
  "number.unassigned": aboutNumber("The assistant no longer has the number.", { assistant: Id }),
  "number.sms_campaign_changed": aboutNumber(
    "The number's registration for an SMS campaign has changed.",
    { status: v.picklist(CAMPAIGN_STATUSES) },
  ),
  "number.release_started": aboutNumber("The number is being given back.", { why }),
  "number.released": aboutNumber("The number is no longer the organization's.", { why }),
  "release.requested": about("The operator was asked to release a number.", request),
  "release.cancelled": about("The request was taken back.", request),
  "release.rejected": about("The operator rejected the request.", request),
  "release.approved": about("The operator approved the request.", request),
};
