/**
 * Checks Speko's answers against its OpenAPI document with Ajv, since its strict mode refuses a
 * schema that it does not fully understand: a misspelt keyword would let everything pass.
 */
import assert from "node:assert/strict";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { CALLS, CREDIT_CALLS, type DocumentedCall, type Schema, SCHEMAS } from "./schemas.ts";

/**
 * Members that are null where they have no value, though the document's schema does not say so. In
 * the contract every member is always present. Speko's client library has `submission` nullable
 * too.
 */
export const NULL_AS_WELL: Readonly<Record<string, readonly string[]>> = {
  // An imported number is never charged, and one that ends has no next charge.
  PhoneNumber: ["nextChargeAt"],
  // Null until one has been drafted.
  PhoneNumberKybOverview: ["submission"],
  // Optional; null means that it is absent.
  PhoneNumberKybBusinessProfile: ["registrationId"],
  PhoneNumberKybAuthorizedRepresentative: ["phone"],
};

/**
 * Further members that are null where we accept more than the document allows: incomplete drafts,
 * and international e-mail addresses, which the answers then repeat.
 */
const BEYOND: Readonly<Record<string, readonly string[]>> = {
  ...NULL_AS_WELL,
  PhoneNumberKybBusinessProfile: Object.keys(
    SCHEMAS["PhoneNumberKybBusinessProfile"]?.properties ?? {},
  ),
  PhoneNumberKybAuthorizedRepresentative: Object.keys(
    SCHEMAS["PhoneNumberKybAuthorizedRepresentative"]?.properties ?? {},
  ),
};

/** The schema for Ajv: JSON Schema has no `nullable`, but types and lists of them. */
const standard = (schema: Schema, mayBeNull: readonly string[] = []): object => {
  const { $ref, nullable, properties, items, allOf, ...rest } = schema;
  return {
    ...rest,
    ...($ref && { $ref: $ref.slice($ref.lastIndexOf("/") + 1) }),
    ...(nullable && { type: [rest.type, "null"] }),
    ...(items && { items: standard(items) }),
    ...(allOf && { allOf: allOf.map((each) => standard(each)) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, member]) => [
          name,
          mayBeNull.includes(name)
            ? { anyOf: [standard(member), { type: "null" }] }
            : standard(member),
        ]),
      ),
    }),
  };
};

const open = (
  mayBeNull: Readonly<Record<string, readonly string[]>>,
  anyText: readonly string[] = [],
) => {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  addFormats.default(ajv);
  for (const format of anyText) ajv.addFormat(format, true);
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    ajv.addSchema(standard(schema, mayBeNull[name]), name);
  }
  const known = new Map<Schema, ValidateFunction>();
  return (schema: Schema): ValidateFunction => {
    const before = known.get(schema);
    if (before !== undefined) return before;
    const made = ajv.compile(standard(schema));
    known.set(schema, made);
    return made;
  };
};

const strictly = open(NULL_AS_WELL);
const leniently = open(BEYOND, ["email", "uri"]);

/** Why a value does not fit a schema, one line each. */
export const faults = (value: unknown, schema: Schema, wentBeyond = false): readonly string[] => {
  const validate = (wentBeyond ? leniently : strictly)(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) =>
    `${instancePath || "the answer"} ${message}`
  );
};

const ALL: Readonly<Record<string, DocumentedCall>> = { ...CALLS, ...CREDIT_CALLS };

/**
 * The documented name of a call, such as `GET /v1/phone-numbers/{id}`; undefined if there is none.
 */
export const callNamed = (method: string, path: string): string | undefined => {
  const { pathname } = new URL(path, "http://localhost");
  return Object.keys(ALL).find((name) => {
    const pattern = name.replace(/[{]\w+[}]/, "[^/]+");
    return new RegExp(`^${pattern}$`).test(`${method} ${pathname}`);
  });
};

const ERROR: Schema = { $ref: "#/components/schemas/Error" };

/** Fails unless an answer fits Speko's document for the call, or for a failure. */
export const assertDocumented = (
  method: string,
  path: string,
  { status, json }: { readonly status: number; readonly json: unknown },
  wentBeyond = false,
): void => {
  const name = callNamed(method, path);
  if (status >= 400 || name === undefined) {
    assert.ok(status >= 400, `${method} ${path} went well, and is not documented`);
    assert.deepEqual(faults(json, ERROR), [], `${method} ${path}: ${status}`);
    return;
  }
  const call = ALL[name];
  assert.ok(call !== undefined);
  const found = faults(json, call.answer, wentBeyond);
  assert.deepEqual(found, [], `${name}: ${JSON.stringify(json)}`);
};
