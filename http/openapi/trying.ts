/** Pages in which the calls of an API are tried, by Scalar's script (`vendor/README.md`). */
import type { Api } from "./document.ts";
import { escaped, page } from "./pages.ts";

/** Where that script is; its version is in the path, so that it can be kept for ever. */
export const SCALAR = "/docs/scalar-1.76.0.js";

/** Where what starts it is. */
export const START_PATH = "/docs/try.js";

/**
 * Starts it. It loads nothing from elsewhere, reports nothing, and forgets the token with the page.
 */
export const START = `Scalar.createApiReference("#calls", {
  url: document.querySelector("link[type='application/json']").href,
  baseServerURL: location.origin,
  withDefaultFonts: false,
  telemetry: false,
  persistAuth: false,
  hideClientButton: true,
  showDeveloperTools: "never",
  agent: { disabled: true },
  mcp: { disabled: true },
});
`;

/** The page of an API. */
export const tryPage = (name: string, { title }: Api): string =>
  page(
    `${title}: try it`,
    `<p><a href="/docs">Ledgerline</a> · <a href="/docs/${name}">${escaped(title)}</a>. What is ` +
      "tried here is done. With a token of the sandbox it costs nothing, and no carrier is asked." +
      `</p><link rel="alternate" type="application/json" href="/openapi/${name}.json">` +
      `<div id="calls"></div><script src="${SCALAR}"></script>` +
      `<script src="${START_PATH}"></script>`,
  );
