/**
 * What a server says of its own APIs, as an option of the application: OpenAPI documents, and pages
 * for people.
 *
 * @module
 */
export { openDocuments } from "../../http/openapi/mod.ts";
export type { Documents, Page } from "../../http/documents.ts";
