/** Has events sent again that an endpoint was sent before: they wait as those do that failed. */
import type {
  Deliveries,
  DeliveryAttempt,
  DeliveryKey,
  DeliveryProgress,
  Head,
} from "../../../core/ports/mod.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import { MAX_PENDING } from "./lane.ts";
import { type DeliveryParts, eventsAt, itemOf, pendingOf } from "./pending.ts";

/** As many attempts as are read at a time. */
const PAGE = 1_000;

/** How often what another process wrote meanwhile is read again. */
const TRIES = 5;

/** Which events an endpoint is to be sent again, by the positions in each organization's log. */
export type Wanted = ReadonlyMap<string, readonly number[]>;

/** The progress with these events waiting; what comes behind it is sent in any case. */
const withWaiting = async (
  parts: DeliveryParts,
  progress: DeliveryProgress,
  positions: readonly number[],
): Promise<DeliveryProgress> => {
  const past = positions.filter((position) => position <= progress.position);
  const events = await eventsAt(parts, progress.organization, past);
  const now = parts.clock.now();
  const pending = new Map(progress.pending.map((one) => [one.position, one]));
  for (const [position, event] of events) {
    pending.set(position, pendingOf(itemOf(event, position, now)));
  }
  return { ...progress, pending: [...pending.values()], blockedUntil: null };
};

/** Has these events sent again now; false, and nothing is done, where too many wait already. */
export const sendAgain = async (
  parts: DeliveryParts,
  endpoint: string,
  wanted: Wanted,
): Promise<boolean> => {
  const { deliveries } = parts;
  let open = [...wanted.keys()];
  for (let tried = 0; tried < TRIES && open.length > 0; tried += 1) {
    const keys = open.map((organization): DeliveryKey => ({ endpoint, organization }));
    const known = await deliveries.load(keys);
    const next = await Promise.all(
      known.map((one) => withWaiting(parts, one, wanted.get(one.organization) ?? [])),
    );
    const isFull = ({ pending }: DeliveryProgress, at: number): boolean =>
      pending.length > Math.max(MAX_PENDING, known[at]?.pending.length ?? 0);
    if (next.some(isFull)) return false;
    const kept = await deliveries.record(next.map((progress) => ({ progress, attempts: [] })));
    open = next.flatMap(({ organization }, at) => kept[at] === true ? [] : [organization]);
  }
  return open.length === 0;
};

/** The events that an endpoint did not take since a time, and has not taken until now. */
export const failedSince = async (
  deliveries: Deliveries,
  endpoint: string,
  since: Instant,
): Promise<Wanted> => {
  const failed = new Map<string, DeliveryAttempt>();
  let page: readonly DeliveryAttempt[] = [];
  do {
    page = await deliveries.attempts(endpoint, { isDelivered: false }, PAGE, page[PAGE - 1]);
    // Those of a test are of no event.
    const own = page.filter(({ at, position }) => at >= since && position > 0);
    for (const attempt of own) failed.set(attempt.event, attempt);
  } while (failed.size <= MAX_PENDING && (page[PAGE - 1]?.at ?? 0) >= since);
  const open = new Map<string, number[]>();
  for (const { event, organization, position } of failed.values()) {
    const taken = await deliveries.attempts(endpoint, { event, isDelivered: true }, 1);
    if (taken.length > 0) continue;
    open.set(organization, [...open.get(organization) ?? [], position]);
  }
  return open;
};

/**
 * Has an endpoint be sent again what happened behind a place in its organization's log. Nothing is
 * left out: what waits from before stays, and a place that it has not come to changes nothing.
 * `unknown` is its progress where none is kept yet. False where others keep writing it.
 */
export const goBackTo = async (
  { deliveries }: DeliveryParts,
  unknown: DeliveryProgress,
  place: Head,
): Promise<boolean> => {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const [progress = unknown] = await deliveries.load([unknown]);
    if (progress.position <= place.position) return true;
    const pending = progress.pending.filter(({ position }) => position <= place.position);
    const next = { ...progress, ...place, pending, blockedUntil: null };
    const [isKept] = await deliveries.record([{ progress: next, attempts: [] }]);
    if (isKept === true) return true;
  }
  return false;
};
