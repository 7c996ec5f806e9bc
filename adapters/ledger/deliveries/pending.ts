/** Events that wait to be sent, as they are kept, and as they are read again from the log. */
import type { Clock, Deliveries, Head, PendingDelivery } from "../../../core/ports/mod.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import type { FeedEvent } from "../api/events.ts";
import type { Entry } from "../feed/entries.ts";

/** As many entries of the log as are read at a time. */
export const WINDOW = 100;

/** What deliveries are read from and kept in. */
export type DeliveryParts = {
  readonly deliveries: Deliveries;
  readonly clock: Clock;
  /** Entries of an organization's log after a place, at most so many. */
  readonly entriesAfter: (
    organization: string,
    handled: Head,
    limit: number,
  ) => Promise<readonly Entry[]>;
};

/** An event that is to be sent, with what is known of earlier attempts. */
export type Item = PendingDelivery & { readonly event: FeedEvent };

/** What an event is about: events about the same are delivered in order. */
const subjectOf = ({ data, subject }: FeedEvent): string => {
  // What is about a number is in order with all else that is.
  const number: unknown = Reflect.get(data, "number");
  return typeof number === "string" ? `/ledger/numbers/${number}` : subject;
};

/** An event at this position that was not tried yet, and is due now. */
export const itemOf = (event: FeedEvent, position: number, now: Instant): Item => ({
  position,
  subject: subjectOf(event),
  attempts: 0,
  dueAt: now,
  firstAt: now,
  event,
});

/** An item as it is kept. */
export const pendingOf = ({ event: _event, ...pending }: Item): PendingDelivery => pending;

const byPosition = (a: PendingDelivery, b: PendingDelivery): number => a.position - b.position;

/** What stays to be sent: behind an event of the same subject nothing is due before that is. */
export const inOrder = (pending: Iterable<PendingDelivery>): readonly PendingDelivery[] => {
  const dueBySubject = new Map<string, Instant>();
  return [...pending].sort(byPosition).map((one) => {
    const before = dueBySubject.get(one.subject);
    const own = before === undefined || one.attempts > 0 ? one.dueAt : 0;
    const dueAt = Math.max(own, before ?? 0);
    dueBySubject.set(one.subject, dueAt);
    return dueAt === one.dueAt ? one : { ...one, dueAt };
  });
};

/** Items by subject, each subject's in order. */
export const bySubject = (items: readonly Item[]): Item[][] => {
  const subjects = new Map<string, Item[]>();
  for (const item of [...items].sort(byPosition)) {
    const known = subjects.get(item.subject);
    if (known === undefined) subjects.set(item.subject, [item]);
    else known.push(item);
  }
  return [...subjects.values()];
};

/**
 * The events of the log at these positions, in order, read in as few pages as hold them; what the
 * log does not have there, or does not publish, is left out.
 */
export const eventsAt = async (
  { entriesAfter }: Pick<DeliveryParts, "entriesAfter">,
  organization: string,
  positions: Iterable<number>,
): Promise<ReadonlyMap<number, FeedEvent>> => {
  const wanted = [...positions].sort((a, b) => a - b);
  const found = new Map<number, FeedEvent>();
  let read = 0;
  for (const position of wanted) {
    if (position <= read) continue;
    const last = wanted.findLast((one) => one < position + WINDOW) ?? position;
    const before = { position: position - 1, hash: "" };
    const entries = await entriesAfter(organization, before, last - position + 1);
    for (const { position: at, event } of entries) if (event !== null) found.set(at, event);
    // A page may be short of what was asked for, where its events are large.
    read = entries[entries.length - 1]?.position ?? last;
  }
  return new Map(wanted.flatMap((position) => {
    const event = found.get(position);
    return event === undefined ? [] : [[position, event]];
  }));
};
