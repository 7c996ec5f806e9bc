/** The rule of notices, computed from the facts of one organization alone. */
import assert from "node:assert/strict";
import type { Fact } from "../../core/events/vocabulary.ts";
import { DEFAULT_PLANS, planOf } from "../../core/organization/plans.ts";
import { DAY_MS, HOUR_MS, type Instant } from "../../core/values/calendar.ts";
import type { PlanCatalogue, WholePlan } from "../../core/values/plan.ts";

/** A deadline that a number has, and the notice that is to be given of it. */
type Deadline = {
  readonly of: "trial" | "month" | "grace";
  readonly at: Instant;
  /** From when on; undefined for none. */
  readonly noticeAt: Instant | undefined;
  /** Whether it was given, or is to be given no more. */
  readonly isOver: boolean;
};

const DAYS = {
  trial: "trialNoticeDays",
  month: "renewalNoticeDays",
  grace: "graceNoticeDays",
} as const;

/** The deadline that a fact sets, if it sets one; `isUnpaid` where the grace runs already. */
const setBy = (
  { type, data }: Fact,
  isUnpaid: boolean,
):
  | { readonly of: Deadline["of"]; readonly at: Instant; readonly noticeAt?: Instant | undefined }
  | null => {
  switch (type) {
    case "NumberPurchased":
      return data.term.kind === "trial"
        ? { of: "trial", at: data.term.endsAt, noticeAt: data.term.noticeAt }
        : { of: "month", at: data.term.to, noticeAt: data.term.noticeAt };
    case "NumberAdopted":
    case "Renewed":
      return { of: "month", at: data.to, noticeAt: data.noticeAt };
    case "RenewalFailed":
      return isUnpaid ? null : { of: "grace", at: data.graceEndsAt, noticeAt: data.noticeAt };
    default:
      return null;
  }
};

const wanted = (
  { of, at }: Pick<Deadline, "of" | "at">,
  plan: WholePlan,
  now: Instant,
): Instant | undefined => {
  const days = plan[DAYS[of]];
  const noticeAt = at - days * DAY_MS;
  return days > 0 && noticeAt > now ? noticeAt : undefined;
};

const checkGiven = (
  { data, at }: Extract<Fact, { type: "NoticeGiven" }>,
  deadline: Deadline | undefined,
  isRenewed: boolean,
): void => {
  const what = `notice of ${data.of} for ${data.holding}`;
  assert.ok(deadline !== undefined && !deadline.isOver, `${what} is given twice, or of nothing`);
  const { of, noticeAt = Infinity } = deadline;
  const named = of === "month" ? (isRenewed ? "renewal" : "ending") : of;
  assert.deepEqual([data.of, data.deadline], [named, deadline.at], what);
  assert.ok(at >= noticeAt, `${what} is given ${noticeAt - at} ms early`);
  assert.ok(at < deadline.at, `${what} is given ${at - deadline.at} ms after its deadline`);
};

/** The notices of an organization's deadlines that were not given. */
export type Notices = {
  /** Those to come, by holding. */
  readonly open: ReadonlyMap<string, Deadline>;
  /** Those that were due for an hour when, at `overAt`, there was another deadline, or none. */
  readonly missed: readonly (Deadline & { readonly overAt: Instant })[];
};

/** Whether the notice of a deadline is due; a charge that is tried again may hold it up an hour. */
const isDue = ({ isOver, noticeAt = Infinity }: Deadline, now: Instant): boolean =>
  !isOver && now >= noticeAt + HOUR_MS;

/**
 * Notice of a deadline is given once at most, as long before it as the plan says that held when the
 * deadline was set, and never after it, or once the number leaves.
 */
export const checkNotices = (
  facts: readonly Fact[],
  plans: PlanCatalogue = DEFAULT_PLANS,
): Notices => {
  const deadlines = new Map<string, Deadline>();
  const missed: Notices["missed"][number][] = [];
  const unpaid = new Set<string>();
  const ending = new Set<string>();
  let plan = planOf(plans);
  for (const fact of facts) {
    const { type, data, at } = fact;
    if (type === "OrganizationOpened" || type === "PlanChanged") plan = planOf(plans, data);
    if (!("holding" in data) || data.holding === null) continue;
    const { holding } = data;
    const before = deadlines.get(holding);
    const set = setBy(fact, unpaid.has(holding));
    const ends = type === "TrialConverted" || type === "ReleaseStarted";
    if ((set !== null || ends) && before !== undefined && isDue(before, at)) {
      missed.push({ ...before, overAt: at });
    }
    if (ends) deadlines.delete(holding);
    if (set !== null) {
      const noticeAt = wanted(set, plan, at);
      assert.equal(set.noticeAt, noticeAt, `the notice of ${type} for ${holding}`);
      deadlines.set(holding, { ...set, noticeAt, isOver: noticeAt === undefined });
    }
    if (type === "RenewalFailed") unpaid.add(holding);
    if (type === "Renewed") unpaid.delete(holding);
    if (type === "AutoRenewalChanged") {
      if (data.on) ending.delete(holding);
      else ending.add(holding);
    }
    if (type !== "NoticeGiven") continue;
    checkGiven(fact, before, !ending.has(holding));
    if (before !== undefined) deadlines.set(holding, { ...before, isOver: true });
  }
  return { open: new Map([...deadlines].filter(([, { isOver }]) => !isOver)), missed };
};
