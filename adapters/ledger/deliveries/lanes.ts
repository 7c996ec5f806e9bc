/** The lanes that are under way in this process. */
import type { Deliveries, EventLog } from "../../../core/ports/mod.ts";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import type { WebhookEndpoint } from "../../../core/webhooks/state.ts";
import { endsWithin } from "../engine/time-limit.ts";
import { openTurns } from "../engine/turns.ts";
import { eventsAfter, ForkedLog } from "../feed/cursor.ts";
import { openEntries } from "../feed/entries.ts";
import { beginning } from "./beginning.ts";
import { type Held, type Lane, leaseLane } from "./lane-lease.ts";
import { type LaneParts, sendRound } from "./lane.ts";
import { goBack } from "./forked.ts";
import type { DeliveryParts } from "./pending.ts";
import type { Registry } from "./registry.ts";
import type { SendingFor } from "./sending.ts";
import { openPlaces, openStandings } from "./standing.ts";
import { openWaitingLanes } from "./waiting-lanes.ts";

/** What lanes are made of. */
export type LanesParts = Pick<DeliveryParts, "clock"> & {
  readonly log: Pick<EventLog, "events" | "eventsAbout" | "leases" | "load">;
  readonly deliveries: Deliveries;
  readonly registry: Registry;
  /** What messages to an endpoint are sent with. */
  readonly sendingFor: SendingFor;
  /** Disables an endpoint that wants nothing more, or has failed for days. */
  readonly disable: (
    owner: string,
    endpoint: string,
    why: "gone" | "failing",
  ) => Promise<void>;
  readonly leaseMs: Milliseconds;
  readonly report: (what: string, error: unknown) => void;
};

/** The lanes that are under way, and those that wait for their endpoint. */
export type Lanes = {
  /** Begins a lane; one that is under way is done again behind that. */
  readonly begin: (lane: Lane) => void;
  /** Begins those that wait for an endpoint which is no longer blocked; whether there are any. */
  readonly beginWaiting: () => boolean;
  /** Forgets what is known of an endpoint that is to get nothing. */
  readonly forget: (endpoint: string) => void;
  /** Waits until none is under way. */
  readonly idle: () => Promise<void>;
  /** Begins no more, and waits a moment for those under way: the rest is sent by the next start. */
  readonly close: () => Promise<void>;
};

/** As many lanes at the same time: of endpoints that are sound, and of others. */
const PLACES = { sound: 256, others: 128 };

/** So long what is being sent is waited for. */
const CLOSE_MS: Milliseconds = 3 * SECOND_MS;

const nameOf = ({ endpoint, organization }: Lane): string =>
  JSON.stringify([endpoint.id, organization]);

/** Reads entries of any organization's log. */
const openReader = (log: LanesParts["log"]): DeliveryParts["entriesAfter"] => {
  const toEntries = openEntries(log);
  return async (organization, handled, limit) =>
    await toEntries(await eventsAfter(log, organization, handled, limit));
};

/** Sends what there is for a lane, a round at a time, to its endpoint as it is then. */
const sendRounds = async (
  parts: LanesParts,
  laneParts: LaneParts,
  { owner, endpoint: { id }, organization }: Lane,
): Promise<void> => {
  for (;;) {
    const endpoint = await parts.registry.current(owner, id);
    if (endpoint === null) return laneParts.standings.forget(id);
    const sending = await parts.sendingFor(endpoint);
    const round = await sendRound(laneParts, sending, endpoint, organization);
    if (round.ends !== null) return await parts.disable(owner, id, round.ends);
    if (!round.isMore || !laneParts.maySend()) return;
  }
};

/** The same while the lease is held, also where the log is not the one that was followed. */
const sendLeased = async (
  parts: LanesParts,
  laneParts: LaneParts,
  lane: Lane,
  held: Held,
): Promise<void> => {
  try {
    await sendRounds(parts, laneParts, lane);
  } catch (error) {
    if (!(error instanceof ForkedLog)) throw error;
    parts.report(`delivering to ${lane.endpoint.id}`, error);
    await goBack(laneParts, lane, error);
  } finally {
    await held.end();
  }
};

/** Opens the lanes; none is under way. */
export const openLanes = (parts: LanesParts): Lanes => {
  const { log, deliveries, clock, report } = parts;
  const standings = openStandings();
  const waiting = openWaitingLanes(standings, clock);
  const entriesAfter = openReader(log);
  const shared = {
    deliveries,
    clock,
    standings,
    entriesAfter,
    inPlace: openPlaces(),
    beginning: (endpoint: WebhookEndpoint, organization: string) =>
      beginning(log, endpoint, { endpoint: endpoint.id, organization }),
  };
  const sound = openTurns({ places: PLACES.sound, waiting: 0 });
  const others = openTurns({ places: PLACES.others, waiting: 0 });
  /** Lanes by name; true where there may be more by now. */
  const running = new Map<string, boolean>();
  const works = new Set<Promise<void>>();
  let isOver = false;

  const run = async (lane: Lane): Promise<void> => {
    if (isOver || waiting.waits(nameOf(lane), lane)) return;
    const held = await leaseLane(parts, lane);
    if (held === null) return;
    const maySend = (): boolean => held.isHeld() && !isOver;
    await sendLeased(parts, { ...shared, maySend }, lane, held);
    waiting.waits(nameOf(lane), lane);
  };
  const begin = (lane: Lane): void => {
    const name = nameOf(lane);
    if (isOver) return;
    if (running.has(name)) {
      running.set(name, true);
      return;
    }
    running.set(name, false);
    const isSound = standings.get(lane.endpoint.id)?.isSound ?? true;
    const work = (isSound ? sound : others).goOn(() => run(lane))
      .catch((error: unknown) => isOver || report(`delivering to ${lane.endpoint.id}`, error))
      .then(() => {
        works.delete(work);
        const isMore = running.get(name) === true;
        running.delete(name);
        if (isMore) begin(lane);
      });
    works.add(work);
  };
  const idle = async (): Promise<void> => {
    while (works.size > 0) await Promise.all(works);
  };
  return {
    begin,
    idle,
    beginWaiting: () => {
      const lanes = waiting.take();
      for (const lane of lanes) begin(lane);
      return lanes.length > 0;
    },
    forget: (endpoint) => {
      standings.forget(endpoint);
      waiting.forget(endpoint);
    },
    close: async () => {
      isOver = true;
      await endsWithin(CLOSE_MS, idle());
    },
  };
};
