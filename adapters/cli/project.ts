/** What a project is called. */

/** The file with a project's settings. */
export const SETTINGS_FILE = "ledgerline.env";
