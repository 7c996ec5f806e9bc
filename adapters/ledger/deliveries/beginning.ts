/** Where an endpoint begins in the log of an organization. */
import type { DeliveryKey, DeliveryProgress, EventLog } from "../../../core/ports/mod.ts";
import type { WebhookEndpoint } from "../../../core/webhooks/state.ts";
import { WINDOW } from "./pending.ts";

type Log = Pick<EventLog, "events" | "load">;

/**
 * Behind the last event from before the endpoint was added: found from the end of the log, since
 * all that is read behind it is to be sent in any case.
 */
const positionAt = async (log: Log, organization: string, addedAt: number): Promise<number> => {
  const { head } = await log.load(organization, {});
  for (let end = head.position; end > 0;) {
    const begin = Math.max(0, end - WINDOW);
    const events = await log.events(organization, begin, end - begin);
    const before = events.findLast(({ at }) => at < addedAt);
    if (before !== undefined) return before.position;
    end = begin;
  }
  return 0;
};

/** The progress of an endpoint of which none is kept yet. */
export const beginning = async (
  log: Log,
  { from, addedAt }: WebhookEndpoint,
  key: DeliveryKey,
): Promise<DeliveryProgress> => ({
  ...key,
  position: from ?? await positionAt(log, key.organization, addedAt),
  hash: "",
  pending: [],
  blockedUntil: null,
  failures: 0,
  version: 0,
});
