/**
 * The automation that delivers published events to webhook endpoints. It is one over the log: what
 * is kept of an endpoint is how far it has come, and what it did not take.
 */
import type { Deliveries, DeliveryKey, EventLog } from "../../../core/ports/mod.ts";
import { DAY_MS, type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import type { Lane } from "./lane-lease.ts";
import { type Lanes, type LanesParts, openLanes } from "./lanes.ts";
import { PARKED } from "./standing.ts";

/** How long an attempt is kept. */
const KEPT_MS: Milliseconds = 30 * DAY_MS;

/** How often what is due is looked for; in between, notifications are what begins work. */
const LOOK_MS: Milliseconds = SECOND_MS;

/** How often all endpoints are looked at, for notifications that were lost. */
const SWEEP_MS: Milliseconds = 30 * SECOND_MS;

/** As many attempts as are dropped in one statement, and how often at one time. */
const DROPPED = { each: 1_000, times: 20 };

/** As many heads, endpoints or due rows as are read at a time. */
const PAGE = 1_000;

/** While a test clock is not advanced, what is due is tried so often. */
const TRIES = 4;

/** What the automation is made of. */
export type CourierParts = LanesParts & {
  readonly log: Pick<EventLog, "heads" | "watch">;
};

/** The automation. */
export type Courier = {
  /** Notes that an endpoint of an owner was changed, or is to be sent something now. */
  readonly changed: (owner: string, endpoint: string) => void;
  /** Sends all that is due now, and waits for it: for a test clock. */
  readonly settle: () => Promise<void>;
  /** When something is due next after a time of the ledger's clock; null where nothing is. */
  readonly nextDue: Deliveries["nextDue"];
  /** Begins no more, and waits a moment for what is under way. */
  readonly close: () => Promise<void>;
};

/** Begins those of these lanes whose logs have more than was sent, by the hashes of heads. */
const beginBehind = async (
  { deliveries }: CourierParts,
  { begin }: Lanes,
  candidates: readonly (Lane & { readonly hash: string })[],
): Promise<void> => {
  const keys = candidates.map(({ endpoint: { id: endpoint }, organization }) => ({
    endpoint,
    organization,
  }));
  const nameOf = ({ endpoint, organization }: DeliveryKey) =>
    JSON.stringify([endpoint, organization]);
  const reached = new Map(
    (await deliveries.load(keys)).map((progress) => [nameOf(progress), progress.hash]),
  );
  for (const { hash, ...lane } of candidates) {
    const key = { endpoint: lane.endpoint.id, organization: lane.organization };
    if (reached.get(nameOf(key)) !== hash) begin(lane);
  }
};

/** Begins the lanes of all endpoints whose logs have more than was sent. */
const beginAllBehind = async (parts: CourierParts, lanes: Lanes): Promise<void> => {
  const { log, registry } = parts;
  if (registry.isEmpty()) return;
  for (let after = "";;) {
    const page = await log.heads(after, PAGE);
    const candidates = page.flatMap(({ organization, head: { hash } }) =>
      registry.of(organization).map((owned) => ({ ...owned, organization, hash }))
    );
    for (let at = 0; at < candidates.length; at += PAGE) {
      await beginBehind(parts, lanes, candidates.slice(at, at + PAGE));
    }
    const last = page[page.length - 1];
    if (last === undefined || page.length < PAGE) return;
    after = last.organization;
  }
};

/** Drops what is kept of an endpoint that was removed, and parks that of one that is disabled. */
const putAway = async (
  { deliveries, registry }: CourierParts,
  { forget }: Lanes,
  key: DeliveryKey,
): Promise<void> => {
  forget(key.endpoint);
  if (!await registry.exists(key.endpoint)) {
    await deliveries.remove(key.endpoint, PAGE);
    return;
  }
  const [progress] = await deliveries.load([key]);
  if (progress === undefined) return;
  await deliveries.record([{ progress: { ...progress, blockedUntil: PARKED }, attempts: [] }]);
};

/** Begins the lanes for which something is due; whether there are any. */
const beginDue = async (parts: CourierParts, lanes: Lanes): Promise<boolean> => {
  const { deliveries, clock, registry } = parts;
  let isAny = lanes.beginWaiting();
  for (const { endpoint, organization } of await deliveries.due(clock.now(), PAGE)) {
    const owned = registry.get(endpoint);
    if (owned === undefined) {
      await putAway(parts, lanes, { endpoint, organization });
      continue;
    }
    isAny = true;
    lanes.begin({ ...owned, organization });
  }
  return isAny;
};

/** Drops attempts that were kept long enough. */
const forgetAttempts = async ({ deliveries, clock }: CourierParts): Promise<void> => {
  for (let times = 0; times < DROPPED.times; times += 1) {
    if (await deliveries.forget(clock.now() - KEPT_MS, DROPPED.each) < DROPPED.each) return;
  }
};

/** Looks at all endpoints, whatever was noted of them. */
const sweep = async (parts: CourierParts, lanes: Lanes): Promise<void> => {
  await parts.registry.reloadAll();
  await beginAllBehind(parts, lanes);
  await forgetAttempts(parts);
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
    changed: (owner, endpoint) => {
      lanes.forget(endpoint);
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
