/** What the calls that follow the log are given and answer; part of `mod.ts`. */
import type { Head, RecordedEvent } from "../../../core/ports/mod.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";

/**
 * The last event of a log that was handled: its position and hash, as in the event itself and in a
 * head. A position alone is accepted too, but does not distinguish two logs of the same length.
 */
export type Mark = number | Head;

type Following = {
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** How long it waits for a notification of new events before it reads the log anyway. */
  readonly pollMs?: Milliseconds | undefined;
};

export type FollowOptions = Following & {
  /**
   * The last event that was handled, or its position and hash; 0 by default, which is none. Where
   * the log has another event there, or none, following fails with a `ForkedLog`.
   */
  readonly after?: Mark | undefined;
};

/** The last event that was handled of each organization, by its id: a JSON value. */
export type Cursor = Readonly<Record<string, Mark>>;

export type FollowAllOptions = Following & {
  /** What was handled; nothing by default. */
  readonly after?: Cursor | undefined;
};

/** Some of an organization's next events in order, at least one. */
export type Followed = {
  readonly organization: string;
  readonly events: readonly RecordedEvent[];
  /** The last one's position. */
  readonly position: number;
  /** The last one's position and hash: what to keep once they are handled. */
  readonly head: Head;
};
