/** A helpful message for PGlite's error where a bundler separated its code from its files. */

const BUNDLED =
  "PGlite does not find its files, since it was bundled into the program: leave the " +
  "package @electric-sql/pglite outside of the bundle, and install it beside";

/**
 * PGlite finds its files relative to its own code, whose location a CommonJS bundle does not know.
 */
const isOfBundle = (error: unknown): boolean =>
  error instanceof Error &&
  ("code" in error && error.code === "ERR_INVALID_URL" || isOfBundle(error.cause));

/** Opens something with PGlite; rejects with an Error that says what to do where it was bundled. */
export const withFiles = async <Value>(open: () => Promise<Value>): Promise<Value> => {
  try {
    return await open();
  } catch (error) {
    throw isOfBundle(error) ? new Error(BUNDLED, { cause: error }) : error;
  }
};
