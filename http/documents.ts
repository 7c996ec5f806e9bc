/** What a server says of its own APIs: where they are, their OpenAPI documents, and pages. */
import type { Context, Hono } from "hono";
import { askedBy } from "./asked.ts";
import type { Metrics } from "./metrics.ts";
import { forbidOthers } from "./system-routes.ts";

/** A page or document, as it is sent. */
export type Page = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | ReadableStream<Uint8Array<ArrayBuffer>>;
};

/** Gives a page to a client that sends these headers. */
export type ReadPage = (sent: Headers) => Page | Promise<Page>;

/** The pages and documents of a server (`openDocuments`). */
export interface Documents {
  /** All of them by their paths; `hasOperator`: also those about the operator's API. */
  pages(hasOperator: boolean): Readonly<Record<string, ReadPage>>;
}

/** `GET` of every page and document; other methods there are 405. */
export const registerDocuments = (
  app: Hono,
  documents: Documents,
  hasOperator: boolean,
  metrics: Metrics | null,
): void => {
  for (const [path, read] of Object.entries(documents.pages(hasOperator))) {
    const answered = metrics?.answersOf({ dialect: "none", route: path, method: "GET" });
    app.get(path, async ({ req: { raw } }: Context) => {
      const asked = askedBy(raw, answered);
      const { headers, body } = await read(raw.headers);
      asked.answered?.(200);
      return new Response(body, { headers: { ...headers, "x-request-id": asked.id } });
    });
    forbidOthers(app, path, ["GET"], undefined, metrics);
  }
};
