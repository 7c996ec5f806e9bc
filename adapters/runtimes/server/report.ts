/** One line of JSON on standard error, for readers of the logs. */
const say = (what: string, more: Readonly<Record<string, unknown>>): void =>
  console.error(JSON.stringify({ at: new Date().toISOString(), what, ...more }));

/** Reports an error. */
export const report = (what: string, error: unknown): void =>
  say(what, { error: error instanceof Error ? error.stack ?? error.message : String(error) });

/** Reports something that needs no investigation, as a sentence alone. */
export const note = (what: string): void => say(what, {});
