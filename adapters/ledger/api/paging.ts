/** Which part of a long answer is asked for. */

/**
 * Which of a holding's events: those after this position, which the log has reached, and at most so
 * many; all by default.
 */
export type HistoryOptions = {
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
};
