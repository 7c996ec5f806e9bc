/** How much of a log is read at a time, in every adapter. */

/**
 * A page of events ends with the one that takes it to so many bytes of stored JSON, if its limit in
 * events does not end it before: callers choose how large events are, and a page is held several
 * times while it is read.
 */
export const PAGE_BYTES = 4 * 1_048_576;

/** What an event takes besides its data and its actor. */
export const EVENT_BYTES = 128;
