/** Documents and pages about a server's APIs, made of what reads requests and writes answers. */
import type { Documents, Page } from "../documents.ts";
import { VERSION } from "../version.ts";
import { APIS } from "./apis.ts";
import { type Api, documentOf } from "./document.ts";
import { apiPage, indexPage, problemsPage, STYLE } from "./pages.ts";

const json = (value: unknown): Page => ({ type: "application/json", text: JSON.stringify(value) });
const html = (text: string): Page => ({ type: "text/html; charset=utf-8", text });

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
  docs: "/docs",
  health: "/healthz",
  ready: "/readyz",
});

/**
 * What a server says of its own APIs: `/` (links, for programs as JSON), `/docs` (pages for people,
 * which need no script and load nothing from elsewhere) and `/openapi/{name}.json` (OpenAPI 3.1).
 * Each is made when it is first asked for.
 *
 * @example
 * ```ts
 * import { createApp } from "ledgerline/http";
 * import { openDocuments } from "ledgerline/openapi";
 *
 * const app = createApp({ ledger, adminToken: null, documents: openDocuments() });
 * ```
 */
export const openDocuments = (): Documents => ({
  pages: (hasOperator) => {
    const apis = apisOf(hasOperator);
    const index = once(() => html(indexPage(apis)));
    const links = once(() => json(linksOf(hasOperator)));
    return {
      "/": (isBrowser) => isBrowser ? index() : links(),
      "/docs": index,
      "/docs/style.css": () => ({ type: "text/css; charset=utf-8", text: STYLE }),
      "/docs/problems": once(() => html(problemsPage())),
      ...Object.fromEntries(apis.flatMap(([name, api]) => [
        [`/docs/${name}`, once(() => html(apiPage(name, api)))],
        [`/openapi/${name}.json`, once(() => json(documentOf(api, VERSION)))],
      ])),
    };
  },
});
