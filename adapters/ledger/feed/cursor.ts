/**
 * Where a follower is in an organization's log, and whether the log is still the one it followed.
 */
import type { EventLog, Head, RecordedEvent } from "../../../core/ports/mod.ts";
import type { Mark } from "../api/feed.ts";
import { tag } from "../../../core/values/tag.ts";

/**
 * The log is not the one that was followed: a backup was restored, or a server that lagged behind
 * took over. What was handled beyond the point where both part never happened in this log.
 */
export class ForkedLog extends RangeError {
  static {
    tag(this, "ForkedLog");
  }
  override readonly name = "ForkedLog";
  readonly organization: string;
  /** The last event that was handled; its hash is empty where only the position was kept. */
  readonly handled: Head;
  /** What the log has at that position now, or, where it ends before, its head. */
  readonly found: Head;

  constructor(organization: string, handled: Head, found: Head) {
    const { position } = handled;
    super(
      `the log of ${organization} is not the one that was followed: ` +
        (found.position < position
          ? `it ends at position ${found.position}, and position ${position} was handled`
          : `its event at position ${position} has another hash than the one that was handled`) +
        "; undo what was made of its events, and follow it from the beginning",
    );
    this.organization = organization;
    this.handled = handled;
    this.found = found;
  }
}

/**
 * The mark with its hash, which is empty where it is not known. Throws a RangeError for a number
 * that is not a position.
 */
export const headOfMark = (organization: string, mark: Mark): Head => {
  const { position, hash } = typeof mark === "number" ? { position: mark, hash: "" } : mark;
  if (!Number.isSafeInteger(position) || position < 0) {
    throw new RangeError(`the log of ${organization} has no position ${position}`);
  }
  return { position, hash: position === 0 ? "" : hash };
};

/** Throws a `ForkedLog` where a log with this head cannot have had `handled`. */
export const assertReaches = (organization: string, handled: Head, head: Head): void => {
  const isOther = handled.position === head.position && handled.hash !== "" &&
    handled.hash !== head.hash;
  if (handled.position > head.position || isOther) {
    throw new ForkedLog(organization, handled, head);
  }
};

/**
 * At most `limit` events that follow `handled`, none at the end of the log. The event that was
 * handled is read again with them: throws a `ForkedLog` where it is no longer there or has another
 * hash.
 */
export const eventsAfter = async (
  log: Pick<EventLog, "events" | "load">,
  organization: string,
  handled: Head,
  limit: number,
): Promise<readonly RecordedEvent[]> => {
  const { position, hash } = handled;
  if (hash === "") return await log.events(organization, position, limit);
  const [last, ...next] = await log.events(organization, position - 1, limit + 1);
  if (last === undefined) {
    const { head } = await log.load(organization, {});
    throw new ForkedLog(organization, handled, head);
  }
  if (last.position !== position || last.hash !== hash) {
    throw new ForkedLog(organization, handled, { position: last.position, hash: last.hash });
  }
  // A page that is short of space may have held no more than that event.
  return next.length > 0 ? next : await log.events(organization, position, limit);
};
