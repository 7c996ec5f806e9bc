/** Decides when notice of a deadline is given, and gives it. */
import type { DomainEvent } from "../../events/vocabulary.ts";
import type { Notice, NoticeData } from "../../events/number.ts";
import { DAY_MS, type Instant } from "../../values/calendar.ts";
import { isUnpaid, nextDueOf, type Running, type Term } from "../stage.ts";

/**
 * When the notice of a deadline is given that is set now, so many times 24 hours before it. Nothing
 * for no days, or where that is not after now: the event that sets the deadline says it already.
 */
export const noticeBefore = (deadline: Instant, days: number, now: Instant): NoticeData => {
  const noticeAt = deadline - days * DAY_MS;
  return days > 0 && noticeAt > now ? { noticeAt } : {};
};

/** What comes at the end of a term. */
const endOf = (term: Term): Notice => {
  if (term.kind === "trial") return "trial";
  return term.autoRenewal ? "renewal" : "ending";
};

/**
 * The notice that a number has due before its deadline, which must be to come: a trial's end, the
 * end of a month (`ending` where the number is not to be renewed), or of the grace of one that is
 * unpaid. None is given once the deadline has passed, as where no server ran: what happened then is
 * in the log itself.
 */
export const noticeOf = (
  holding: string,
  stage: Running,
  now: Instant,
): readonly DomainEvent[] => {
  if (now < nextDueOf(stage)) return [];
  const data = isUnpaid(stage)
    ? { holding, of: "grace" as const, deadline: stage.graceEndsAt }
    : { holding, of: endOf(stage.term), deadline: stage.term.endsAt };
  return [{ type: "NoticeGiven", data }];
};
