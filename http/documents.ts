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

/** The pages and documents of a server, each by its path (`openDocuments`). */
export interface Documents {
  /** Their paths; `hasOperator`: also those about the operator's API. */
  paths(hasOperator: boolean): readonly string[];
  /** The page at one of these paths; `isBrowser`: for a person, where there is a choice. */
  read(path: string, hasOperator: boolean, isBrowser: boolean): Page;
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
  for (const path of documents.paths(hasOperator)) {
    const answered = metrics?.answersOf({ dialect: "none", route: path, method: "GET" });
    app.get(path, ({ req: { raw } }: Context) => {
      const page = documents.read(path, hasOperator, isBrowser(raw));
      return sendPage(askedBy(raw, answered), page);
    });
    forbidOthers(app, path, ["GET"], undefined, metrics);
  }
};
