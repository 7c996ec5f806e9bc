/** An endpoint's way through the log of one organization, a round at a time. */
import type {
  Clock,
  Deliveries,
  DeliveryAttempt,
  DeliveryProgress,
  Head,
  PendingDelivery,
} from "../../../core/ports/mod.ts";
import { type Instant, type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import type { FeedEvent } from "../api/events.ts";
import type { Entry } from "../feed/entries.ts";
import type { WebhookEndpoint as Endpoint } from "../../../core/webhooks/state.ts";
import { attempt, type Attempted, keptAttempt, type Sending } from "./message.ts";
import { waitAfter } from "./schedule.ts";
import type { Slots } from "./slots.ts";

/** As many entries of the log as a round reads. */
const WINDOW = 100;

/** As many events as may wait to be sent again: no more of the log is read where so many do. */
const MAX_PENDING = 500;

/** As many subjects' events as are sent to an endpoint at the same time, once it takes any. */
const PARALLEL = 4;

/** How long is waited where we ourselves could not send. */
const OWN_WAIT_MS: Milliseconds = SECOND_MS;

/** Until when an endpoint waits that is disabled: it is due when it is enabled. */
export const PARKED: Instant = Number.MAX_SAFE_INTEGER;

/** So many failures in a row are the endpoint's, whatever it answers. */
const ROW = 5;

/** What a lane is made of. */
export type LaneParts = {
  readonly deliveries: Deliveries;
  readonly clock: Clock;
  /** Entries of an organization's log after a place, at most so many. */
  readonly entriesAfter: (
    organization: string,
    handled: Head,
    limit: number,
  ) => Promise<readonly Entry[]>;
  /** Places for messages, which all lanes share. */
  readonly slots: Slots;
  /** Whether this process may still send: it does not once its lease may have lapsed. */
  readonly maySend: () => boolean;
};

/** What a round has come to. */
export type Round = {
  /** Whether there may be more to do now. */
  readonly isMore: boolean;
  /** Why the endpoint is to get nothing any more; null while it is. */
  readonly ends: "gone" | "failing" | null;
};

/** An event that is to be sent, with what is known of earlier attempts. */
type Item = PendingDelivery & { readonly event: FeedEvent };

/** What is known of the endpoint in a round. */
type Standing = {
  failures: number;
  blockedUntil: Instant | null;
  ends: Round["ends"];
  readonly attempts: DeliveryAttempt[];
  /** What stays to be sent, by position. */
  readonly pending: Map<number, PendingDelivery>;
};

/** What an event is about: events about the same are delivered in order. */
export const subjectOf = ({ data, subject }: FeedEvent): string => {
  // What is about a number is in order with all else that is.
  const number: unknown = Reflect.get(data, "number");
  return typeof number === "string" ? `/ledger/numbers/${number}` : subject;
};

const isWanted = ({ event, world }: Entry, endpoint: Endpoint): boolean =>
  event !== null &&
  (endpoint.types.length === 0 || endpoint.types.includes(event.type)) &&
  (world === null || endpoint.world === "all" || endpoint.world === world) &&
  (endpoint.from !== null || Date.parse(event.at) >= endpoint.addedAt);

/** Items by subject, each subject's in order. */
const bySubject = (items: readonly Item[]): readonly Item[][] => {
  const subjects = new Map<string, Item[]>();
  for (const item of [...items].sort((a, b) => a.position - b.position)) {
    const known = subjects.get(item.subject);
    if (known === undefined) subjects.set(item.subject, [item]);
    else known.push(item);
  }
  return [...subjects.values()];
};

const blocked = (standing: Standing, now: Instant): boolean =>
  standing.ends !== null || (standing.blockedUntil !== null && standing.blockedUntil > now);

/** Notes what an attempt has come to. */
const settle = (
  standing: Standing,
  endpoint: Endpoint,
  item: Item,
  attempted: Attempted,
  now: Instant,
): boolean => {
  const { outcome, isOfEndpoint, retryAfterMs } = attempted;
  const { event: _event, ...pending } = item;
  if (outcome === "unsent") {
    standing.blockedUntil = now + OWN_WAIT_MS;
    standing.pending.set(item.position, { ...pending, dueAt: standing.blockedUntil });
    return false;
  }
  const { position, event } = item;
  standing.attempts.push(keptAttempt(endpoint.id, event, position, item, attempted, now));
  if (outcome === "delivered") {
    standing.failures = 0;
    standing.blockedUntil = null;
    standing.pending.delete(item.position);
    return true;
  }
  standing.failures += 1;
  if (outcome === "gone") standing.ends = "gone";
  const attempts = item.attempts + 1;
  const firstAt = item.attempts === 0 ? now : item.firstAt;
  const wait = waitAfter(attempts, event.id, retryAfterMs);
  if (wait === null) {
    // Given up; where nothing was taken since it was sent first, so is the endpoint.
    standing.pending.delete(item.position);
    if (standing.failures >= attempts) standing.ends ??= "failing";
    return true;
  }
  standing.pending.set(item.position, { ...pending, attempts, firstAt, dueAt: now + wait });
  // The same event is what the endpoint is asked with next.
  if (isOfEndpoint || standing.failures >= ROW) standing.blockedUntil = now + wait;
  return false;
};

/** Sends items, each subject's in order and subjects side by side, until the endpoint fails. */
const sendAll = async (
  parts: LaneParts,
  sending: Sending,
  endpoint: Endpoint,
  items: readonly Item[],
  standing: Standing,
): Promise<void> => {
  const queue = [...bySubject(items)];
  const goOn = (): boolean => parts.maySend() && !blocked(standing, parts.clock.now());
  const sendSubjects = async (most: number): Promise<void> => {
    for (let sent = 0; sent < most; sent += 1) {
      const subject = goOn() ? queue.shift() : undefined;
      if (subject === undefined) return;
      for (const item of subject) {
        if (!goOn()) return;
        const inTurn = parts.slots(standing.failures > 0);
        const attempted = await inTurn(async () =>
          goOn() ? await attempt(sending, endpoint, item.event) : null
        );
        if (attempted === null) return;
        if (!settle(standing, endpoint, item, attempted, parts.clock.now())) break;
      }
    }
  };
  // One subject first: an endpoint that hangs keeps no more than one place.
  await sendSubjects(1);
  await Promise.all(Array.from({ length: PARALLEL }, () => sendSubjects(Number.MAX_SAFE_INTEGER)));
};

/** What stays to be sent: behind an event of the same subject nothing is due before that is. */
const inOrder = (pending: Iterable<PendingDelivery>): readonly PendingDelivery[] => {
  const dueBySubject = new Map<string, Instant>();
  return [...pending].sort((a, b) => a.position - b.position).map((one) => {
    const before = dueBySubject.get(one.subject);
    const own = before === undefined || one.attempts > 0 ? one.dueAt : 0;
    const dueAt = Math.max(own, before ?? 0);
    dueBySubject.set(one.subject, dueAt);
    return dueAt === one.dueAt ? one : { ...one, dueAt };
  });
};

/** The place at which an endpoint begins in the log of one organization. */
const beginning = ({ from }: Endpoint, key: { endpoint: string; organization: string }) => ({
  ...key,
  position: from ?? 0,
  hash: "",
  pending: [],
  blockedUntil: null,
  failures: 0,
  version: 0,
});

/** The events that are due again, read anew from the log. */
const dueItems = async (
  { entriesAfter }: LaneParts,
  organization: string,
  pending: readonly PendingDelivery[],
  now: Instant,
): Promise<readonly Item[]> => {
  const items: Item[] = [];
  for (const one of inOrder(pending)) {
    if (one.dueAt > now) continue;
    if (items.length === WINDOW) break;
    const [entry] = await entriesAfter(organization, { position: one.position - 1, hash: "" }, 1);
    const event = entry?.event ?? null;
    if (event !== null) items.push({ ...one, event });
  }
  return items;
};

/** Reads further entries, of which the wanted ones are to be sent, and how far that is. */
const newItems = async (
  { entriesAfter }: LaneParts,
  endpoint: Endpoint,
  { organization, position, hash }: DeliveryProgress,
  now: Instant,
): Promise<{ readonly items: readonly Item[]; readonly end: Head; readonly read: number }> => {
  const entries = await entriesAfter(organization, { position, hash }, WINDOW);
  const items = entries.flatMap((entry): readonly Item[] => {
    const { event } = entry;
    if (event === null || !isWanted(entry, endpoint)) return [];
    const sending = { subject: subjectOf(event), attempts: 0, dueAt: now, firstAt: now };
    return [{ position: entry.position, ...sending, event }];
  });
  const last = entries[entries.length - 1];
  const end = last === undefined
    ? { position, hash }
    : { position: last.position, hash: last.hash };
  return { items, end, read: entries.length };
};

/**
 * Sends what is due to an endpoint of the events of one organization, and keeps what came of it. A
 * round sends some; where another process has written meanwhile, nothing of it is kept, and what it
 * sent may be sent again.
 */
export const sendRound = async (
  parts: LaneParts,
  sending: Sending,
  endpoint: Endpoint,
  organization: string,
): Promise<Round> => {
  const { deliveries, clock } = parts;
  const key = { endpoint: endpoint.id, organization };
  const [known] = await deliveries.load([key]);
  const progress: DeliveryProgress = known ?? beginning(endpoint, key);
  const now = clock.now();
  const standing: Standing = {
    failures: progress.failures,
    // Parked while it was disabled, which it is no longer.
    blockedUntil: progress.blockedUntil === PARKED ? null : progress.blockedUntil,
    ends: null,
    attempts: [],
    pending: new Map(progress.pending.map((one) => [one.position, one])),
  };
  if (blocked(standing, now)) return { isMore: false, ends: null };
  const due = await dueItems(parts, organization, progress.pending, now);
  await sendAll(parts, sending, endpoint, due, standing);
  let end: Head = progress;
  let read = 0;
  if (!blocked(standing, clock.now()) && parts.maySend() && standing.pending.size < MAX_PENDING) {
    const found = await newItems(parts, endpoint, progress, now);
    ({ end, read } = found);
    const waiting = new Set([...standing.pending.values()].map(({ subject }) => subject));
    for (const { event: _event, ...one } of found.items) standing.pending.set(one.position, one);
    const free = found.items.filter(({ subject }) => !waiting.has(subject));
    await sendAll(parts, sending, endpoint, free, standing);
  }
  const isSame = read === 0 && due.length === 0;
  if (isSame && known !== undefined) return { isMore: false, ends: null };
  const { blockedUntil, failures, attempts } = standing;
  const pending = inOrder(standing.pending.values());
  const next = { ...progress, position: end.position, hash: end.hash };
  const [isKept = false] = await deliveries.record([{
    progress: { ...next, pending, blockedUntil, failures },
    attempts,
  }]);
  const isMore = !isKept || read > 0 || attempts.length > 0;
  return { isMore: isMore && !blocked(standing, clock.now()), ends: isKept ? standing.ends : null };
};
