/** SIP trunks, as callers name them. */
import type { SipConnection } from "./state.ts";

/**
 * The connections over which an imported number comes in: its installation, or its legacy trunk.
 */
type Incoming = { readonly sipConnection: string | null; readonly sipTrunk: string | null };

/**
 * The installed connections that an id names: the one with this id, or else all those with this
 * trunk. Empty for an unknown id.
 */
export const connectionsNamed = (
  connections: readonly SipConnection[],
  id: string,
): readonly SipConnection[] => {
  const own = connections.filter(({ installation }) => installation === id);
  return own.length > 0 ? own : connections.filter(({ trunk }) => trunk === id);
};

/** Whether a number comes in over one of these connections. */
export const comesInOver = (
  { sipConnection, sipTrunk }: Incoming,
  connections: readonly SipConnection[],
): boolean =>
  connections.some(({ installation, trunk }) =>
    sipConnection === null ? trunk === sipTrunk : installation === sipConnection
  );
