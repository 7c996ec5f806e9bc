/** Leases on lanes: an endpoint's way through one log is one process's at a time. */
import type { EventLog, LeaseKey } from "../../../core/ports/mod.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import type { WebhookEndpoint } from "../../../core/webhooks/state.ts";

/** An endpoint's way through one log. */
export type Lane = {
  readonly owner: string;
  readonly endpoint: WebhookEndpoint;
  readonly organization: string;
};

type Leasing = { readonly log: Pick<EventLog, "leases">; readonly leaseMs: Milliseconds };

const leaseOf = ({ endpoint, organization }: Lane): LeaseKey => ({
  organization,
  kind: "webhookDelivery",
  key: endpoint.id,
});

/** A lease on a lane, by the machine's monotonic clock: null where another process has it. */
export const leaseLane = async (
  { log: { leases }, leaseMs }: Leasing,
  lane: Lane,
): Promise<{ readonly isHeld: () => boolean; readonly renew: () => Promise<boolean> } | null> => {
  if (leases === undefined) return { isHeld: () => true, renew: () => Promise.resolve(true) };
  let until = Number.NEGATIVE_INFINITY;
  const renew = async (): Promise<boolean> => {
    const asked = performance.now();
    // Early enough that a message which takes its time ends before another process begins.
    if (until - asked > (2 * leaseMs) / 3) return true;
    const [taken] = await leases.take([leaseOf(lane)], leaseMs);
    until = taken === undefined ? Number.NEGATIVE_INFINITY : asked + leaseMs;
    return taken !== undefined;
  };
  return await renew() ? { isHeld: () => performance.now() < until, renew } : null;
};

/** Gives the lease back. */
export const endLease = async ({ log: { leases } }: Leasing, lane: Lane): Promise<void> => {
  await leases?.end([leaseOf(lane)]);
};
