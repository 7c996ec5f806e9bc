/** Events that set deadlines of a number, and the notices of these, for specifications. */
import type { DomainEvent } from "../../../core/events/vocabulary.ts";
import { DAY_MS, type Instant, monthsAfter } from "../../../core/values/calendar.ts";
import { instant } from "../specification.ts";
import { type DataOf, DOLLAR, PN, TWO_DOLLARS } from "./events.ts";

/** When notice is given so many days before a deadline; nothing for no days. */
const noticed = (deadline: Instant, days: number): { readonly noticeAt?: Instant } =>
  days === 0 ? {} : { noticeAt: deadline - days * DAY_MS };

/**
 * The number became the organization's by the month, from an ISO time on; notice of its end is
 * given so many days before, and as from older logs none for 0.
 */
export const purchased = (
  from: string,
  { holding = PN, paidFrom = "subscription", noticeDays = 3 }: {
    readonly holding?: string | undefined;
    readonly paidFrom?: "credits" | "subscription" | undefined;
    readonly noticeDays?: number | undefined;
  } = {},
): DomainEvent => ({
  type: "NumberPurchased",
  data: {
    holding,
    carrierId: `carrier_${holding}`,
    term: {
      kind: "monthly",
      period: 1,
      from: instant(from),
      to: monthsAfter(instant(from), 1),
      amount: TWO_DOLLARS,
      chargeKey: `${holding}:1`,
      paidFrom,
      ...noticed(monthsAfter(instant(from), 1), noticeDays),
    },
  },
});

/**
 * The number was lent for so many days, from an ISO time on; notice of its end is given a day
 * before, unless that is when it begins, or as many as are told.
 */
export const lent = (
  from: string,
  holding = PN,
  days = 5,
  noticeDays: number = Math.min(1, days - 1),
): DomainEvent => {
  const endsAt = instant(from) + days * DAY_MS;
  const term = { kind: "trial", endsAt, ...noticed(endsAt, noticeDays) } as const;
  return { type: "NumberPurchased", data: { holding, carrierId: `carrier_${holding}`, term } };
};

/**
 * Period `period` of the number, counted in months from an ISO time; notice of its end is given so
 * many days before, and none for 0, as where it is renewed too late for one.
 */
export const renewed = (
  anchor: string,
  period: number,
  paidFrom: "credits" | "subscription" = "subscription",
  noticeDays = 3,
): DomainEvent => ({
  type: "Renewed",
  data: {
    holding: PN,
    period,
    from: monthsAfter(instant(anchor), period - 1),
    to: monthsAfter(instant(anchor), period),
    amount: DOLLAR,
    chargeKey: `${PN}:${period}`,
    paidFrom,
    ...noticed(monthsAfter(instant(anchor), period), noticeDays),
  },
});

/**
 * The charge for a period failed; the times are ISO. Where it is the first that failed in a grace
 * it may say when notice is given of its end.
 */
export const renewalFailed = (
  period: number,
  retryAt: string,
  graceEndsAt: string,
  holding = PN,
  noticeAt?: string,
): DomainEvent => ({
  type: "RenewalFailed",
  data: {
    holding,
    period,
    amount: DOLLAR,
    chargeKey: `${holding}:${period}`,
    retryAt: instant(retryAt),
    graceEndsAt: instant(graceEndsAt),
    ...(noticeAt !== undefined && { noticeAt: instant(noticeAt) }),
  },
});

/** Notice was given of what comes at a deadline, an ISO time. */
export const noticeGiven = (
  of: DataOf<"NoticeGiven">["of"],
  deadline: string,
  holding = PN,
): DomainEvent => ({ type: "NoticeGiven", data: { holding, of, deadline: instant(deadline) } });
