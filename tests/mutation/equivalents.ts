/**
 * Mutants that no test can kill, since the code does the same with them. Reviewed one by one; an
 * entry that is no longer a mutant of the code fails `mutation.node.test.ts`.
 */
import { type Change, keyOf } from "./mutants.ts";
import type { PartName } from "./parts.ts";

type Equivalent = Change & { readonly part: PartName; readonly because: string };

export const EQUIVALENTS: readonly Equivalent[] = [
  {
    part: "core",
    file: "core/number/view.ts",
    source: ".sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))",
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
];

const KEYS = new Set(EQUIVALENTS.map(keyOf));

/** The compiler proves that this branch is never taken: `unreachable` takes no value at all. */
const UNREACHABLE = /^default: return unreachable\([\w.]+\);$/;

/** Whether a mutant is known to change nothing. */
export const isEquivalent = (mutant: Change): boolean =>
  KEYS.has(keyOf(mutant)) || UNREACHABLE.test(mutant.original);
