/** Whether requests and answers are as a document says, by Ajv. */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { documentOf } from "../../http/openapi/document.ts";

type Document = ReturnType<typeof documentOf>;

type Content = Readonly<Record<string, { readonly schema: object }>>;

type Response = {
  readonly content?: Content;
  readonly headers: Readonly<Record<string, unknown>>;
};

/** Headers that every answer over HTTP may have, whatever its API. */
const GENERAL =
  /^(?:content-.*|access-control-.*|cache-control|connection|date|keep-alive|transfer-encoding|vary|x-content-type-options)$/;

type Described = {
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, Response>>;
};

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(/[.]/g, "\\$&").replaceAll(/\{\w+\}/g, "[^/]+")}$`);

/** Finds what a document has of a call. */
const finderOf = (document: Document) => {
  const paths = Object.entries(document.paths)
    // What is fixed comes before what is a parameter.
    .toSorted(([a], [b]) => a.split("{").length - b.split("{").length)
    .map(([path, methods]) => [patternOf(path), path, methods] as const);

  return (method: string, url: string) => {
    const { pathname } = new URL(url, "http://localhost");
    for (const [pattern, path, methods] of paths) {
      const described = methods[method.toLowerCase()] as Described | undefined;
      if (described !== undefined && pattern.test(pathname)) return { path, described };
    }
    return undefined;
  };
};

/** What a document says of requests and answers. */
export const openDocument = (document: Document) => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, "document");
  const operationOf = finderOf(document);
  const checks = new Map<string, ValidateFunction>();

  const faultsAt = (pointer: readonly string[], value: unknown): readonly string[] => {
    const escaped = pointer.map((part) =>
      encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))
    );
    const reference = `document#/${escaped.join("/")}`;
    const check = checks.get(reference) ?? ajv.compile({ $ref: reference });
    checks.set(reference, check);
    if (check(value)) return [];
    return (check.errors ?? []).map(({ instancePath, message, params }) =>
      `${instancePath} ${message} ${JSON.stringify(params)}`
    );
  };

  return {
    /** Whether the document has the call. */
    has: (method: string, url: string): boolean => operationOf(method, url) !== undefined,
    /** What the document says against a body that was sent. */
    bodyFaults: (method: string, url: string, body: unknown): readonly string[] => {
      const found = operationOf(method, url);
      // A body that is not read may be anything.
      if (found?.described.requestBody === undefined) return [];
      const at = ["paths", found.path, method.toLowerCase(), "requestBody"];
      return faultsAt([...at, "content", "application/json", "schema"], body);
    },
    /** The headers of an answer that the document does not have. */
    strangeHeaders: (
      method: string,
      url: string,
      { status, headers }: { readonly status: number; readonly headers: Headers },
    ): readonly string[] => {
      const described = operationOf(method, url)?.described.responses[status]?.headers ?? {};
      const known = Object.keys(described).map((name) => name.toLowerCase());
      return [...headers.keys()].filter((name) => !GENERAL.test(name) && !known.includes(name));
    },
    /** What the document says against an answer. */
    answerFaults: (
      method: string,
      url: string,
      { status, type, body }: {
        readonly status: number;
        readonly type: string | null;
        readonly body: unknown;
      },
    ): readonly string[] => {
      const found = operationOf(method, url);
      if (found === undefined) return ["there is no such call"];
      const response = found.described.responses[status];
      if (response === undefined) return [`no answer has the status ${status}`];
      if (response.content === undefined) return body === null ? [] : ["it has a body"];
      const [media = ""] = (type ?? "").split(";");
      if (response.content[media] === undefined) return [`no answer has the type ${media}`];
      const at = ["paths", found.path, method.toLowerCase(), "responses", String(status)];
      return faultsAt([...at, "content", media, "schema"], body);
    },
  };
};
