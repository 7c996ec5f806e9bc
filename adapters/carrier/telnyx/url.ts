/** The URL of Telnyx's API, in its own module so that settings need not load the adapter. */
export const TELNYX_URL = "https://api.telnyx.com/v2";
