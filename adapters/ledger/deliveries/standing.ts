/** What this process knows of an endpoint, whichever log the events are of that it is sent. */
import type { DeliveryProgress } from "../../../core/ports/mod.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import { openTurns, openTurnsByKey } from "../engine/turns.ts";

/** Until when an endpoint waits that is disabled: it is due when it is enabled. */
export const PARKED: Instant = Number.MAX_SAFE_INTEGER;

/** How well an endpoint takes what it is sent. */
export type Standing = {
  /** How many attempts in a row have failed. */
  failures: number;
  /** Until when nothing is sent; null where that does not wait. */
  blockedUntil: Instant | null;
  /** Whether it took what it was sent last; one that was sent nothing yet may hang. */
  isSound: boolean;
};

/** Whether nothing may be sent to the endpoint now. */
export const isBlocked = ({ blockedUntil }: Standing, now: Instant): boolean =>
  blockedUntil !== null && blockedUntil > now;

/** The standings of endpoints, by id: the operator's have one for all logs. */
export type Standings = {
  /** That of an endpoint; at first, what was kept of it. */
  readonly of: (progress: DeliveryProgress) => Standing;
  readonly get: (endpoint: string) => Standing | undefined;
  readonly forget: (endpoint: string) => void;
};

/** Nothing is known yet. */
export const openStandings = (): Standings => {
  const known = new Map<string, Standing>();
  return {
    of: ({ endpoint, failures, blockedUntil, version }) => {
      const standing = known.get(endpoint) ?? {
        failures,
        blockedUntil: blockedUntil === PARKED ? null : blockedUntil,
        isSound: version > 0 && failures === 0,
      };
      known.set(endpoint, standing);
      return standing;
    },
    get: (endpoint) => known.get(endpoint),
    forget: (endpoint) => void known.delete(endpoint),
  };
};

/** Messages at the same time: to all sound endpoints, to all others, and to one that is sound. */
const PLACES = { sound: 128, others: 64, each: 4 };

/** Sends in a place: endpoints that fail, or have much to take, keep others from nothing. */
export type InPlace = <Value>(
  endpoint: string,
  standing: Standing,
  send: () => Promise<Value>,
) => Promise<Value>;

/** All places are free; who finds none waits for one. One that is not sound gets one message. */
export const openPlaces = (): InPlace => {
  const turnsOf = (places: number, each: number) => {
    const all = openTurns({ places, waiting: 0 });
    const ofEach = openTurnsByKey({ places: each, waiting: 0 });
    return <Value>(endpoint: string, send: () => Promise<Value>): Promise<Value> =>
      ofEach(endpoint, (own) => own.goOn(() => all.goOn(send)));
  };
  const [sound, others] = [turnsOf(PLACES.sound, PLACES.each), turnsOf(PLACES.others, 1)];
  return (endpoint, { isSound }, send) => (isSound ? sound : others)(endpoint, send);
};
