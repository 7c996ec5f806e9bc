/** The OpenAPI documents have every call, and are true to what reads requests. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { ALICE } from "../../harness/specification.ts";
import * as v from "valibot";
import type { Call } from "../../../http/dialect.ts";
import * as errors from "../../../http/errors.ts";
import * as listenerErrors from "../../../http/listener-errors.ts";
import { APIS } from "../../../http/openapi/apis.ts";
import { documentOf, operationKey } from "../../../http/openapi/document.ts";
import { isWriting } from "../../../http/writing.ts";
import { failed } from "../../../core/values/result.ts";
import { openDocument } from "../../support/openapi.ts";

const refused = failed({ status: 400, code: "VALIDATION_ERROR", message: "It is recorded." });

/** What the handler of a route reads, before it asks the ledger anything. */
const readBy = async (handle: (call: Call) => Promise<unknown>) => {
  const read: { body?: unknown; query?: unknown; isOptional?: boolean } = {};
  const call = {
    ledger: new Proxy({}, {
      get: () => {
        throw new Error("nothing is read");
      },
    }),
    caller: { organization: "acme", actor: ALICE },
    language: "en",
    headers: new Headers(),
    param: () => "+14155550101",
    isHead: false,
    body: (schema: unknown) => {
      read.body = schema;
      return Promise.resolve(refused);
    },
    optionalBody: (schema: unknown) => {
      [read.body, read.isOptional] = [schema, true];
      return Promise.resolve(refused);
    },
    checkedQuery: (schema: unknown) => {
      read.query = schema;
      return refused;
    },
  };
  await Promise.resolve().then(() => handle(call as unknown as Call)).catch(() => {});
  return read;
};

const WIRE = readFileSync(new URL("../../../http/README.md", import.meta.url), "utf8");
const ORDER = /## In which order a request is checked\n(.*?)\nEvery answer/s.exec(WIRE)?.[1] ?? "";

/** The statuses of what is wrong with a request itself, be it found by the listener or after it. */
const CHECKED = [...new Set(ORDER.match(/\b[45]\d\d\b/g))].map(Number);

test("http/README.md says in its order of checks what all refusals of the frame answer", () => {
  const failures = [...Object.values(errors), ...Object.values(listenerErrors)].flatMap((one) =>
    typeof one === "object" && "status" in one ? [one.status] : []
  );
  assert.ok(failures.includes(431) && failures.includes(414));
  const further = new Set(failures.filter((status) => !CHECKED.includes(status)));
  // A bug, which no check finds.
  assert.deepEqual([...further], [500]);
});

for (const [name, api] of Object.entries(APIS)) {
  describe(`the document of ${name}`, () => {
    const document = documentOf(api, "1.2.3");

    test("has every call, and no other", () => {
      const routes = api.routes.map(operationKey).toSorted();
      assert.deepEqual(Object.keys(api.operations).toSorted(), routes);
    });

    test("names each of its calls once", () => {
      const ids = Object.values(api.operations).map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
    });

    for (const route of api.routes) {
      const operation = api.operations[operationKey(route)];
      test(`describes what ${operationKey(route)} reads by the schema that reads it`, async () => {
        const { body, query, isOptional } = await readBy(route.handle);
        assert.equal(operation?.body, body);
        assert.equal(operation?.query, query);
        assert.equal(operation?.isBodyOptional, isOptional);
      });
    }

    test("has keys and replays of what writes alone, and limits of what is counted", () => {
      type Described = {
        readonly parameters: readonly { readonly $ref?: string }[];
        readonly responses: Readonly<Record<string, { readonly headers: object }>>;
      };
      for (const route of api.routes) {
        const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
        const described = document.paths[path]?.[route.method.toLowerCase()] as Described;
        const takesKey = described.parameters.some(({ $ref = "" }) => $ref.endsWith("-Key"));
        const writes = isWriting(route);
        assert.equal(takesKey, writes, path);
        for (const [status, { headers }] of Object.entries(described.responses)) {
          const isUnread = ["414", "417", "431"].includes(status);
          const isKnown = status !== "401" && !isUnread;
          assert.equal("Idempotency-Replayed" in headers, isKnown && writes, path);
          assert.equal("RateLimit" in headers, isKnown && name !== "admin", path);
          assert.equal("WWW-Authenticate" in headers, status === "401", path);
        }
      }
    });

    test("has an example of each answer, that is as its schema says", () => {
      for (const [key, { answers }] of Object.entries(api.operations)) {
        for (const { schema, example } of Object.values(answers)) {
          if (schema === null) continue;
          assert.notEqual(example, undefined, key);
          const { issues } = v.safeParse(schema, example);
          assert.equal(issues, undefined, `${key}: ${JSON.stringify(issues?.[0]?.message)}`);
        }
      }
    });

    test("has an example of each body, that is read, and that is as the document says", () => {
      const checks = openDocument(document);
      for (const route of api.routes) {
        const key = operationKey(route);
        const { body, bodyExample } = api.operations[key] ?? {};
        if (body === undefined) continue;
        assert.ok(v.safeParse(body, bodyExample).success, key);
        const url = route.path.replaceAll(/:\w+/g, "x");
        assert.deepEqual(checks.bodyFaults(route.method, url, bodyExample), [], key);
      }
    });
  });
}

for (const [name, api] of Object.entries(APIS)) {
  describe(`the answers in the document of ${name}`, () => {
    const document = documentOf(api, "1.2.3");

    test("has each status that a request is refused with, in whichever step it is checked", () => {
      // For another method there is another call, or none.
      for (const route of api.routes) {
        const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
        const described = document.paths[path]?.[route.method.toLowerCase()];
        const { responses } = described as {
          readonly responses: Readonly<Record<string, unknown>>;
        };
        const [writes, hasBody] = [isWriting(route), route.method.startsWith("P")];
        const expected = CHECKED.filter((status) =>
          status !== 405 &&
          (status !== 403 || writes && api.hasScopes) &&
          (status !== 409 || writes) &&
          (status !== 422 || writes || api.invalid === 422) &&
          (status !== 415 || hasBody)
        );
        const missing = expected.filter((status) => responses[status] === undefined);
        assert.deepEqual(missing, [], operationKey(route));
      }
    });
  });
}
