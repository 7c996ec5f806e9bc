/** What is said of input that does not fit is ours, whatever messages valibot has. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as v from "valibot";
import { openTelnyxCarrier } from "../../adapters/carrier/telnyx/mod.ts";
import * as telnyx from "../../adapters/carrier/telnyx/options.ts";
import * as args from "../../adapters/ledger/arguments/mod.ts";
import * as numberCalls from "../../adapters/ledger/calls/number-calls.ts";
import * as lists from "../../adapters/ledger/arguments/lists.ts";
import * as search from "../../adapters/ledger/arguments/search.ts";
import * as options from "../../adapters/runtimes/library/options.ts";
import * as settings from "../../adapters/runtimes/library/settings.ts";
import { readSettings } from "../../adapters/runtimes/server/settings.ts";
import { PARTS, SETTINGS } from "../../adapters/runtimes/server/settings-table.ts";
import { NOUNS } from "../../adapters/validation/issue.ts";
import * as app from "../../http/app-options.ts";
import { ADMIN_TOKEN, openTestApp } from "../support/app.ts";

const GARBAGE = "Invalid garbage";

/** Every kind of schema, and of check, that valibot lets a program give a message. */
const TARGETS = [
  v.string,
  v.number,
  v.boolean,
  v.array,
  v.object,
  v.strictObject,
  v.looseObject,
  v.record,
  v.picklist,
  v.literal,
  v.union,
  v.variant,
  v.custom,
  v.function,
  v.check,
  v.regex,
  v.url,
  v.minValue,
  v.maxValue,
  v.maxLength,
  v.safeInteger,
] as const;

/** Runs this while the program's messages, of each sort that valibot has, are garbage. */
const withGarbage = async <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
  v.setGlobalMessage(GARBAGE);
  v.setSchemaMessage(GARBAGE);
  for (const target of TARGETS) v.setSpecificMessage(target as typeof v.string, GARBAGE);
  try {
    return await run();
  } finally {
    v.deleteGlobalMessage();
    v.deleteSchemaMessage();
    for (const target of TARGETS) v.deleteSpecificMessage(target as typeof v.string);
  }
};

const opened = openTestApp();
const token = await opened.organization("acme");
after(() => opened.close());

const ODD = [null, 7, "", "x", [], {}, { kind: "x" }, [7], ["x"], true];

/** Bodies whose members are all odd in one way, and one without any. */
const bodiesOf = (members: readonly string[]): readonly unknown[] => [
  {},
  ...ODD,
  ...ODD.map((odd) => Object.fromEntries(members.map((name) => [name, odd]))),
];

const ROUTES: readonly (readonly [string, string, readonly string[]])[] = [
  ["POST", "/api/phone-numbers/search", ["filters"]],
  ["POST", "/api/phone-numbers/purchase", ["phoneNumber", "teamId"]],
  ["POST", "/v1/phone-numbers", [
    "e164",
    "sipTrunkId",
    "label",
    "agentId",
    "country",
    "numberType",
  ]],
  ["PUT", "/api/agents/a/calling", ["direction", "phone_number_ids"]],
  ["POST", "/v1/kyb/submissions", [
    "businessProfile",
    "authorizedRepresentative",
    "attestationAccepted",
  ]],
  ["PATCH", "/ledger/numbers/ph_1", ["direction", "autoRenewal", "smsCampaign", "template"]],
  ["PUT", "/admin/organizations/b", ["name", "plan"]],
  ["POST", "/admin/organizations/acme/tokens", ["email", "name", "sandbox"]],
  ["POST", "/admin/organizations/acme/credits", ["amount"]],
  ["PUT", "/admin/organizations/acme/sip-connections/c", ["providerName", "trunkId", "ready"]],
  ["POST", "/admin/reconciliations", ["carrier", "other"]],
  ["POST", "/admin/clock/advance", ["seconds"]],
];

const wire = async (): Promise<readonly string[]> => {
  const answers: string[] = [];
  for (const [method, path, members] of ROUTES) {
    const bearer = path.startsWith("/admin") ? ADMIN_TOKEN : token;
    for (const body of bodiesOf(members)) {
      const { status, json } = await opened.request(method, path, { token: bearer, body });
      if (status === 400 || status === 422) answers.push(`${path} ${JSON.stringify(json)}`);
    }
  }
  return answers;
};

const CALLER = { organization: "acme", actor: { kind: "operator" } };

/** The sentences of the ledger's calls and of its options, and of settings. */
const library = async (): Promise<readonly string[]> => {
  const said: string[] = [];
  const note = async (call: () => unknown): Promise<void> => {
    try {
      said.push(JSON.stringify(await call()));
    } catch (error) {
      said.push(String(error));
    }
  };
  const { ledger } = opened;
  const calls: Readonly<Record<string, unknown>> = { ...ledger };
  for (const name of ["search", "purchase", "importNumber", "change", "purchaseStatus"]) {
    const call = calls[name];
    if (typeof call !== "function") continue;
    for (const odd of ODD) {
      await note(() => call(odd, odd, odd));
      await note(() => call(CALLER, odd, odd));
    }
  }
  for (const odd of ODD) {
    await note(() => openTelnyxCarrier(odd as never));
    await note(() => openTelnyxCarrier({ apiKey: odd as never, limits: odd as never }));
  }
  const plan = { maxNumbers: 1, billing: "none", verification: 5, limits: {} };
  for (const odd of [plan, { ...plan, billing: "trial" }, ...ODD]) {
    await note(() => readSettings({ PLANS: JSON.stringify({ Team: odd }) }));
  }
  for (const name of ["PORT", "CARRIER", "DURABILITY", "TEST_CLOCK", "ORPHANS", "ADMIN_TOKEN"]) {
    await note(() => readSettings({ [name]: "x y" }));
  }
  return said;
};

describe("a validation message", () => {
  test("is the same on the wire whatever messages valibot has", async () => {
    const before = await wire();
    assert.ok(before.length > 100, `${before.length}`);
    assert.deepEqual(await withGarbage(wire), before);
    assert.doesNotMatch(before.join("\n"), /Invalid [a-z]+: Expected|is invalid\.?"/);
  });

  test("is the same in the library whatever messages valibot has", async () => {
    const before = await library();
    assert.ok(before.length > 50, `${before.length}`);
    assert.deepEqual(await withGarbage(library), before);
    assert.doesNotMatch(before.join("\n"), /Invalid [a-z]+: Expected|Invalid garbage/);
  });
});

type Node = {
  readonly kind: string;
  readonly type: string;
  readonly message?: unknown;
  readonly wrapped?: Node;
  readonly item?: Node;
  readonly key?: Node | string;
  readonly value?: Node;
  readonly entries?: Readonly<Record<string, Node>>;
  readonly options?: readonly unknown[];
  readonly pipe?: readonly Node[];
};

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "kind" in value && "type" in value &&
  "~run" in value;

/** Schemas that have no issues of their own. */
const SILENT = new Set([
  "optional",
  "exact_optional",
  "nullable",
  "nullish",
  "undefinedable",
  "unknown",
  "lazy",
]);

/** What could say something in valibot's words, by its path. */
const mute = (node: Node, path: string): readonly string[] => {
  const { kind, type, message, wrapped, item, key, value, entries = {} } = node;
  const inner: readonly (readonly [string, unknown])[] = [
    ["wrapped", wrapped],
    ["item", item],
    ["key", key],
    ["value", value],
    ...Object.entries(entries),
    ...(node.options ?? []).map((option, at) => [`${at}`, option] as const),
    ...(node.pipe ?? []).slice(1).map((part, at) => [`pipe ${at} ${part.type}`, part] as const),
  ];
  const speaks = kind === "transformation" || SILENT.has(type) || NOUNS.has(type) ||
    message !== undefined;
  return [
    ...(speaks ? [] : [`${path}: ${type}`]),
    ...inner.flatMap(([name, part]) => isNode(part) ? mute(part, `${path}.${name}`) : []),
  ];
};

const HTTP = fileURLToPath(new URL("../../http/", import.meta.url));

/** Schemas of answers say nothing to callers. */
const IS_OF_ANSWERS = /(?:^|\/)(?:[\w-]*answers?|[\w-]*operations)\.ts$|^openapi\//;

/** What the modules of the HTTP layer export that have schemas, by their paths. */
const wireModules = async (): Promise<Readonly<Record<string, object>>> => {
  const paths = readdirSync(HTTP, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !IS_OF_ANSWERS.test(path))
    .filter((path) => readFileSync(join(HTTP, path), "utf8").includes('from "valibot"'));
  const modules = await Promise.all(
    paths.map(async (path) => [path, await import(pathToFileURL(join(HTTP, path)).href)] as const),
  );
  return Object.fromEntries(modules);
};

test("every schema of arguments, options and bodies has its own words, or a plain noun", async () => {
  const modules: Readonly<Record<string, object>> = {
    ...await wireModules(),
    args,
    numberCalls,
    lists,
    search,
    options,
    settings,
    telnyx,
    app: { ...app.ENTRIES },
    parts: PARTS,
    variables: Object.fromEntries(
      Object.values(SETTINGS).map(({ variable, text }) => [variable, text]),
    ),
  };
  const schemas = Object.entries(modules).flatMap(([module, exports]) =>
    Object.entries(exports).flatMap(([name, schema]) =>
      isNode(schema) ? [[`${module}.${name}`, schema] as const] : []
    )
  );
  assert.ok(schemas.length > 90, `${schemas.length}`);
  assert.deepEqual(schemas.flatMap(([path, schema]) => mute(schema, path)), []);
  assert.deepEqual(mute(v.object({ a: v.picklist(["b"]) }) as unknown as Node, "planted"), [
    "planted.a: picklist",
  ]);
});
