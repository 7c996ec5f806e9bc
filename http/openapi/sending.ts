/** How pages and documents are sent. */
import type { Page } from "../documents.ts";

const NO_OTHERS = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Nothing is loaded from elsewhere, nothing is run, and no other page may show it. */
const POLICY = `default-src 'none'; style-src 'self'; ${NO_OTHERS}`;

/** The same where calls are tried; the library's own styles have no other way in. */
const TRYING_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; " +
  `style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; ${NO_OTHERS}`;

const SAFE = { "referrer-policy": "no-referrer", "x-content-type-options": "nosniff" };

const textOf = (type: string, policy = POLICY) => (body: string): Page => ({
  body,
  headers: {
    "content-type": type,
    "cache-control": "no-cache",
    "content-security-policy": policy,
    vary: "accept",
    ...SAFE,
  },
});

/** A document, which is JSON. */
export const json = (value: unknown): Page => textOf("application/json")(JSON.stringify(value));

/** A page for people. */
export const html: (text: string) => Page = textOf("text/html; charset=utf-8");

/** A page that runs scripts of this server, which call this server. */
export const tryingHtml: (text: string) => Page = textOf("text/html; charset=utf-8", TRYING_POLICY);

/** How pages look. */
export const css: (text: string) => Page = textOf("text/css; charset=utf-8");

const SCRIPT = "text/javascript; charset=utf-8";

/** A small script. */
export const script: (text: string) => Page = textOf(SCRIPT);

const takesGzip = (sent: Headers): boolean =>
  (sent.get("accept-encoding") ?? "").toLowerCase().replaceAll(" ", "").split(",").some((one) =>
    one === "gzip" || one.startsWith("gzip;q=") && Number(one.slice("gzip;q=".length)) > 0
  );

/** A script that is kept compressed, and does not change: its path has its version. */
export const keptScript = (gzip: Uint8Array<ArrayBuffer>, sent: Headers): Page => {
  const isPacked = takesGzip(sent);
  const unpacked = () => new Blob([gzip]).stream().pipeThrough(new DecompressionStream("gzip"));
  return {
    body: isPacked ? gzip : unpacked(),
    headers: {
      "content-type": SCRIPT,
      ...(isPacked && { "content-encoding": "gzip" }),
      "cache-control": "public, max-age=31536000, immutable",
      "content-security-policy": POLICY,
      vary: "accept-encoding",
      ...SAFE,
    },
  };
};

/** Whether a person asks, where there is a choice. */
export const isBrowser = (sent: Headers): boolean =>
  (sent.get("accept") ?? "").includes("text/html");
