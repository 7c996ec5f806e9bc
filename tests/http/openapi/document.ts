/** Speko's OpenAPI document, where it is beside the project, in the form of `schemas.ts`. */
import { existsSync, readFileSync } from "node:fs";
import type { DocumentedCall, Schema } from "./schemas.ts";

/** Where the document is; tests pass without it. */
export const DOCUMENT_URL = new URL(
  "../../../../shared/contract/public/speko.json",
  import.meta.url,
);

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const inside = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((inner, name) => isJson(inner) ? inner[name] : undefined, value);

/** Keywords that do not constrain values. */
const REMARKS = new Set(["deprecated", "examples", "default", "description"]);

/** A schema without its remarks; objects are open in this document, though only some say so. */
const plain = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(plain);
  if (!isJson(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name, value]) =>
        !REMARKS.has(name) && !(name === "additionalProperties" && value === true)
      )
      .map(([name, value]) => [
        name,
        name === "properties" && isJson(value)
          ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
          : plain(value),
      ]),
  );
};

/** The document's schemas and calls; null where there is no document. */
export const readDocument = (): {
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly calls: Readonly<Record<string, DocumentedCall>>;
} | null => {
  if (!existsSync(DOCUMENT_URL)) return null;
  const document: unknown = JSON.parse(readFileSync(DOCUMENT_URL, "utf8"));
  const content = ["content", "application/json", "schema"];
  const calls = Object.entries(inside(document, "paths") as Json).flatMap(([path, operations]) =>
    Object.entries(operations as Json).map(([method, operation]) => [
      `${method.toUpperCase()} ${path}`,
      {
        body: plain(inside(operation, "requestBody", ...content)) ?? null,
        answer: plain(inside(operation, "responses", "200", ...content)),
      },
    ])
  );
  return {
    schemas: plain(inside(document, "components", "schemas")) as Readonly<Record<string, Schema>>,
    calls: Object.fromEntries(calls),
  };
};
