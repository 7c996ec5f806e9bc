/** What a server says of its own APIs: where they are, their OpenAPI documents, and pages. */
import type { Context, Hono } from "hono";
import { type Asked, askedBy } from "./asked.ts";
import type { Metrics } from "./metrics.ts";
import { forbidOthers } from "./system-routes.ts";

/** A page or document. */
export type Page = {
  readonly type: "application/json" | "text/html; charset=utf-8" | "text/css; charset=utf-8";
  readonly text: string;
};

/** Gives a page; `isBrowser`: for a person, where there is a choice. */
export type ReadPage = (isBrowser: boolean) => Page;

/** The pages and documents of a server (`openDocuments`). */
export interface Documents {
  /** All of them by their paths; `hasOperator`: also those about the operator's API. */
  pages(hasOperator: boolean): Readonly<Record<string, ReadPage>>;
}

/** Nothing is loaded from elsewhere, nothing is run, and no other page may show it. */
const POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'";

const isBrowser = ({ headers }: Request): boolean =>
  (headers.get("accept") ?? "").includes("text/html");

const sendPage = ({ id, answered }: Asked, { type, text }: Page): Response => {
  answered?.(200);
  return new Response(text, {
    headers: {
      "content-type": type,
      "cache-control": "no-cache",
      "content-security-policy": POLICY,
      "referrer-policy": "no-referrer",
      vary: "accept",
      "x-content-type-options": "nosniff",
      "x-request-id": id,
    },
  });
};

/** `GET` of every page and document; other methods there are 405. */
export const registerDocuments = (
  app: Hono,
  documents: Documents,
  hasOperator: boolean,
  metrics: Metrics | null,
): void => {
  for (const [path, read] of Object.entries(documents.pages(hasOperator))) {
    const answered = metrics?.answersOf({ dialect: "none", route: path, method: "GET" });
    app.get(
      path,
      ({ req: { raw } }: Context) => sendPage(askedBy(raw, answered), read(isBrowser(raw))),
    );
    forbidOthers(app, path, ["GET"], undefined, metrics);
  }
};
