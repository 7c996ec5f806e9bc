/** Documents and pages about a server's APIs, made of what reads requests and writes answers. */
import type { Documents, Page } from "../documents.ts";
import { VERSION } from "../version.ts";
import { APIS } from "./apis.ts";
import { type Api, documentOf } from "./document.ts";
import { apiPage, indexPage, problemsPage, STYLE } from "./pages.ts";

const json = (value: unknown): Page => ({ type: "application/json", text: JSON.stringify(value) });
const html = (text: string): Page => ({ type: "text/html; charset=utf-8", text });

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
export const openDocuments = (): Documents => {
  const made = new Map<string, Page>();
  const pages = (hasOperator: boolean): Readonly<Record<string, () => Page>> => {
    const apis = apisOf(hasOperator);
    return {
      "/": () => json(linksOf(hasOperator)),
      "/docs": () => html(indexPage(apis)),
      "/docs/style.css": () => ({ type: "text/css; charset=utf-8", text: STYLE }),
      "/docs/problems": () => html(problemsPage()),
      ...Object.fromEntries(apis.flatMap(([name, api]) => [
        [`/docs/${name}`, () => html(apiPage(name, api))],
        [`/openapi/${name}.json`, () => json(documentOf(api, VERSION))],
      ])),
    };
  };
  return {
    paths: (hasOperator) => Object.keys(pages(hasOperator)),
    read: (asked, hasOperator, isBrowser) => {
      const path = asked === "/" && isBrowser ? "/docs" : asked;
      const key = `${path} ${hasOperator}`;
      const known = made.get(key);
      if (known !== undefined) return known;
      const page = pages(hasOperator)[path]?.();
      if (page === undefined) throw new Error(`there is no page ${path}`);
      made.set(key, page);
      return page;
    },
  };
};
