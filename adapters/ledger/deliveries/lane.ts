/** An endpoint's way through the log of one organization, a round at a time. */
import type {
  DeliveryAttempt,
  DeliveryProgress,
  Head,
  PendingDelivery,
} from "../../../core/ports/mod.ts";
import {
  DAY_MS,
  type Instant,
  type Milliseconds,
  SECOND_MS,
} from "../../../core/values/calendar.ts";
import type { WebhookEndpoint } from "../../../core/webhooks/state.ts";
import type { Entry } from "../feed/entries.ts";
import { attempt, type Attempted, keptAttempt, type Sending } from "./message.ts";
import {
  bySubject,
  type DeliveryParts,
  eventsAt,
  inOrder,
  type Item,
  itemOf,
  pendingOf,
  WINDOW,
} from "./pending.ts";
import { waitAfter } from "./schedule.ts";
import { type InPlace, isBlocked, type Standing, type Standings } from "./standing.ts";

/** As many events as may wait to be sent again: no more of the log is read where so many do. */
export const MAX_PENDING = 500;

/** As many subjects' events as a lane sends at the same time, once the endpoint takes any. */
const PARALLEL = 4;

/** A round begins no more messages after so long, so that what was taken is soon kept. */
const ROUND_MS: Milliseconds = 2 * SECOND_MS;

/** How long is waited where we ourselves could not send. */
const OWN_WAIT_MS: Milliseconds = SECOND_MS;

/** So many failures in a row are the endpoint's, whatever it answers. */
const ROW = 5;

/** An event is not sent again once it was sent first so long ago, whatever the endpoint asks. */
const MAX_AGE_MS: Milliseconds = 4 * DAY_MS;

/** What a lane is made of. */
export type LaneParts = DeliveryParts & {
  readonly standings: Standings;
  readonly inPlace: InPlace;
  /** What is kept of an endpoint in a log of which nothing is kept. */
  readonly beginning: (
    endpoint: WebhookEndpoint,
    organization: string,
  ) => Promise<DeliveryProgress>;
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

/** One round of a lane. */
type Going = {
  readonly parts: LaneParts;
  readonly sending: Sending;
  readonly endpoint: WebhookEndpoint;
  readonly standing: Standing;
  readonly attempts: DeliveryAttempt[];
  /** What stays to be sent, by position. */
  readonly pending: Map<number, PendingDelivery>;
  /** Whether another message may be sent. */
  readonly goOn: () => boolean;
  ends: Round["ends"];
};

const isWanted = ({ event, world }: Entry, endpoint: WebhookEndpoint): boolean =>
  event !== null &&
  (endpoint.types.length === 0 || endpoint.types.includes(event.type)) &&
  (world === null || endpoint.world === "all" || endpoint.world === world);

/** Notes that an event was not taken; whether those behind it may be sent. */
const settleFailure = (
  going: Going,
  item: Item,
  { outcome, isOfEndpoint, retryAfterMs }: Attempted,
  now: Instant,
): boolean => {
  const { standing, pending } = going;
  standing.failures += 1;
  standing.isSound = false;
  if (outcome === "gone") going.ends = "gone";
  const attempts = item.attempts + 1;
  const firstAt = item.attempts === 0 ? now : item.firstAt;
  const wait = waitAfter(attempts, item.event.id, retryAfterMs);
  if (wait === null || now + wait > firstAt + MAX_AGE_MS) {
    // Given up; where nothing was taken since it was sent first, so is the endpoint.
    pending.delete(item.position);
    if (standing.failures >= attempts) going.ends ??= "failing";
    return true;
  }
  const dueAt = now + wait;
  pending.set(item.position, { ...pendingOf(item), attempts, firstAt, dueAt });
  // The same event is what the endpoint is asked with next.
  if (isOfEndpoint || standing.failures >= ROW) {
    standing.blockedUntil = Math.max(standing.blockedUntil ?? 0, dueAt);
  }
  return false;
};

/** Notes what an attempt has come to; whether those behind it may be sent. */
const settle = (going: Going, item: Item, attempted: Attempted): boolean => {
  const { parts: { clock }, endpoint, standing, pending, attempts } = going;
  const now = clock.now();
  const { position, event } = item;
  if (attempted.outcome === "unsent") {
    standing.blockedUntil = Math.max(standing.blockedUntil ?? 0, now + OWN_WAIT_MS);
    return false;
  }
  attempts.push(keptAttempt(endpoint.id, event, position, item, attempted, now));
  if (attempted.outcome !== "delivered") return settleFailure(going, item, attempted, now);
  standing.failures = 0;
  standing.isSound = true;
  // Another message may just have been refused beside this one, for a while.
  if (!isBlocked(standing, now)) standing.blockedUntil = null;
  pending.delete(position);
  return true;
};

/** Sends items, each subject's in order and subjects side by side, until the endpoint fails. */
const sendAll = async (going: Going, items: readonly Item[]): Promise<void> => {
  const { parts: { inPlace }, sending, endpoint, standing, goOn } = going;
  const queue = bySubject(items);
  const sendOne = (item: Item): Promise<Attempted | null> =>
    inPlace(
      endpoint.id,
      standing,
      async () => goOn() ? await attempt(sending, endpoint, item.event) : null,
    );
  const sendSubjects = async (most: number): Promise<void> => {
    for (let sent = 0; sent < most && goOn(); sent += 1) {
      for (const item of queue.shift() ?? []) {
        const attempted = await sendOne(item);
        if (attempted === null) return;
        if (!settle(going, item, attempted)) break;
      }
    }
  };
  if (!standing.isSound) await sendSubjects(1);
  const rest = queue.length;
  await Promise.all(Array.from({ length: Math.min(PARALLEL, rest) }, () => sendSubjects(rest)));
};

/** Sends what is due again; whether there was anything. */
const sendDue = async (going: Going, organization: string): Promise<boolean> => {
  const { parts, pending } = going;
  const now = parts.clock.now();
  const due = inOrder(pending.values()).filter(({ dueAt }) => dueAt <= now).slice(0, WINDOW);
  const events = await eventsAt(parts, organization, due.map(({ position }) => position));
  const items = due.flatMap((one): readonly Item[] => {
    const event = events.get(one.position);
    if (event !== undefined) return [{ ...one, event }];
    // The log has it no more, as after the restore of a backup.
    pending.delete(one.position);
    return [];
  });
  await sendAll(going, items);
  return due.length > 0;
};

/** Reads further entries and sends what is wanted of them; gives how far that is. */
const sendNew = async (going: Going, organization: string, handled: Head): Promise<Head> => {
  const { parts, endpoint, pending } = going;
  const entries = await parts.entriesAfter(organization, handled, WINDOW);
  const last = entries[entries.length - 1];
  if (last === undefined) return handled;
  const now = parts.clock.now();
  const waiting = new Set([...pending.values()].map(({ subject }) => subject));
  const items = entries.flatMap((entry): readonly Item[] => {
    const { event, position } = entry;
    return event !== null && isWanted(entry, endpoint) ? [itemOf(event, position, now)] : [];
  });
  for (const item of items) pending.set(item.position, pendingOf(item));
  await sendAll(going, items.filter(({ subject }) => !waiting.has(subject)));
  return { position: last.position, hash: last.hash };
};

/**
 * Sends what is due to an endpoint of the events of one organization, and keeps what came of it. A
 * round sends some; where another process has written meanwhile, nothing of it is kept, and what it
 * sent may be sent again.
 */
export const sendRound = async (
  parts: LaneParts,
  sending: Sending,
  endpoint: WebhookEndpoint,
  organization: string,
): Promise<Round> => {
  const { deliveries, clock, standings } = parts;
  const [known] = await deliveries.load([{ endpoint: endpoint.id, organization }]);
  const progress = known ?? await parts.beginning(endpoint, organization);
  const standing = standings.of(progress);
  const begun_ms = performance.now();
  const going: Going = {
    parts,
    sending,
    endpoint,
    standing,
    attempts: [],
    pending: new Map(progress.pending.map((one) => [one.position, one])),
    ends: null,
    goOn: () =>
      going.ends === null && parts.maySend() && !isBlocked(standing, clock.now()) &&
      performance.now() - begun_ms < ROUND_MS,
  };
  if (!going.goOn()) return { isMore: false, ends: null };
  const wasDue = await sendDue(going, organization);
  const handled = { position: progress.position, hash: progress.hash };
  const mayRead = going.goOn() && going.pending.size < MAX_PENDING;
  const end = mayRead ? await sendNew(going, organization, handled) : handled;
  if (!wasDue && end === handled && known !== undefined) return { isMore: false, ends: null };
  const { blockedUntil, failures } = standing;
  const next = { ...progress, ...end, pending: inOrder(going.pending.values()) };
  const [isKept = false] = await deliveries.record([{
    progress: { ...next, blockedUntil, failures },
    attempts: going.attempts,
  }]);
  const isMore = !isKept || end !== handled || going.attempts.length > 0;
  return { isMore, ends: isKept ? going.ends : null };
};
