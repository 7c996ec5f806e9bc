/**
 * What a server says of its own APIs, as an option of the application: OpenAPI documents, and pages
 * for people.
 *
 * @module
 */
export { openDocuments } from "../../http/openapi/mod.ts";
export type { Documents, Page, ReadPage } from "../../http/documents.ts";
