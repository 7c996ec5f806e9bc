/** How long a number is lent, and how long one is kept that was not paid, as was agreed. */
import { test } from "node:test";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import { NO_LIMITS, type PlanCatalogue } from "../../core/values/plan.ts";
import { DAY_MS } from "../../core/values/calendar.ts";
import { at, given, instant } from "../harness/specification.ts";
import {
  charge,
  chargeStarted,
  confirm,
  lent,
  noticeGiven,
  opened,
  planChanged,
  PN,
  purchased,
  releaseStarted,
  renewalFailed,
  requested,
  suspended,
} from "../harness/story/mod.ts";

const BOUGHT = "2026-01-31T10:00:00Z";
const FEB_28 = "2026-02-28T10:00:00Z";

const catalogue = (days: {
  readonly trialDays?: number | undefined;
  readonly graceDays?: number | undefined;
}): PlanCatalogue => {
  const terms = { maxNumbers: 1, verification: "none", limits: NO_LIMITS, ...days } as const;
  return {
    Free: { name: "Free", billing: "trial", ...terms },
    Growth: { name: "Growth", billing: "subscription", ...terms },
  };
};

/** This many days later, and by so many milliseconds more. */
const later = (from: string, days: number, more = 0): string =>
  new Date(instant(from) + days * DAY_MS + more).toISOString();

const expire = { type: "ExpireTrial", holding: PN } as const;

const expired: DomainEvent = { type: "TrialExpired", data: { holding: PN } };

for (const [trialDays, days] of [[1, 1], [365, 365], [undefined, 5]] as const) {
  test(`a number is lent for ${days} days where ${trialDays ?? "nothing"} was agreed`, () => {
    const asked = at(
      BOUGHT,
      opened("Free", catalogue({ trialDays })),
      requested({ paidFrom: "trial" }),
    );
    const bought = lent(BOUGHT, PN, days);
    given(asked).when(confirm, { at: BOUGHT, plans: {} }).then([bought]);
    const noticed = days === 1 ? [] : [noticeGiven("trial", later(BOUGHT, days))];
    given(asked, bought, at(later(BOUGHT, days - 1), ...noticed))
      .when(expire, { at: later(BOUGHT, days, -1) })
      .then([]);
    given(asked, bought).when(expire, { at: later(BOUGHT, days) })
      .then([expired, releaseStarted("trialOver")]);
  });
}

test("a trial ends when it was to end, though another length was agreed since", () => {
  const [before, after] = [catalogue({ trialDays: 1 }), catalogue({ trialDays: 30 })];
  const asked = at(BOUGHT, opened("Free", before), requested({ paidFrom: "trial" }));
  given(asked, lent(BOUGHT, PN, 1), planChanged("Free", after))
    .when(expire, { at: later(BOUGHT, 1) })
    .then([expired, releaseStarted("trialOver")]);
});

const declined = { type: "RecordCharge", holding: PN, period: 2, payment: "declined" } as const;

for (const [graceDays, days] of [[1, 1], [365, 365], [undefined, 7]] as const) {
  test(`an unpaid number is kept for ${days} days where ${graceDays ?? "nothing"} was agreed`, () => {
    const past = at(
      BOUGHT,
      opened("Growth", catalogue({ graceDays })),
      requested(),
      purchased(BOUGHT),
    );
    const [retry, end] = [later(FEB_28, 1), later(FEB_28, days)];
    const noticeAt = days === 1 ? undefined : later(FEB_28, days - 1);
    const failed = renewalFailed(2, retry, end, PN, noticeAt);
    given(past, at(FEB_28, chargeStarted({ period: 2 })))
      .when(declined, { at: FEB_28, plans: {} })
      .then([charge("ChargeDeclined", 2), failed, suspended("unpaid")]);
  });
}

test("an unpaid number is released immediately where no days were agreed", () => {
  const plans = catalogue({ graceDays: 0 });
  const past = at(BOUGHT, opened("Growth", plans), requested(), purchased(BOUGHT));
  given(past, at(FEB_28, chargeStarted({ period: 2 })))
    .when(declined, { at: FEB_28 })
    .then([
      charge("ChargeDeclined", 2),
      renewalFailed(2, FEB_28, FEB_28),
      releaseStarted("notPaid"),
    ]);
});

test("a grace that has begun ends when it was to end, though other days were agreed since", () => {
  const [before, after] = [catalogue({ graceDays: 3 }), catalogue({ graceDays: 30 })];
  const [retry, end] = [later(FEB_28, 1), later(FEB_28, 3)];
  const past = at(BOUGHT, opened("Growth", before), requested(), purchased(BOUGHT));
  const unpaid = at(FEB_28, renewalFailed(2, retry, end), suspended("unpaid"));
  given(
    past,
    unpaid,
    at(FEB_28, planChanged("Growth", after)),
    at(end, chargeStarted({ period: 2 })),
  )
    .when(declined, { at: end })
    .then([charge("ChargeDeclined", 2), renewalFailed(2, end, end), releaseStarted("notPaid")]);
});
