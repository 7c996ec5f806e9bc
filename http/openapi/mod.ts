/** Documents and pages about a server's APIs, made of what reads requests and writes answers. */
import type { Documents, Page } from "../documents.ts";
import { VERSION } from "../version.ts";
import { APIS } from "./apis.ts";
import { asyncDocumentOf } from "./asyncapi.ts";
import { type Api, documentOf } from "./document.ts";
import { apiPage, indexPage, problemsPage, STYLE } from "./pages.ts";
import { eventsPage } from "./events-page.ts";
import { css, html, isBrowser, json, keptScript, script, tryingHtml } from "./sending.ts";
import { SCALAR, START, START_PATH, tryPage } from "./trying.ts";

/** What `openDocuments` may be given. */
export type DocumentsOptions = {
  /**
   * Reads the script of the pages in which calls are tried (`vendor/scalar.js.gz`, as it is); there
   * are no such pages where it is left out.
   */
  readonly readScalar?: (() => Promise<Uint8Array<ArrayBuffer>>) | undefined;
};

/** The pages in which the calls of these APIs are tried, and what they run. */
const tryingPages = (
  apis: readonly (readonly [string, Api])[],
  readScalar: () => Promise<Uint8Array<ArrayBuffer>>,
): ReturnType<Documents["pages"]> => ({
  [SCALAR]: keptScript(readScalar),
  [START_PATH]: () => script(START),
  ...Object.fromEntries(
    apis.map(([name, api]) => [`/docs/${name}/try`, once(() => tryingHtml(tryPage(name, api)))]),
  ),
});

/** Made when it is first asked for, and kept. */
const once = (make: () => Page): () => Page => {
  let made: Page | undefined;
  return () => made ??= make();
};

/** The APIs that are presented, by name; the operator's only where it is served. */
const apisOf = (hasOperator: boolean): readonly (readonly [string, Api])[] =>
  Object.entries(APIS).filter(([name]) => hasOperator || name !== "admin");

const linksOf = (hasOperator: boolean) => ({
  name: "ledgerline",
  version: VERSION,
  documents: Object.fromEntries(
    apisOf(hasOperator).map(([name]) => [name, `/openapi/${name}.json`]),
  ),
  events: "/asyncapi.json",
  docs: "/docs",
  health: "/healthz",
  ready: "/readyz",
});

/**
 * What a server says of its own APIs: `/` (links, for programs as JSON), `/docs` (pages for people,
 * which need no script and load nothing from elsewhere), `/docs/{name}/try` (where calls can be
 * tried, by a script of this server), `/openapi/{name}.json` (OpenAPI 3.1) and `/asyncapi.json`
 * (AsyncAPI 3.0 of the events that leave the ledger). Each is made when it is first asked for.
 *
 * @example
 * ```ts
 * import { createApp } from "ledgerline/http";
 * import { openDocuments } from "ledgerline/openapi";
 *
 * const app = createApp({ ledger, adminToken: null, documents: openDocuments() });
 * ```
 */
export const openDocuments = ({ readScalar }: DocumentsOptions = {}): Documents => ({
  pages: (hasOperator) => {
    const apis = apisOf(hasOperator);
    const canTry = readScalar !== undefined;
    const index = once(() => html(indexPage(apis, canTry)));
    const links = once(() => json(linksOf(hasOperator)));
    return {
      "/": (sent) => isBrowser(sent) ? index() : links(),
      "/docs": index,
      "/asyncapi.json": once(() => json(asyncDocumentOf(VERSION))),
      "/docs/events": once(() => html(eventsPage())),
      "/docs/style.css": () => css(STYLE),
      "/docs/problems": once(() => html(problemsPage())),
      ...Object.fromEntries(apis.flatMap(([name, api]) => [
        [`/docs/${name}`, once(() => html(apiPage(name, api, canTry)))],
        [`/openapi/${name}.json`, once(() => json(documentOf(api, VERSION)))],
      ])),
      ...(canTry && tryingPages(apis, readScalar)),
    };
  },
});
