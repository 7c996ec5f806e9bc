/** The AsyncAPI document, and the webhooks of OpenAPI, by AsyncAPI's own schema and by Ajv. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as v from "valibot";
import { PUBLISHED, PUBLISHED_NAMES } from "../../../core/published/types.ts";
import { EXAMPLES } from "../../../http/events/examples.ts";
import { APIS } from "../../../http/openapi/apis.ts";
import { asyncDocumentOf } from "../../../http/openapi/asyncapi.ts";
import { documentOf } from "../../../http/openapi/document.ts";
import { eventFaults } from "../../support/events-document.ts";

const SCHEMA = createRequire(import.meta.url).resolve(
  "@asyncapi/specs/schemas/3.0.0-without-$id.json",
);

const faultsOf = (document: unknown) => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const check = ajv.compile(JSON.parse(readFileSync(SCHEMA, "utf8")));
  return check(document)
    ? []
    : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

/** All references within a document. */
const referencesIn = (document: unknown): readonly string[] =>
  [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].flatMap(([, to]) => to ?? []);

describe("the AsyncAPI document", () => {
  const document = asyncDocumentOf("1.2.3");

  test("is as AsyncAPI 3.0 has it, and the judge refuses one that is not", () => {
    assert.deepEqual(faultsOf(document), []);
    const { info: _, ...rest } = document;
    assert.notDeepEqual(faultsOf(rest), []);
    assert.notDeepEqual(faultsOf({ ...document, operations: { x: { action: "take" } } }), []);
  });

  test("refers to nothing that it does not have", () => {
    for (const reference of referencesIn(document)) {
      const found = reference.split("/").reduce<unknown>(
        (within, name) => (within as Record<string, unknown> | undefined)?.[name],
        document,
      );
      assert.notEqual(found, undefined, reference);
    }
  });

  test("has every type in both channels, those of webhooks with their headers", () => {
    for (const { messages } of Object.values(document.channels)) {
      assert.deepEqual(Object.keys(messages), PUBLISHED_NAMES);
    }
    const webhooks = Object.entries(document.components.messages)
      .filter(([name]) => PUBLISHED_NAMES.some((type) => name === `webhook.${type}`));
    assert.equal(webhooks.length, PUBLISHED_NAMES.length);
    for (const [name, message] of webhooks) assert.ok("headers" in message, name);
    assert.deepEqual(document.components.schemas["webhook.headers"].required, [
      "webhook-id",
      "webhook-timestamp",
      "webhook-signature",
    ]);
  });
});

describe("the example of each published event", () => {
  const { webhooks } = documentOf(APIS.ledger, "1.2.3");

  for (const type of PUBLISHED_NAMES) {
    const example = EXAMPLES[type];

    test(`${type} is as its schema says, and as both documents do`, () => {
      assert.deepEqual(v.parse(PUBLISHED[type].data, example.data), example.data);
      assert.deepEqual(eventFaults(example), []);
      assert.notDeepEqual(eventFaults({ ...example, id: "x" } as typeof example), []);
      const { post } = (webhooks ?? {})[type] as {
        readonly post: { readonly requestBody: { readonly content: Content } };
      };
      const { schema, example: shown } = post.requestBody.content["application/json"];
      assert.deepEqual(shown, example);
      const ajv = new Ajv2020({ strict: false });
      addFormats.default(ajv);
      const check = ajv.compile(schema);
      assert.ok(check(example), JSON.stringify(check.errors));
      // A member that comes later breaks no receiver; one that is missing is noticed.
      const further = { ...example, data: { ...example.data, more: 1 }, more: 1 };
      assert.ok(check(further) && eventFaults(further).length === 0);
      assert.ok(!check({ ...example, subject: undefined }));
    });
  }

  test("is one of each type that is in the document of the ledger, and of no other", () => {
    assert.deepEqual(Object.keys(webhooks ?? {}), PUBLISHED_NAMES);
    assert.equal(documentOf(APIS.speko, "1.2.3").webhooks, undefined);
  });
});

type Content = {
  readonly "application/json": { readonly schema: object; readonly example: unknown };
};
