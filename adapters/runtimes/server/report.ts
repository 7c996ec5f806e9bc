/** One line of JSON on standard error, for whoever reads the logs. */
const say = (what: string, more: Readonly<Record<string, unknown>>): void =>
  console.error(JSON.stringify({ at: new Date().toISOString(), what, ...more }));

/** Tells of something that went wrong. */
export const report = (what: string, error: unknown): void =>
  say(what, { error: error instanceof Error ? error.stack ?? error.message : String(error) });

/** Tells of something that need not be looked into, in words alone. */
export const note = (what: string): void => say(what, {});
