/** What schemas say of values that do not fit, and what is thrown where the code is at fault. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { CarrierNameSchema } from "../../core/events/number.ts";
import { toDraft } from "../../core/events/vocabulary.ts";
import { State } from "../../core/log/state.ts";
import { numbers } from "../../core/number/state.ts";
import { type Command, needsOf } from "../../core/registry/commands.ts";
import { E164Schema } from "../../core/values/e164.ts";
import { at, stateAfter } from "../harness/specification.ts";
import { E164_1, opened, PN, requested } from "../harness/story/mod.ts";
import { kindOf, oneOf, only } from "../../core/values/choice.ts";
import { CountrySchema, IdSchema, NumberCountrySchema } from "../../adapters/validation/values.ts";

const messageOf = (schema: v.GenericSchema<unknown, unknown>, value: unknown): string | null =>
  v.safeParse(schema, value).issues?.[0].message ?? null;

test("a value that does not fit is told what it must be", () => {
  const country = "must be an ISO 3166-1 alpha-2 country code, such as US";
  const e164 = "must be a phone number in E.164 form, such as +14155550101";
  const id = "must be an id of 1 to 200 printable characters";
  const carrier = "must be 1 to 32 lower-case letters, digits, - and _, a letter first";
  const cases: readonly (readonly [v.GenericSchema<unknown, unknown>, unknown, string | null])[] = [
    [CountrySchema, "us", null],
    [CountrySchema, "USA", country],
    [CountrySchema, "1us", country],
    [CountrySchema, "XX", country],
    [CountrySchema, 1, "must be a string"],
    [NumberCountrySchema, "de", null],
    [NumberCountrySchema, "ZZ", country],
    [E164Schema, E164_1, null],
    [E164Schema, "14155550101", e164],
    [E164Schema, 14155550101, e164],
    [IdSchema, "a".repeat(200), null],
    [IdSchema, "a".repeat(201), id],
    [IdSchema, "", id],
    [IdSchema, "a\nb", id],
    [IdSchema, "a\u007f", id],
    [IdSchema, "\ud800", id],
    [CarrierNameSchema, "a".repeat(32), null],
    [CarrierNameSchema, "my_carrier-2", null],
    [CarrierNameSchema, "a".repeat(33), carrier],
    [CarrierNameSchema, "2nd", carrier],
    [CarrierNameSchema, "Telnyx", carrier],
    [CarrierNameSchema, "-telnyx", carrier],
    [CarrierNameSchema, "telnyx!", carrier],
  ];
  for (const [schema, value, message] of cases) {
    assert.equal(messageOf(schema, value), message, JSON.stringify(value));
  }
});

test("what no handler and no schema knows is thrown by its name", () => {
  const command = { type: "toString" } as unknown as Command;
  assert.throws(() => needsOf(command, 0), new TypeError("There is no command toString"));
  const event = { type: "toString", data: {} } as unknown as Parameters<typeof toDraft>[0];
  assert.throws(() => toDraft(event), new TypeError("There is no event toString"));
  const template = requested({ template: [] as never });
  assert.throws(() => toDraft(template), {
    message: "A new PurchaseRequested does not fit its schema at template: must be a JSON object",
  });
  assert.throws(() => toDraft({ type: "PlanChanged", data: null } as never), {
    message:
      /^A new PlanChanged does not fit its schema at its top level: Invalid type: Expected Object/,
  });
});

test("a decision reads just what it asked for: rows, all rows of a kind, and claims", () => {
  const { head } = stateAfter(at("2026-01-31T12:00:00Z", opened()));
  const free = { key: E164_1, e164: E164_1, organization: "acme", holder: PN } as const;
  const snapshot = { head, rows: [], claims: [free] } as const;
  const needs = {
    rows: [{ kind: "number", key: PN }],
    kinds: ["token"],
    claims: [E164_1, "import:+14155550101"],
  } as const;
  const state = State.of(snapshot as never, needs as never);
  assert.equal(state.covers(needs as never), true);
  assert.equal(state.covers({}), true);
  assert.equal(state.covers({ rows: [{ kind: "token", key: "any" }] }), true);
  assert.equal(state.covers({ rows: [{ kind: "number", key: "pn_2" }] }), false);
  assert.equal(state.covers({ kinds: ["number"] }), false);
  assert.equal(state.covers({ claims: ["sandbox:+14155550101"] as never }), false);
  assert.equal(state.get(numbers, PN), undefined);
  assert.deepEqual(state.claimOn(E164_1 as never), free);
  assert.equal(state.claimOn("import:+14155550101" as never), null);
  assert.deepEqual(state.claims, [free]);
  assert.throws(() => state.get(numbers, "pn_2"), {
    message: "A decision reads number pn_2 without having asked for it",
  });
  assert.throws(() => state.all(numbers), {
    message: "A decision reads all of number without having asked for it",
  });
  assert.throws(() => state.claimOn("sandbox:+14155550101" as never), {
    message: "A decision reads the claim on sandbox:+14155550101 without having asked for it",
  });
  const empty = State.empty();
  assert.equal(empty.covers({ kinds: ["number"], claims: [E164_1] as never }), true);
  assert.deepEqual([empty.claimOn(E164_1 as never), empty.claims], [null, []]);
});

test("choice says which values it accepts, that one is missing, or that it is not an object", () => {
  const said = (schema: v.GenericSchema, input: unknown) =>
    v.safeParse(schema, input).issues?.map(({ message }) => message);
  const kinds = kindOf("kind", [
    v.object({ kind: v.literal("a") }),
    v.object({ kind: v.picklist(["b", "c"]) }),
  ]);
  assert.deepEqual(said(kinds, { kind: "a" }), undefined);
  assert.deepEqual(said(kinds, { kind: "d" }), ['must be "a" or "b" or "c"']);
  assert.deepEqual(said(kinds, {}), ["is required"]);
  assert.deepEqual(said(kinds, "a"), ["must be an object"]);
  assert.deepEqual(said(kinds, undefined), ["is required"]);
  assert.deepEqual(said(oneOf(["x", "y"]), "z"), ['must be "x" or "y"']);
  assert.deepEqual(said(only(1), 2), ["must be 1"]);
  assert.deepEqual(said(only(1), undefined), ["is required"]);
});
