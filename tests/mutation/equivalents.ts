/**
 * Mutants that no test can kill, since the code does the same with them. Reviewed one by one; an
 * entry that is no longer a mutant of the code fails `mutation.node.test.ts`.
 */
import { ENGINE_EQUIVALENTS } from "./engine-equivalents.ts";
import { type Change, keyOf } from "./mutants.ts";
import type { PartName } from "./parts.ts";
import { SQL_EQUIVALENTS } from "./sql-equivalents.ts";

type Equivalent = Change & { readonly part: PartName; readonly because: string };

export const EQUIVALENTS: readonly Equivalent[] = [
  {
    part: "core",
    file: "core/number/view.ts",
    source: ".sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));",
    original: "a.id < b.id",
    replacement: "a.id <= b.id",
    because: "no two numbers have one id",
  },
  {
    part: "core",
    file: "core/organization/requirement-groups.ts",
    source:
      "a.country === b.country ? (a.type < b.type ? -1 : 1) : a.country < b.country ? -1 : 1;",
    original: "a.type < b.type",
    replacement: "a.type <= b.type",
    because: "there is one group for each country and type",
  },
  {
    part: "core",
    file: "core/number/decisions/release.ts",
    source: "decide: (state, { holding, why, cancelling = [] }, context) => {",
    original: "[]",
    replacement: '["Stryker was here"]',
    because: "no carrier has this name",
  },
  {
    part: "core",
    file: "core/reconciliation/compare.ts",
    source: "const origin = orderKey === null ? undefined : circumstances.origins.get(orderKey);",
    original: "orderKey === null",
    replacement: "false",
    because: "no origin has the key null",
  },
  {
    part: "core",
    file: "core/log/state.ts",
    source: "else if (next !== row) rows.set(key, next);",
    original: "next !== row",
    replacement: "true",
    because: "the row that is there is put in its own place",
  },
  {
    part: "core",
    file: "core/billing/credits.ts",
    source: ".sort((a, b) => a.stage.term.endsAt - b.stage.term.endsAt || (a.id < b.id ? -1 : 1));",
    original: "a.id < b.id",
    replacement: "a.id <= b.id",
    because: "no two numbers have one id",
  },
  {
    part: "core",
    file: "core/verification/decisions.ts",
    source: ".toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))[0];",
    original: "a.id < b.id",
    replacement: "a.id <= b.id",
    because: "no two submissions have one id",
  },
  {
    part: "core",
    file: "core/events/exact-match.ts",
    source: "picklist: ({ options }) => (value) => options.includes(value),",
    original: "({ options }) => (value) => options.includes(value)",
    replacement: "() => undefined",
    because: "valibot is asked then, and gives the same answer; it saves time",
  },
  {
    part: "core",
    file: "core/events/exact-match.ts",
    source: "custom: ({ check }) => check,",
    original: "({ check }) => check",
    replacement: "() => undefined",
    because: "valibot is asked then, and gives the same answer; it saves time",
  },
  {
    part: "core",
    file: "core/events/exact-match.ts",
    source: 'string: () => (value) => typeof value === "string",',
    original: '() => (value) => typeof value === "string"',
    replacement: "() => undefined",
    because: "valibot is asked then, and gives the same answer; it saves time",
  },
  {
    part: "core",
    file: "core/events/definition.ts",
    source: "const parsed = v.safeParse(schema, data, { abortEarly: true });",
    original: "{ abortEarly: true }",
    replacement: "{}",
    because: "only the first fault is said; it saves time",
  },
  {
    part: "core",
    file: "core/events/definition.ts",
    source: "const parsed = v.safeParse(schema, data, { abortEarly: true });",
    original: "true",
    replacement: "false",
    because: "only the first fault is said; it saves time",
  },
  {
    part: "core",
    file: "core/log/state.ts",
    source: "if (keys.length === 0) continue;",
    original: "keys.length === 0",
    replacement: "false",
    because: "what follows does nothing without keys; it saves time",
  },
  {
    part: "core",
    file: "core/number/decisions/release.ts",
    source: '? [requested, ...beginRelease({ ...number, releaseRequest: request }, "byUser")]',
    original: '"byUser"',
    replacement: '""',
    because: "the end of a failed purchase says no reason",
  },
  {
    part: "core",
    file: "core/number/decisions/renewal.ts",
    source: 'if (number?.source !== "managed" || organization === undefined) return unknownNumber;',
    original: "organization === undefined",
    replacement: "false",
    because: "a number's first event begins the organization's row too",
  },
  {
    part: "core",
    file: "core/verification/decisions.ts",
    source:
      "if (organization === undefined || submission === undefined) return unknownVerification;",
    original: "organization === undefined",
    replacement: "false",
    because: "a submission's first event begins the organization's row too",
  },
  {
    part: "core",
    file: "core/number/view.ts",
    source:
      "assistantName: holding.assistant === null ? null : names.get(holding.assistant) ?? null,",
    original: "holding.assistant === null",
    replacement: "false",
    because: "no assistant has the id null",
  },
  {
    part: "core",
    file: "core/organization/requirement-groups.ts",
    source: ': unfitNewId("The requirement group\'s id", group, () => false);',
    original: "() => false",
    replacement: "() => undefined",
    because: "both are false",
  },
  {
    part: "core",
    file: "core/organization/tally.ts",
    source: 'const [, at] = recent.shift() ?? ["", now];',
    original: '["", now]',
    replacement: "[]",
    because: "the list is not empty; the type does not say so",
  },
  {
    part: "core",
    file: "core/organization/tally.ts",
    source: 'const [, at] = recent.shift() ?? ["", now];',
    original: '""',
    replacement: '"Stryker was here!"',
    because: "the list is not empty; the type does not say so",
  },
  {
    part: "core",
    file: "core/registry/subjects.ts",
    source:
      "export const subjectsOf = (type: EventType): readonly AnySubject[] => FOLDING.get(type) ?? [];",
    original: "[]",
    replacement: '["Stryker was here"]',
    because: "the map has every type of event",
  },
  {
    part: "core",
    file: "core/values/area-codes.ts",
    source: 'const [state = "", ...groups] = entry.trim().split(/\\s+/);',
    original: '""',
    replacement: '"Stryker was here!"',
    because: "a text that is split has a first part",
  },
  {
    part: "core",
    file: "core/values/calling-code.ts",
    source: 'const [code = "", ...countries] = entry.trim().split(/\\s+/);',
    original: '""',
    replacement: '"Stryker was here!"',
    because: "a text that is split has a first part",
  },
  {
    part: "core",
    file: "core/values/town.ts",
    source: 'return all.filter((_, place) => lower.indexOf(lower[place] ?? "") === place);',
    original: '""',
    replacement: '"Stryker was here!"',
    because: "both lists have the same length",
  },
  {
    part: "core",
    file: "core/values/written-number.ts",
    source: "const zero = ZEROS.find((start) => at >= start && at < start + 10);",
    original: "at < start + 10",
    replacement: "at <= start + 10",
    because: "no digit follows the nine of a script",
  },
  {
    part: "core",
    file: "core/verification/view.ts",
    source: "const submission = id === null ? undefined : state.get(verifications, id);",
    original: "id === null",
    replacement: "false",
    because: "no submission has the id null",
  },
  {
    part: "core",
    file: "core/verification/draft.ts",
    source: "const all = { ...blank };",
    original: "{ ...blank }",
    replacement: "{}",
    because: "each member is set below, in the same order",
  },
  {
    part: "core",
    file: "core/number/search.ts",
    source: "abilities: SearchAbilities = { features: [], patterns: [] },",
    original: "[]",
    replacement: '["Stryker was here"]',
    because: "no feature and no pattern has this name",
  },
  {
    part: "core",
    file: "core/number/decisions/changes.ts",
    source: ': [setAutoRenewal.decide(state, { type: "SetAutoRenewal", holding, on }, context)];',
    original: '"SetAutoRenewal"',
    replacement: '""',
    because: "the handler is called itself, and does not read the type",
  },
  ...ENGINE_EQUIVALENTS.map((change) => ({ part: "engine" as const, ...change })),
  ...SQL_EQUIVALENTS.map((change) => ({ part: "sql" as const, ...change })),
];

const KEYS = new Set(EQUIVALENTS.map(keyOf));

/** The compiler proves that this branch is never taken: `unreachable` takes no value at all. */
const UNREACHABLE = /^default: return unreachable\([\w.]+\);$/;

/** Whether a mutant is known to change nothing. */
export const isEquivalent = (mutant: Change): boolean =>
  KEYS.has(keyOf(mutant)) || UNREACHABLE.test(mutant.original);
