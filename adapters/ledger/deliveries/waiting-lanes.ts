/** Lanes whose endpoint was blocked when they were to begin. */
import type { Clock } from "../../../core/ports/mod.ts";
import type { Lane } from "./lane-lease.ts";
import { isBlocked, type Standings } from "./standing.ts";

/** The lanes that wait for their endpoints. */
export type WaitingLanes = {
  /** Whether a lane is to wait now; then it is noted. */
  readonly waits: (name: string, lane: Lane) => boolean;
  /** Those whose endpoints are no longer blocked; of one that is not sound, one alone. */
  readonly take: () => readonly Lane[];
  readonly forget: (endpoint: string) => void;
};

/** No lane waits. */
export const openWaitingLanes = (standings: Standings, clock: Clock): WaitingLanes => {
  /** By endpoint, and by name. */
  const waiting = new Map<string, Map<string, Lane>>();
  const isWaiting = (endpoint: string): boolean => {
    const standing = standings.get(endpoint);
    return standing !== undefined && isBlocked(standing, clock.now());
  };
  return {
    waits: (name, lane) => {
      const { endpoint: { id } } = lane;
      if (!isWaiting(id)) return false;
      waiting.set(id, (waiting.get(id) ?? new Map<string, Lane>()).set(name, lane));
      return true;
    },
    take: () => {
      const taken: Lane[] = [];
      for (const [id, lanes] of waiting) {
        if (isWaiting(id)) continue;
        const isSound = standings.get(id)?.isSound ?? true;
        for (const [name, lane] of [...lanes].slice(0, isSound ? lanes.size : 1)) {
          lanes.delete(name);
          taken.push(lane);
        }
        if (lanes.size === 0) waiting.delete(id);
      }
      return taken;
    },
    forget: (endpoint) => void waiting.delete(endpoint),
  };
};
