/** Where Telnyx's API is; by itself, so that settings need not load the adapter. */
export const TELNYX_URL = "https://api.telnyx.com/v2";
