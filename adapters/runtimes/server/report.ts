/** One line of JSON on standard error, for readers of the logs. */
const say = (what: string, more: Readonly<Record<string, unknown>>): void =>
  console.error(JSON.stringify({ at: new Date().toISOString(), what, ...more }));

/** What an error belongs to, as far as it is known; what is undefined is left out. */
export type About = {
  /** The id of a caller's trace. */
  readonly trace?: string | undefined;
  readonly organization?: string | undefined;
  readonly commandId?: string | undefined;
};

/** Reports an error. */
export const report = (what: string, error: unknown, about: About = {}): void =>
  say(what, {
    ...about,
    error: error instanceof Error ? error.stack ?? error.message : String(error),
  });

/** Reports something that needs no investigation, as a sentence alone. */
export const note = (what: string): void => say(what, {});
