/** Leases on lanes: an endpoint's way through one log is one process's at a time. */
import type { EventLog, LeaseKey } from "../../../core/ports/mod.ts";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import type { WebhookEndpoint } from "../../../core/webhooks/state.ts";

/** An endpoint's way through one log. */
export type Lane = {
  readonly owner: string;
  readonly endpoint: WebhookEndpoint;
  readonly organization: string;
};

type Leasing = { readonly log: Pick<EventLog, "leases">; readonly leaseMs: Milliseconds };

/** A sender takes no longer for a message. */
const MESSAGE_MS: Milliseconds = 20 * SECOND_MS;

/** A lease is renewed after this part of its time. */
const RENEWAL_SHARE = 1 / 3;

/** A lease while it is used. */
export type Held = {
  /** Whether a message that is sent now ends before another process may begin. */
  readonly isHeld: () => boolean;
  /** Gives it back. */
  readonly end: () => Promise<void>;
};

/**
 * Takes the lease on a lane, and keeps it by the machine's monotonic clock: a process that was
 * stopped for a while finds that it has it no more. Null where another process has it.
 */
export const leaseLane = async (
  { log: { leases }, leaseMs }: Leasing,
  { endpoint, organization }: Lane,
): Promise<Held | null> => {
  if (leases === undefined) return { isHeld: () => true, end: () => Promise.resolve() };
  const key: LeaseKey = { organization, kind: "webhookDelivery", key: endpoint.id };
  const margin_ms = Math.min(MESSAGE_MS, leaseMs * RENEWAL_SHARE);
  let until = Number.NEGATIVE_INFINITY;
  const take = async (): Promise<boolean> => {
    const asked = performance.now();
    const [taken] = await leases.take([key], leaseMs);
    until = taken === undefined ? Number.NEGATIVE_INFINITY : asked + leaseMs;
    return taken !== undefined;
  };
  if (!await take()) return null;
  // Where the log cannot be asked the lease lapses, and nothing more is sent.
  const timer = setInterval(() => void take().catch(() => {}), leaseMs * RENEWAL_SHARE);
  return {
    isHeld: () => performance.now() + margin_ms < until,
    end: async () => {
      clearInterval(timer);
      // It lapses where it cannot be given back.
      await leases.end([key]).catch(() => {});
    },
  };
};
