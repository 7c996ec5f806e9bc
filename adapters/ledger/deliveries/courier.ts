/**
 * The automation that delivers published events to webhook endpoints. It is one over the log: what
 * is kept of an endpoint is how far it has come, and what it did not take.
 */
import type { Clock, Deliveries, DeliveryKey, EventLog } from "../../../core/ports/mod.ts";
import { DAY_MS, type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import { eventsAfter, ForkedLog } from "../feed/cursor.ts";
import { openEntries } from "../feed/entries.ts";
import type { WebhookEndpoint as Endpoint } from "../../../core/webhooks/state.ts";
import { endLease, type Lane, leaseLane } from "./lane-lease.ts";
import { type LaneParts, PARKED, sendRound } from "./lane.ts";
import type { Sending } from "./message.ts";
import type { Registry } from "./registry.ts";
import { openSlots } from "./slots.ts";

/** How long an attempt is kept. */
const KEPT_MS: Milliseconds = 30 * DAY_MS;

/** How often what is due is looked for; in between, notifications are what begins work. */
const LOOK_MS: Milliseconds = SECOND_MS;

/** How often all endpoints are looked at, for notifications that were lost. */
const SWEEP_MS: Milliseconds = 30 * SECOND_MS;

/** As many attempts as are dropped at a time. */
const DROPPED = 1_000;

const PAGE = 1_000;

/** While a test clock is not advanced, what is due is tried so often. */
const TRIES = 4;

/** What the automation is made of. */
export type CourierParts = {
  readonly log: Pick<EventLog, "events" | "eventsAbout" | "heads" | "load" | "watch" | "leases">;
  readonly deliveries: Deliveries;
  readonly clock: Clock;
  readonly registry: Registry;
  /** What messages to an endpoint are sent with. */
  readonly sendingFor: (endpoint: Endpoint) => Promise<Sending>;
  /** Disables an endpoint that wants nothing more, or has failed for days. */
  readonly disable: (
    owner: string,
    endpoint: string,
    why: "gone" | "failing",
  ) => Promise<void>;
  readonly leaseMs: Milliseconds;
  readonly report: (what: string, error: unknown) => void;
};

/** The automation. */
export type Courier = {
  /** Notes that the endpoints of an owner have changed. */
  readonly changed: (owner: string) => void;
  /** Sends all that is due now, and waits for it: for a test clock. */
  readonly settle: () => Promise<void>;
  /** When something is due next after a time of the ledger's clock; null where nothing is. */
  readonly nextDue: Deliveries["nextDue"];
  /** Begins no more, and waits for what is under way. */
  readonly close: () => Promise<void>;
};

const nameOf = ({ endpoint, organization }: Lane): string =>
  JSON.stringify([endpoint.id, organization]);

/** Goes on from where the log is now, after the restore of a backup: what followed is lost. */
const rewind = async (
  { deliveries }: CourierParts,
  { endpoint, organization }: Lane,
  { found }: ForkedLog,
): Promise<void> => {
  const [progress] = await deliveries.load([{ endpoint: endpoint.id, organization }]);
  if (progress === undefined) return;
  const pending = progress.pending.filter(({ position }) => position <= found.position);
  await deliveries.record([{ progress: { ...progress, ...found, pending }, attempts: [] }]);
};

/** Sends what there is for a lane, as long as this process may. */
const runLane = async (
  parts: CourierParts,
  { entriesAfter, slots }: Pick<LaneParts, "entriesAfter" | "slots">,
  lane: Lane,
  isOver: () => boolean,
): Promise<void> => {
  const { deliveries, clock, registry } = parts;
  const lease = await leaseLane(parts, lane);
  if (lease === null) return;
  try {
    // Another server may have changed it.
    const endpoint = await registry.current(lane.owner, lane.endpoint.id);
    if (endpoint === null) return;
    const sending = await parts.sendingFor(endpoint);
    const maySend = (): boolean => lease.isHeld() && !isOver();
    const laneParts = { deliveries, clock, entriesAfter, slots, maySend };
    for (;;) {
      if (!await lease.renew() || isOver()) return;
      const round = await sendRound(laneParts, sending, endpoint, lane.organization);
      if (round.ends !== null) {
        return await parts.disable(lane.owner, endpoint.id, round.ends);
      }
      if (!round.isMore) return;
    }
  } catch (error) {
    if (!(error instanceof ForkedLog)) throw error;
    parts.report(`delivering to ${lane.endpoint.id}`, error);
    await rewind(parts, lane, error);
  } finally {
    await endLease(parts, lane);
  }
};

/** The lanes of these endpoints through the logs that have more than was sent. */
async function* behind(
  { log, deliveries, registry }: CourierParts,
): AsyncGenerator<Lane, void, undefined> {
  for (const { owner, endpoint } of registry.organizations()) {
    yield { owner, endpoint, organization: owner };
  }
  const operators = registry.operators();
  if (operators.length === 0) return;
  for (let after = "";;) {
    const page = await log.heads(after, PAGE);
    for (const { owner, endpoint } of operators) {
      const keys = page.map(({ organization }) => ({ endpoint: endpoint.id, organization }));
      const reached = new Map(
        (await deliveries.load(keys)).map(({ organization, hash }) => [organization, hash]),
      );
      for (const { organization, head } of page) {
        if (reached.get(organization) !== head.hash) yield { owner, endpoint, organization };
      }
    }
    const last = page[page.length - 1];
    if (last === undefined || page.length < PAGE) return;
    after = last.organization;
  }
}

/** The lanes that are under way. */
type Lanes = {
  /** Begins a lane; one that is under way is done again behind that. */
  readonly begin: (lane: Lane) => void;
  /** Waits until none is under way. */
  readonly idle: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const openLanes = (parts: CourierParts): Lanes => {
  const { log, report } = parts;
  const toEntries = openEntries(log);
  const entriesAfter: LaneParts["entriesAfter"] = async (organization, handled, limit) =>
    await toEntries(await eventsAfter(log, organization, handled, limit));
  const slots = openSlots();
  /** Lanes by name; true where there may be more by now. */
  const running = new Map<string, boolean>();
  const works = new Set<Promise<void>>();
  let isOver = false;
  const begin = (lane: Lane): void => {
    const name = nameOf(lane);
    if (isOver) return;
    if (running.has(name)) {
      running.set(name, true);
      return;
    }
    running.set(name, false);
    const work = runLane(parts, { entriesAfter, slots }, lane, () => isOver)
      .catch((error: unknown) => report(`delivering to ${lane.endpoint.id}`, error))
      .finally(() => {
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
  const close = async (): Promise<void> => {
    isOver = true;
    await idle();
  };
  return { begin, idle, close };
};

/** Drops what is kept of an endpoint that was removed, and parks that of one that is disabled. */
const putAway = async (
  { deliveries, registry }: CourierParts,
  key: DeliveryKey,
): Promise<void> => {
  if (!await registry.exists(key.endpoint)) {
    await deliveries.remove(key.endpoint, PAGE);
    return;
  }
  const [progress] = await deliveries.load([key]);
  if (progress === undefined) return;
  await deliveries.record([{ progress: { ...progress, blockedUntil: PARKED }, attempts: [] }]);
};

/** Begins the lanes for which something is due; whether there are any. */
const beginDue = async (parts: CourierParts, { begin }: Lanes): Promise<boolean> => {
  const { deliveries, clock, registry } = parts;
  const known = new Map(
    [...registry.organizations(), ...registry.operators()]
      .map((owned) => [owned.endpoint.id, owned]),
  );
  let isAny = false;
  for (const { endpoint, organization } of await deliveries.due(clock.now(), PAGE)) {
    const owned = known.get(endpoint);
    if (owned === undefined) {
      await putAway(parts, { endpoint, organization });
      continue;
    }
    isAny = true;
    begin({ ...owned, organization });
  }
  return isAny;
};

/** Looks at all endpoints, and drops attempts that were kept long enough. */
const sweep = async (parts: CourierParts, { begin }: Lanes): Promise<void> => {
  const { registry, deliveries, clock } = parts;
  await registry.reloadAll();
  for await (const lane of behind(parts)) begin(lane);
  await deliveries.forget(clock.now() - KEPT_MS, DROPPED);
};

/** Opens the automation, which begins immediately. */
export const openCourier = (parts: CourierParts): Courier => {
  const { log, deliveries, registry, report } = parts;
  const lanes = openLanes(parts);
  const beginAll = (organization: string): void => {
    for (const owned of registry.of(organization)) lanes.begin({ ...owned, organization });
  };
  let looking: Promise<void> | null = null;
  let sweptAt = Number.NEGATIVE_INFINITY;
  const look = async (): Promise<void> => {
    if (performance.now() - sweptAt >= SWEEP_MS) {
      sweptAt = performance.now();
      await sweep(parts, lanes);
    }
    await beginDue(parts, lanes);
  };
  const timer = setInterval(() => {
    looking ??= look()
      .catch((error: unknown) => report("looking for deliveries", error))
      .finally(() => void (looking = null));
  }, LOOK_MS);
  const unwatch = log.watch(({ organizations }) => {
    if (organizations === "many") sweptAt = Number.NEGATIVE_INFINITY;
    else for (const organization of organizations) beginAll(organization);
  });
  return {
    changed: (owner) => {
      registry.reload(owner).then(() => beginAll(owner))
        .catch((error: unknown) => report("reading webhook endpoints", error));
    },
    settle: async () => {
      await sweep(parts, lanes);
      await lanes.idle();
      for (let tried = 0; tried < TRIES && await beginDue(parts, lanes); tried += 1) {
        await lanes.idle();
      }
    },
    nextDue: (after) => deliveries.nextDue(after),
    close: async () => {
      unwatch();
      clearInterval(timer);
      await looking;
      await lanes.close();
    },
  };
};
