/** What a server says of its own APIs: where they are, their OpenAPI documents, and pages. */
import type { Context, Hono } from "hono";
import { askedBy } from "./asked.ts";
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

const sendPage = (request: Request, { type, text }: Page): Response =>
  new Response(text, {
    headers: {
      "content-type": type,
      "cache-control": "no-cache",
      "content-security-policy": POLICY,
      "referrer-policy": "no-referrer",
      vary: "accept",
      "x-content-type-options": "nosniff",
      "x-request-id": askedBy(request).id,
    },
  });

/** `GET` of every page and document; other methods there are 405. */
export const registerDocuments = (
  app: Hono,
  documents: Documents,
  hasOperator: boolean,
): void => {
  for (const path of documents.paths(hasOperator)) {
    app.get(
      path,
      ({ req: { raw } }: Context) =>
        sendPage(raw, documents.read(path, hasOperator, isBrowser(raw))),
    );
    forbidOthers(app, path, ["GET"], undefined);
  }
};
