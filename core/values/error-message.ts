/** What was thrown, in words: an error's message, or anything else as a text. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);
