/** Has events sent again that an endpoint was sent before: they wait as those do that failed. */
import type { Deliveries, DeliveryAttempt, DeliveryKey } from "../../../core/ports/mod.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import { type LaneParts, subjectOf } from "./lane.ts";

/** As many events as may be waiting to be sent again to an endpoint, of one organization. */
const MOST = 500;

/** As many attempts as are read at a time. */
const PAGE = 1_000;

/** How often what another process wrote meanwhile is read again. */
const TRIES = 5;

type Parts = Pick<LaneParts, "clock" | "deliveries" | "entriesAfter">;

/** Has the events at these positions sent again now; false where too many wait already. */
export const sendAgain = async (
  { clock, deliveries, entriesAfter }: Parts,
  key: DeliveryKey,
  positions: readonly number[],
): Promise<boolean> => {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const [progress] = await deliveries.load([key]);
    if (progress === undefined) return true;
    const now = clock.now();
    const waiting = new Map(progress.pending.map((one) => [one.position, one]));
    for (const position of positions) {
      // What comes behind is sent in any case.
      if (position > progress.position) continue;
      const before = { position: position - 1, hash: "" };
      const [entry] = await entriesAfter(key.organization, before, 1);
      const event = entry?.event ?? null;
      if (event === null) continue;
      const again = { attempts: 0, dueAt: now, firstAt: now };
      waiting.set(position, { position, subject: subjectOf(event), ...again });
    }
    if (waiting.size > Math.max(MOST, progress.pending.length)) return false;
    const next = { ...progress, pending: [...waiting.values()], blockedUntil: null };
    const [isKept] = await deliveries.record([{ progress: next, attempts: [] }]);
    if (isKept === true) return true;
  }
  return false;
};

/** The events that an endpoint did not take since a time, and has not taken until now. */
export const failedSince = async (
  deliveries: Deliveries,
  endpoint: string,
  since: Instant,
): Promise<readonly DeliveryAttempt[]> => {
  const failed = new Map<string, DeliveryAttempt>();
  let page: readonly DeliveryAttempt[] = [];
  do {
    const last = page[page.length - 1];
    page = await deliveries.attempts(endpoint, { isDelivered: false }, PAGE, last);
    for (const attempt of page) if (attempt.at >= since) failed.set(attempt.event, attempt);
  } while (page.length === PAGE && failed.size <= MOST && (page[PAGE - 1]?.at ?? 0) >= since);
  const open: DeliveryAttempt[] = [];
  for (const attempt of failed.values()) {
    const { event } = attempt;
    const taken = await deliveries.attempts(endpoint, { event, isDelivered: true }, 1);
    if (taken.length === 0) open.push(attempt);
  }
  return open;
};

/** Has an endpoint go on from a place in its organization's log; false where that did not work. */
export const goOnFrom = async (
  { deliveries }: Parts,
  key: DeliveryKey,
  { position, hash }: { readonly position: number; readonly hash: string },
): Promise<boolean> => {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const [known] = await deliveries.load([key]);
    const { version = 0 } = known ?? {};
    const progress = {
      ...key,
      position,
      hash,
      pending: [],
      blockedUntil: null,
      failures: 0,
      version,
    };
    const [isKept] = await deliveries.record([{ progress, attempts: [] }]);
    if (isKept === true) return true;
  }
  return false;
};
