/** Speko's dialect against its OpenAPI document: every request that it allows is accepted. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { SIP } from "../support/app.ts";
import { readDocument } from "./openapi/document.ts";
import { bodyOf, searchQuery } from "./openapi/requests.ts";
import { CALLS, type Schema, SCHEMAS } from "./openapi/schemas.ts";
import { assertDocumented, faults } from "./openapi/validator.ts";
import { BASE, buy, spekoCall, withSpeko } from "./speko-support.ts";
import { runs } from "../support/runs.ts";

const RUNS = runs(60);

test("the schemas that are written down here are the document's", (context) => {
  const document = readDocument();
  if (document === null) return context.diagnostic("the document is not beside the project");
  assert.deepEqual(SCHEMAS, document.schemas);
  assert.deepEqual(CALLS, document.calls);
});

const schemaOf = (name: string): Schema => {
  const body = CALLS[name]?.body;
  assert.ok(body, `${name} takes no body`);
  return body;
};

/** Codes by which the domain refuses, depending on earlier calls, what the document allows. */
const REFUSED = new Set([
  "NUMBER_NOT_AVAILABLE",
  "NUMBER_ALREADY_OWNED",
  "NUMBER_ALREADY_YOURS",
  "PHONE_NUMBER_PROVISIONING_IN_PROGRESS",
  "CARRIER_ERROR",
  "VERIFICATION_LOCKED",
]);

const assertTaken = (answer: { readonly status: number; readonly json: unknown }): void => {
  if (answer.status < 300) return;
  const { code } = answer.json as { readonly code: string };
  assert.ok(REFUSED.has(code), `${answer.status}: ${JSON.stringify(answer.json)}`);
};

/** Fails unless the call takes any body that its schema allows. */
const takesAny = (
  name: string,
  { path, also = {} }: { readonly path: string; readonly also?: object },
): Promise<void> =>
  withSpeko(async ({ app, call }) => {
    const { id } = await buy(call, "+14155550101");
    const [method = ""] = name.split(" ");
    const schema = schemaOf(name);
    let organizations = 1;
    await fc.assert(
      fc.asyncProperty(bodyOf(schema), async (drawn) => {
        const body = { ...drawn, ...also };
        assert.deepEqual(faults(body, schema), [], "the body is drawn wrong");
        const by = path.startsWith("/kyb")
          ? spekoCall(app, await app.organization(`org_${++organizations}`))
          : call;
        const answer = await by(method, path.replace("{id}", id), body);
        assertTaken(answer);
        assertDocumented(method, `${BASE}${path}`, answer);
      }),
      { numRuns: RUNS },
    );
  }, { plan: "Scale" });

describe("a request that the document allows is taken:", () => {
  test("a purchase", () => takesAny("POST /v1/phone-numbers", { path: "" }));
  test("an import over an installation", () =>
    takesAny("POST /v1/phone-numbers/import", {
      path: "/import",
      also: { sipConnectionInstallationId: SIP.id },
    }));
  test("a change of a number", () => takesAny("PATCH /v1/phone-numbers/{id}", { path: "/{id}" }));
  test("a draft of a verification", () =>
    takesAny("PUT /v1/phone-numbers/kyb/draft", { path: "/kyb/draft" }));
  test("a submission", () =>
    takesAny("POST /v1/phone-numbers/kyb/submit", { path: "/kyb/submit" }));
  test("a search", () =>
    withSpeko(({ call }) =>
      fc.assert(
        fc.asyncProperty(searchQuery, async (query) => {
          assertTaken(await call("GET", `/available?${query}`));
        }),
        { numRuns: RUNS },
      )
    ));
});
