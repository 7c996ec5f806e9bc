/** Where an endpoint goes on in a log that is not the one it was sent events of. */
import type { DeliveryAttempt } from "../../../core/ports/mod.ts";
import type { ForkedLog } from "../feed/cursor.ts";
import type { Lane } from "./lane-lease.ts";
import { type DeliveryParts, eventsAt } from "./pending.ts";

/** As many of the last attempts as are compared with the log. */
const COMPARED = 1_000;

/**
 * The last position of which the endpoint was sent the very event that the log has there now: what
 * follows it may be of the other log.
 */
const lastInCommon = async (
  parts: DeliveryParts,
  organization: string,
  attempts: readonly DeliveryAttempt[],
): Promise<number> => {
  // Those of a test are of no event.
  const known = attempts.filter((one) => one.organization === organization && one.position > 0);
  const events = await eventsAt(
    parts,
    organization,
    new Set(known.map(({ position }) => position)),
  );
  const common = known.filter(({ event, position }) => events.get(position)?.id === event);
  return common.reduce((last, { position }) => Math.max(last, position), 0);
};

/**
 * After the restore of a backup: goes back to the last event that both logs have, as far as the
 * attempts that are kept say. What is sent again has the ids that it had.
 */
export const goBack = async (
  parts: DeliveryParts,
  { endpoint: { id: endpoint }, organization }: Lane,
  { found }: ForkedLog,
): Promise<void> => {
  const { deliveries } = parts;
  const [progress] = await deliveries.load([{ endpoint, organization }]);
  if (progress === undefined) return;
  const attempts = await deliveries.attempts(endpoint, {}, COMPARED);
  const common = await lastInCommon(parts, organization, attempts);
  const position = common === 0 ? found.position : Math.min(common, found.position);
  const pending = progress.pending.filter((one) => one.position <= position);
  const next = { ...progress, position, hash: "", pending };
  await deliveries.record([{ progress: next, attempts: [] }]);
};
