/** The client that Speko's callers would have generated is the one that the tests use. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { DOCUMENT_URL } from "./openapi/document.ts";
import { CLIENT_URL, generateClient, REMARK } from "./openapi/generate.ts";

const client = readFileSync(CLIENT_URL, "utf8");

test("the client begins with what the generator's caller adds", () => {
  assert.equal(client.slice(0, client.indexOf("\n") + 1), REMARK);
});

test("the client is what the generator makes of the document", (context) => {
  if (!existsSync(DOCUMENT_URL)) {
    return context.diagnostic("the document is not beside the project");
  }
  assert.equal(client, generateClient());
});
