/** The documents by the judgement of a linter that others use. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { APIS } from "../../../http/openapi/apis.ts";
import { documentOf } from "../../../http/openapi/document.ts";

/** What the linter asks for that we do otherwise. */
const RULES = {
  // Every server is its own: the document is fetched from it.
  "no-server-example.com": "off",
  "operation-4xx-response": "error",
  "operation-operationId": "error",
  "no-ambiguous-paths": "off",
} as const;

for (const [name, api] of Object.entries(APIS)) {
  test(`the document of ${name} has nothing that a linter finds`, async () => {
    const config = await createConfig({ extends: ["recommended"], rules: RULES });
    const source = JSON.stringify(documentOf(api, "1.2.3"));
    const problems = await lintFromString({ source, config, absoluteRef: `${name}.json` });
    assert.deepEqual(
      problems.map(({ ruleId, message, location }) =>
        `${ruleId}: ${message} ${location[0]?.pointer}`
      ),
      [],
    );
  });
}

test("the linter finds a document that is not as OpenAPI has it", async () => {
  const config = await createConfig({ extends: ["recommended"], rules: RULES });
  const { info: _, ...rest } = documentOf(APIS.speko, "1.2.3");
  const source = JSON.stringify(rest);
  const problems = await lintFromString({ source, config, absoluteRef: "speko.json" });
  assert.ok(problems.some(({ ruleId }) => ruleId === "struct"));
});
